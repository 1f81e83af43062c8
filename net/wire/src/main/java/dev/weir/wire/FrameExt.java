package dev.weir.wire;

import io.netty.buffer.ByteBuf;

/// The extension block between header and body, present if the flag EXT is set. Its fields are of
/// fixed size and stand in the order of their bits; a peer that knows fewer of them skips the rest
/// by `extLen`.
///
/// ```
///  0        2        4
///  +--------+--------+----------+-------+-------+--------+-------+--------+------------------+
///  | extLen | bitmap | DEADLINE | ROUTE | TOTAL | SLIMIT | TRACE | STATUS | metaLen | META   |
///  +--------+--------+----------+-------+-------+--------+-------+--------+------------------+
///  extLen        u16  bytes behind this field, 2 or more
///  bitmap        u16  which fields follow
///  0  DEADLINE   u32  microseconds left, 0 is expired; each hop subtracts its residence time
///  1  ROUTE      u64  hash of the routing key
///  2  TOTAL      u64  bytes of the message's bodies, on its first frame when MORE is set
///  3  SLIMIT     u32  stream credit in units of 256 bytes, low 32 bits, see CreditCode
///  4  TRACE      25 B trace id (16), span id (8), flags (1)
///  5  STATUS     u16  see WireStatus
///  6  META       u16 length, then metadata, see Metadata
/// ```
final class FrameExt {
  static final int DEADLINE = 1;
  static final int ROUTE = 1 << 1;
  static final int TOTAL = 1 << 2;
  static final int SLIMIT = 1 << 3;
  static final int TRACE = 1 << 4;
  static final int STATUS = 1 << 5;
  static final int META = 1 << 6;

  /// `extLen` and `bitmap`.
  static final int FIXED_BYTES = 4;

  static final int TRACE_BYTES = 25;

  /// Sizes by bit; META counts its length field only.
  private static final int[] SIZES = {4, 8, 8, 4, TRACE_BYTES, 2, 2};

  private static final int KNOWN = (1 << SIZES.length) - 1;
  private static final int[] BYTES_BY_BITMAP = bytesByBitmap();

  private FrameExt() {}

  private static int[] bytesByBitmap() {
    int[] bytes = new int[KNOWN + 1];
    for (int bitmap = 0; bitmap <= KNOWN; bitmap++) {
      for (int bit = 0; bit < SIZES.length; bit++) {
        bytes[bitmap] += (bitmap >> bit & 1) * SIZES[bit];
      }
    }
    return bytes;
  }

  /// How many bytes the known fields of a bitmap take, without the bytes that META's length names.
  static int fieldBytes(int bitmap) {
    return BYTES_BY_BITMAP[bitmap & KNOWN];
  }

  /// Where a field begins behind the start of the block.
  static int offsetOf(int field, int bitmap) {
    return FIXED_BYTES + fieldBytes(bitmap & (field - 1));
  }

  /// Appends `extLen` and `bitmap`; the fields follow in the order of their bits.
  ///
  /// @param metaBytes what META holds, 0 if it is absent
  static void writeStart(ByteBuf out, int bitmap, int metaBytes) {
    out.writeShort(2 + fieldBytes(bitmap) + metaBytes);
    out.writeShort(bitmap);
  }
}
