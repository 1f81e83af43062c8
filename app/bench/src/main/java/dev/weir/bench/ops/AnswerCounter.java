package dev.weir.bench.ops;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Counts the answers in a stream of bytes, of which only lines that begin as expected have a body:
/// `$64 CRLF body CRLF` of redis, `MSG subject sid 64 CRLF body CRLF` of NATS. Other lines are
/// passed over, but for the `PING` with which a server asks whether anybody is there. Owned by one
/// thread; allocates nothing.
final class AnswerCounter {
  private static final byte[] PING = "PING".getBytes(StandardCharsets.US_ASCII);

  private final byte[] prefix;
  private final byte[] line = new byte[256];
  private int lineBytes;
  private long bodyLeft;
  private int pings;

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

  /// How many times it was asked since the last call whether anybody is there.
  int takePings() {
    int taken = pings;
    pings = 0;
    return taken;
  }

  private void readLine(ByteBuf in) {
    byte next = in.readByte();
    if (next != '\n') {
      if (lineBytes < line.length) {
        line[lineBytes++] = next;
      }
      return;
    }
    if (beginsWith(prefix)) {
      bodyLeft = lastNumber() + 2; // The body ends with CRLF as well.
    } else if (beginsWith(PING)) {
      pings++;
    }
    lineBytes = 0;
  }

  private boolean beginsWith(byte[] start) {
    return lineBytes >= start.length
        && Arrays.equals(line, 0, start.length, start, 0, start.length);
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
