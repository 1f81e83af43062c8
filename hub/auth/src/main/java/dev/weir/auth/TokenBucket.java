package dev.weir.auth;

import dev.weir.base.Checks;

/// A rate with a burst, which says how long to wait. Pure: time is given, and nothing waits here.
///
/// Whatever is asked for is granted while the bucket is not empty, also when it is more than the
/// bucket holds: the level goes below zero, and the next one waits until it is paid for. So one
/// large batch passes, and the rate holds over any time of some length: in `t` seconds at most
/// `rate * (t + burst seconds)` and one grant more.
///
/// Owned by whoever holds the lock around it.
final class TokenBucket {
  private static final double NANOS = 1e9;

  private final double ratePerNano;
  private final double capacity;
  private double level;
  private long lastNanos;

  /// Begins full.
  ///
  /// @param ratePerSecond 1 or more; [Quota#NO_LIMIT] never waits
  /// @param burstSeconds how much of the rate may come at once
  TokenBucket(long ratePerSecond, double burstSeconds, long nowNanos) {
    Checks.range("ratePerSecond", ratePerSecond, 1, Quota.NO_LIMIT);
    this.ratePerNano =
        ratePerSecond == Quota.NO_LIMIT ? Double.POSITIVE_INFINITY : ratePerSecond / NANOS;
    this.capacity = Math.max(1, ratePerSecond * burstSeconds);
    this.level = capacity;
    this.lastNanos = nowNanos;
  }

  /// How long until something is granted, in nanoseconds; 0 for now.
  long waitNanos(long nowNanos) {
    refill(nowNanos);
    return level > 0 ? 0 : (long) Math.ceil(-level / ratePerNano) + 1;
  }

  /// Takes what was granted.
  void take(long amount, long nowNanos) {
    refill(nowNanos);
    if (ratePerNano != Double.POSITIVE_INFINITY) {
      level -= amount;
    }
  }

  boolean isFull(long nowNanos) {
    refill(nowNanos);
    return level >= capacity;
  }

  private void refill(long nowNanos) {
    long passed = nowNanos - lastNanos;
    if (passed > 0) {
      level = Math.min(capacity, level + passed * ratePerNano);
      lastNanos = nowNanos;
    }
  }
}
