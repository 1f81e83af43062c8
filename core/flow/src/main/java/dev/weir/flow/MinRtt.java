package dev.weir.flow;

/// The round trip of the network alone: the smallest of late, without the core's commit and queue.
///
/// A minimum that was not seen for 10 s is old: the path may have become longer, or the sender's
/// own queue may hide it. The owner then sends less for a round, between [#beginMeasuring] and
/// [#endMeasuring], and takes what it sees. (A minimum that merely grows with age would follow the
/// sender's own queue without end.)
///
/// Source: the RTprop filter of draft-cardwell-iccrg-bbr-congestion-control.
///
/// Owned by the thread that owns the link; allocates nothing.
final class MinRtt {
  /// 10 s: pauses that drain a path happen by themselves more often than that.
  static final long AGE_NANOS = 10_000_000_000L;

  /// 1/16 above the minimum is as good as the minimum: clocks and schedulers jitter more.
  private static final int TOLERANCE_SHIFT = 4;

  private long minNanos = Long.MAX_VALUE;
  private long seenNanos;
  private long measuredNanos = Long.MAX_VALUE;
  private boolean isMeasuring;

  void reset() {
    minNanos = Long.MAX_VALUE;
    measuredNanos = Long.MAX_VALUE;
    isMeasuring = false;
  }

  /// Takes a sample.
  ///
  /// @param netNanos the round trip without the core's part, above 0
  void onSample(long nowNanos, long netNanos) {
    if (isMeasuring) {
      measuredNanos = Math.min(measuredNanos, netNanos);
    }
    if (!isKnown() || netNanos < minNanos) {
      minNanos = netNanos;
      seenNanos = nowNanos;
    } else if (netNanos - minNanos <= minNanos >> TOLERANCE_SHIFT) {
      seenNanos = nowNanos;
    }
  }

  boolean isOld(long nowNanos) {
    return isKnown() && nowNanos - seenNanos > AGE_NANOS;
  }

  void beginMeasuring() {
    isMeasuring = true;
    measuredNanos = Long.MAX_VALUE;
  }

  /// Takes what was measured as the minimum.
  ///
  /// @return whether it is above the one before by a quarter or more
  boolean endMeasuring(long nowNanos) {
    isMeasuring = false;
    seenNanos = nowNanos;
    if (measuredNanos == Long.MAX_VALUE) {
      return false;
    }
    boolean isHigher = measuredNanos - minNanos >= minNanos / 4;
    minNanos = measuredNanos;
    return isHigher;
  }

  boolean isKnown() {
    return minNanos != Long.MAX_VALUE;
  }

  /// Above 0; 0 before the first sample.
  long nanos() {
    return isKnown() ? minNanos : 0;
  }
}
