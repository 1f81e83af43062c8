package dev.weir.remote;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.ByteBuffer;

/// How messages and answers look on the way, version 1; big-endian, each a body of a batch, or with
/// gRPC's streams a message.
///
/// ```
///   message   0         8           16
///             +---------+-----------+------+     number: 0, 1, 2… of the session
///             | number  | confirmed | body |     confirmed: all below are answered, the peer may
///             | u64     | u64       |      |     forget their answers
///             +---------+-----------+------+
///   answer    0         8      9
///             +---------+------+------+          kind: 0 an answer, 1 a failure (UTF-8)
///             | number  | kind | body |
///             | u64     | u8   |      |
///             +---------+------+------+
/// ```
final class Envelope {
  /// Names the session where a stream is opened: u64 session, u32 buffer.
  static final String SESSION = "weir-session-bin";

  static final int SESSION_BYTES = Long.BYTES + Integer.BYTES;
  static final int MESSAGE_HEAD = 2 * Long.BYTES;
  static final int ANSWER_HEAD = Long.BYTES + 1;
  static final byte ANSWER = 0;
  static final byte FAILURE = 1;

  private Envelope() {}

  static byte[] session(long session, int buffer) {
    return ByteBuffer.allocate(SESSION_BYTES).putLong(session).putInt(buffer).array();
  }

  static byte[] message(PendingMessage message, long confirmed) {
    byte[] bytes = new byte[MESSAGE_HEAD + message.body().length()];
    ByteBuffer.wrap(bytes).putLong(message.number()).putLong(confirmed);
    message.body().copyTo(bytes, MESSAGE_HEAD);
    return bytes;
  }

  static byte[] answer(long number, byte kind, Bytes body) {
    byte[] bytes = new byte[ANSWER_HEAD + body.length()];
    ByteBuffer.wrap(bytes).putLong(number).put(kind);
    body.copyTo(bytes, ANSWER_HEAD);
    return bytes;
  }

  /// Takes the parts of a message or an answer.
  ///
  /// @throws WeirException MALFORMED when it is shorter than its head
  static ByteBuffer head(byte[] bytes, int offset, int length, int headBytes) {
    if (length < headBytes) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "A remote's message has " + length + " bytes, expected at least " + headBytes + ".");
    }
    return ByteBuffer.wrap(bytes, offset, length);
  }
}
