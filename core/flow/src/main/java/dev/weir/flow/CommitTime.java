package dev.weir.flow;

/// How long the core's write and fsync take, smoothed.
///
/// A stall of the disk is no reason to send more, so one sample counts as at most four times the
/// mean; a lasting change is followed all the same, by 15 % an ack.
///
/// Owned by the thread that owns the link; allocates nothing.
final class CommitTime {
  /// 1/20 an ack, and an ack is a commit: it looks back over about 20 commits.
  private static final double SMOOTHING = 0.05;

  private static final double CAP = 4;

  /// 1 ms: a mean near 0 must not hold real commits down.
  private static final double LEAST_CAP_NANOS = 1_000_000;

  private double meanNanos = -1;

  void reset() {
    meanNanos = -1;
  }

  /// Takes a sample, 0 or above.
  void onSample(long commitNanos) {
    if (meanNanos < 0) {
      meanNanos = (double) commitNanos;
      return;
    }
    double sample = Math.min((double) commitNanos, Math.max(CAP * meanNanos, LEAST_CAP_NANOS));
    meanNanos += (sample - meanNanos) * SMOOTHING;
  }

  /// 0 before the first sample.
  long nanos() {
    return (long) Math.max(0, meanNanos);
  }
}
