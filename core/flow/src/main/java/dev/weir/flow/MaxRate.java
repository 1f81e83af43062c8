package dev.weir.flow;

import java.util.Arrays;

/// The highest delivery rate of the last ten rounds that gave a sample. Rounds without one do not
/// count: a sender that fell idle still knows the path it will find.
///
/// Owned by the thread that owns the link; allocates nothing.
final class MaxRate {
  /// Ten: long enough to span the whole gain cycle, so that the probe of the last one counts.
  static final int ROUNDS = 10;

  private final double[] bests = new double[ROUNDS];
  private int newest;
  private long newestRound = -1;
  private double best;

  void reset() {
    Arrays.fill(bests, 0);
    newestRound = -1;
    best = 0;
  }

  /// Takes a sample, above 0.
  ///
  /// @param isOwnPace whether the path may be faster: then it counts only if it raises the maximum
  void onSample(double bytesPerSecond, long round, boolean isOwnPace) {
    if (isOwnPace && bytesPerSecond < best) {
      return;
    }
    if (round != newestRound) {
      newestRound = round;
      newest = (newest + 1) % ROUNDS;
      bests[newest] = 0;
    }
    bests[newest] = Math.max(bests[newest], bytesPerSecond);
    best = 0;
    for (double each : bests) {
      best = Math.max(best, each);
    }
  }

  /// Bytes per second; 0 before the first sample.
  double bytesPerSecond() {
    return best;
  }
}
