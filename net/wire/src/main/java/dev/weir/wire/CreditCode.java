package dev.weir.wire;

/// Shortened absolute credit limits. A limit only grows, so the receiver of a few low bits takes
/// the nearest value ahead of what it knows; one that lies behind is late and changes nothing.
///
/// ```
///  climit  16 bits of 1 KiB   half of 2^26 bytes: the window stays under 32 MiB
///  SLIMIT  32 bits of 256 B   half of 2^40 bytes
/// ```
final class CreditCode {
  /// Connection limits are multiples of this.
  static final int CLIMIT_UNIT_SHIFT = 10;

  /// Stream limits on frames are multiples of this.
  static final int SLIMIT_UNIT_SHIFT = 8;

  /// 31 MiB: more could be taken for a value behind.
  static final int MAX_CONNECTION_WINDOW = 31 << 20;

  private CreditCode() {}

  static int climit(long limit) {
    return (int) (limit >>> CLIMIT_UNIT_SHIFT) & 0xffff;
  }

  /// The absolute limit that 16 bits stand for, given the last one known.
  static long limitOf(int climit, long known) {
    long units = known >>> CLIMIT_UNIT_SHIFT;
    return (units + (short) (climit - (int) units)) << CLIMIT_UNIT_SHIFT;
  }

  /// The absolute limit that a stream's 32 bits stand for, given the last one known.
  static long streamLimitOf(int slimit, long known) {
    long units = known >>> SLIMIT_UNIT_SHIFT;
    return (units + (slimit - (int) units)) << SLIMIT_UNIT_SHIFT;
  }
}
