package dev.weir.sim;

import dev.weir.base.Checks;

/// A path from a sender to a core and its store.
///
/// @param name as the table shows it
/// @param mbitPerSecond the link's rate, 1 to 100,000
/// @param rttMillis the network's round trip, 0 to 10,000
/// @param commitMillis the median of write and fsync, 0 to 10,000
/// @param seconds how long the sender sends, 1 to 3,600
/// @param slowPercent the link's rate in the middle third of the time, in percent of its rate: 100
///   where it stays
public record PathProfile(
    String name, int mbitPerSecond, int rttMillis, int commitMillis, int seconds, int slowPercent) {
  public PathProfile {
    Checks.range("mbitPerSecond", mbitPerSecond, 1, 100_000);
    Checks.range("rttMillis", rttMillis, 0, 10_000);
    Checks.range("commitMillis", commitMillis, 0, 10_000);
    Checks.range("seconds", seconds, 1, 3_600);
    Checks.range("slowPercent", slowPercent, 1, 100);
  }

  /// A path whose rate stays.
  public static PathProfile steady(
      int mbitPerSecond, int rttMillis, int commitMillis, int seconds) {
    String name = mbitPerSecond + " / " + rttMillis + " / " + commitMillis;
    return new PathProfile(name, mbitPerSecond, rttMillis, commitMillis, seconds, 100);
  }

  /// Bytes per nanosecond at a time.
  double rateAt(long nowNanos) {
    long thirdNanos = endNanos() / 3;
    boolean isSlow = nowNanos >= thirdNanos && nowNanos < 2 * thirdNanos;
    return mbitPerSecond / 8e3 * (isSlow ? slowPercent / 100.0 : 1);
  }

  long endNanos() {
    return seconds * 1_000_000_000L;
  }

  long oneWayNanos() {
    return rttMillis * 500_000L;
  }
}
