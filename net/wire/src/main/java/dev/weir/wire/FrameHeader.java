package dev.weir.wire;

import io.netty.buffer.ByteBuf;

/// The first 16 bytes of every frame, big-endian, each field at a fixed offset, so that a hop can
/// route, account and expire a frame without decoding what it carries.
///
/// ```
///  0               4       5       6       8               12              16
///  +-------+-------+-------+-------+-------+-------+-------+-------+-------+---+------+
///  | len           | type  | flags | climit| sid           | mid           |EXT| body |
///  +-------+-------+-------+-------+-------+-------+-------+-------+-------+---+------+
///  len     u32  bytes behind the header (EXT, body, checksum), at most the agreed maxFrame
///  type    u8   see FrameType
///  flags   u8   bit 0 END     nothing more follows from this side on the stream
///               bit 1 MORE    the message goes on in the stream's next frame of the same type
///               bit 2 EXT     an extension block stands before the body, see FrameExt
///               bit 3 ZSTD    the body of a MSG or RESP is compressed, see PackedBody; if agreed
///               bit 4 CRC     a checksum ends a MSG or RESP, see FrameCrc; if agreed
///               bit 5 ONEWAY  no reply is wanted
///               bits 6-7      priority: 0 control, 1 interactive, 2 normal, 3 bulk
///  climit  u16  the sender's connection credit for the receiver, see CreditCode
///  sid     u32  stream, odd if opened by the client, 0 for the connection
///  mid     u32  message within the stream; a reply carries that of what it answers
/// ```
final class FrameHeader {
  static final int BYTES = 16;

  static final int END = 1;
  static final int MORE = 1 << 1;
  static final int EXT = 1 << 2;
  static final int ZSTD = 1 << 3;
  static final int CRC = 1 << 4;
  static final int ONEWAY = 1 << 5;
  static final int PRIORITY_SHIFT = 6;

  /// What changes how the body lies in the frame, if it was agreed.
  static final int AGREED = ZSTD | CRC;

  private FrameHeader() {}

  /// Appends a header.
  ///
  /// @param climit the low 16 bits are written
  static void write(ByteBuf out, int len, FrameType type, int flags, int climit, int sid, int mid) {
    out.writeLong(
        (long) len << 32
            | (type.code() & 0xffL) << 24
            | (flags & 0xffL) << 16
            | (climit & 0xffffL));
    out.writeLong((long) sid << 32 | (mid & 0xffff_ffffL));
  }

  /// The length field of the first word, unsigned.
  static long len(long first) {
    return first >>> 32;
  }

  static int typeCode(long first) {
    return (int) (first >>> 24) & 0xff;
  }

  static int flags(long first) {
    return (int) (first >>> 16) & 0xff;
  }

  static int climit(long first) {
    return (int) first & 0xffff;
  }

  static int sid(long second) {
    return (int) (second >>> 32);
  }

  static int mid(long second) {
    return (int) second;
  }
}
