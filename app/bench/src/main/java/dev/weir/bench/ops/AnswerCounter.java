package dev.weir.bench.ops;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Counts the answers in a stream of bytes, of which only lines that begin as expected have a body:
/// `$64 CRLF body CRLF` of redis, `MSG subject sid 64 CRLF body CRLF` of NATS. Other lines are
/// passed over. Owned by one thread; allocates nothing.
final class AnswerCounter {
  private final byte[] prefix;
  private final byte[] line = new byte[256];
  private int lineBytes;
  private long bodyLeft;

  /// @param prefix how the line of an answer begins; its last number is the body's length
  AnswerCounter(String prefix) {
    this.prefix = prefix.getBytes(StandardCharsets.US_ASCII);
  }

  /// Reads everything.
  ///
  /// @return how many answers were completed
  int take(ByteBuf in) {
    int complete = 0;
    while (in.isReadable()) {
      if (bodyLeft > 0) {
        int skipped = (int) Math.min(bodyLeft, in.readableBytes());
        in.skipBytes(skipped);
        bodyLeft -= skipped;
        complete += bodyLeft == 0 ? 1 : 0;
      } else {
        readLine(in);
      }
    }
    return complete;
  }

  private void readLine(ByteBuf in) {
    byte next = in.readByte();
    if (next != '\n') {
      if (lineBytes < line.length) {
        line[lineBytes++] = next;
      }
      return;
    }
    if (isAnswer()) {
      bodyLeft = lastNumber() + 2; // The body ends with CRLF as well.
    }
    lineBytes = 0;
  }

  private boolean isAnswer() {
    if (lineBytes < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (line[i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private long lastNumber() {
    long number = 0;
    long place = 1;
    for (int i = lineBytes - 1; i >= 0; i--) {
      if (line[i] == '\r') {
        continue;
      }
      if (line[i] < '0' || line[i] > '9') {
        break;
      }
      number += place * (line[i] - '0');
      place *= 10;
    }
    return number;
  }
}
