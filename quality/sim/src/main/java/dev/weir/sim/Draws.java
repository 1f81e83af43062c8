package dev.weir.sim;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// The random quantities of a run. Messages and commits draw from generators of their own, so that
/// the n-th message and the n-th commit are the same under every window; through [StrictMath], so
/// that they are the same on every machine.
final class Draws {
  /// A median of 10.9 KB and a mean of 16 KB: what the published experience moved.
  private static final double MESSAGE_MEDIAN_BYTES = 10_938;

  private static final double MESSAGE_SIGMA = 0.9;
  private static final int MIN_MESSAGE_BYTES = 2_000;
  private static final int MAX_MESSAGE_BYTES = 300_000;

  /// A quarter: the spread of fsync on a disk that others use too.
  private static final double COMMIT_SIGMA = 0.25;

  /// One commit in 200 takes ten times as long: a journal, a garbage collection of the drive.
  private static final double OUTLIER_CHANCE = 0.005;

  private static final double OUTLIER_FACTOR = 10;

  private final SplittableRandom messages;
  private final SplittableRandom commits;
  private final int frameBytes;

  /// @param frameBytes the size of every message; 0 for sizes that are drawn
  Draws(long seed, int frameBytes) {
    this.frameBytes = frameBytes;
    messages = new SplittableRandom(seed);
    commits = messages.split();
  }

  /// The size of a message.
  int messageBytes() {
    if (frameBytes > 0) {
      return frameBytes;
    }
    double bytes = MESSAGE_MEDIAN_BYTES * lognormal(messages, MESSAGE_SIGMA);
    return (int) Math.clamp(bytes, MIN_MESSAGE_BYTES, MAX_MESSAGE_BYTES);
  }

  /// The time of a commit, lognormal with outliers.
  long commitNanos(int medianMillis) {
    double factor = commits.nextDouble() < OUTLIER_CHANCE ? OUTLIER_FACTOR : 1;
    return (long) (medianMillis * 1e6 * factor * lognormal(commits, COMMIT_SIGMA));
  }

  private static double lognormal(RandomGenerator random, double sigma) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    double normal = radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    return StrictMath.exp(sigma * normal);
  }
}
