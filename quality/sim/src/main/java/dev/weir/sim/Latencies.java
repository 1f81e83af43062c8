package dev.weir.sim;

/// Times from send to ack, in steps of half a millisecond up to a minute.
final class Latencies {
  private static final long STEP_NANOS = 500_000;
  private static final int STEPS = 120_000;

  private final int[] counts = new int[STEPS];
  private long total;

  void add(long nanos) {
    counts[(int) Math.min(nanos / STEP_NANOS, STEPS - 1)]++;
    total++;
  }

  /// The time that so many percent stay below, in milliseconds.
  double percentileMillis(double percent) {
    long wanted = (long) Math.ceil(total * percent / 100);
    long seen = 0;
    int step = 0;
    while (step < STEPS - 1 && seen + counts[step] < wanted) {
      seen += counts[step];
      step++;
    }
    return (step + 1) * (STEP_NANOS / 1e6);
  }
}
