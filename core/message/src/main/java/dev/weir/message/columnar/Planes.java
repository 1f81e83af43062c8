package dev.weir.message.columnar;

/// Whole numbers by byte planes: first the lowest byte of each, then the next. Bytes of one
/// significance are alike, so each plane is a zstd frame of its own where it is long enough.
///
/// ```
///  u8 width w, 0 to 8, then w × n bytes: byte p × n + i is byte p of number i
/// ```
final class Planes {
  private Planes() {}

  /// Writes numbers with the least width that holds them all.
  static void write(ColumnWriter out, long[] numbers, int from, int count) {
    long all = 0;
    for (int i = from; i < from + count; i++) {
      all |= numbers[i];
    }
    int width = Varints.width(all);
    out.u8(width);
    writeFixed(out, numbers, from, count, width);
  }

  /// As [#write], with a width that both sides know.
  static void writeFixed(ColumnWriter out, long[] numbers, int from, int count, int width) {
    for (int plane = 0; plane < width; plane++) {
      int at = out.reserve(count) - from;
      byte[] bytes = out.array();
      int shift = 8 * plane;
      for (int i = from; i < from + count; i++) {
        bytes[at + i] = (byte) (numbers[i] >>> shift);
      }
      out.cut();
    }
  }

  static void read(ColumnReader in, long[] numbers, int from, int count) {
    int width = in.u8();
    if (width > Long.BYTES) {
      throw ColumnReader.malformed("have numbers of " + width + " bytes");
    }
    readFixed(in, numbers, from, count, width);
  }

  static void readFixed(ColumnReader in, long[] numbers, int from, int count, int width) {
    byte[] bytes = in.array();
    int start = in.skip((long) width * count);
    for (int plane = 0; plane < width; plane++) {
      int at = start + plane * count - from;
      int shift = 8 * plane;
      for (int i = from; i < from + count; i++) {
        numbers[i] |= (bytes[at + i] & 0xffL) << shift;
      }
    }
  }
}
