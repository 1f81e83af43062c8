package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The checksum of a message's frame, where it was agreed: CRC32C (RFC 3720, appendix B.4) of
/// extension block and body as they lie in the frame, but for what changes from hop to hop.
///
/// ```
///  +--------+--------+----------+-------+-------+--------+-----+------+-------+
///  | extLen | bitmap | DEADLINE | ROUTE | TOTAL | SLIMIT | ... | body | crc   |
///  |        |        | left out |       |       |left out|     |      | u32   |
///  +--------+--------+----------+-------+-------+--------+-----+------+-------+
/// ```
///
/// So a router passes it on as it came: what it damages in between is found by the next.
///
/// Owned by the connection's event loop. Allocates nothing but a view for each body that lies in a
/// buffer of others.
final class FrameCrc {
  /// Behind the body, big-endian.
  static final int BYTES = 4;

  private static final int DEADLINE_BYTES = 4;
  private static final int SLIMIT_BYTES = 4;

  private final CRC32C crc = new CRC32C();

  /// Whether a frame holds what was sent.
  boolean matches(FrameView frame) {
    ByteBuf in = frame.buffer();
    begin(in, frame.payloadIndex(), frame.extBytes(), frame.bitmap());
    add(in, frame.bodyIndex(), frame.bodyBytes());
    return value() == frame.crc();
  }

  /// Begins with an extension block, which may be empty.
  void begin(ByteBuf buffer, int index, int extBytes, int bitmap) {
    crc.reset();
    int done = 0;
    if ((bitmap & FrameExt.DEADLINE) != 0) {
      done = upTo(buffer, index, done, FrameExt.DEADLINE, bitmap) + DEADLINE_BYTES;
    }
    if ((bitmap & FrameExt.SLIMIT) != 0) {
      done = upTo(buffer, index, done, FrameExt.SLIMIT, bitmap) + SLIMIT_BYTES;
    }
    add(buffer, index + done, extBytes - done);
  }

  private int upTo(ByteBuf buffer, int index, int done, int field, int bitmap) {
    int offset = FrameExt.offsetOf(field, bitmap);
    add(buffer, index + done, offset - done);
    return offset;
  }

  /// Adds bytes of a buffer that only this loop reads by its cached view: one that is written here,
  /// or received here.
  void add(ByteBuf buffer, int index, int length) {
    if (length == 0) {
      return;
    }
    if (buffer.nioBufferCount() == 1) {
      crc.update(buffer.internalNioBuffer(index, length));
    } else {
      addShared(buffer, index, length);
    }
  }

  /// Adds bytes of any buffer.
  void addShared(ByteBuf buffer, int index, int length) {
    for (ByteBuffer part : buffer.nioBuffers(index, length)) {
      crc.update(part);
    }
  }

  int value() {
    return (int) crc.getValue();
  }
}
