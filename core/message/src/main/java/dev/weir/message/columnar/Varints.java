package dev.weir.message.columnar;

/// Unsigned LEB128 and zigzag, as in Protocol Buffers.
final class Varints {
  private Varints() {}

  /// Writes 1 to 10 bytes.
  ///
  /// @return the index behind them
  static int put(byte[] target, int index, long value) {
    int at = index;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      target[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[at++] = (byte) rest;
    return at;
  }

  /// Bytes that [#put] writes.
  static int length(long value) {
    return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
  }

  static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }

  /// Bytes that hold an unsigned value, 0 to 8.
  static int width(long value) {
    return (71 - Long.numberOfLeadingZeros(value)) >>> 3;
  }
}
