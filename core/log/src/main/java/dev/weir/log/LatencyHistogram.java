package dev.weir.log;

import java.util.concurrent.atomic.AtomicLongArray;

/// Counts durations in buckets that are an eighth of their power of two wide. One thread records,
/// any thread summarises.
final class LatencyHistogram {
  private static final int STEPS = 8;

  private final AtomicLongArray buckets = new AtomicLongArray(64 * STEPS);
  private volatile long maxNanos;

  void record(long nanos) {
    long value = Math.max(nanos, 1);
    buckets.getAndIncrement(bucket(value));
    if (value > maxNanos) {
      maxNanos = value;
    }
  }

  private static int bucket(long value) {
    int exponent = 63 - Long.numberOfLeadingZeros(value);
    int step = exponent < 3 ? 0 : (int) (value >>> (exponent - 3)) & (STEPS - 1);
    return exponent * STEPS + step;
  }

  private static long upperBound(int bucket) {
    int exponent = bucket / STEPS;
    int step = bucket % STEPS;
    return exponent < 3
        ? (2L << exponent) - 1
        : (1L << exponent) + ((step + 1L) << (exponent - 3)) - 1;
  }

  LatencySummary summary() {
    long[] counts = new long[buckets.length()];
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buckets.get(i);
      total += counts[i];
    }
    return total == 0
        ? LatencySummary.NONE
        : new LatencySummary(
            total,
            quantile(counts, total, 0.5),
            quantile(counts, total, 0.99),
            quantile(counts, total, 0.999),
            maxNanos);
  }

  private long quantile(long[] counts, long total, double quantile) {
    long rank = (long) Math.ceil(total * quantile);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return Math.min(upperBound(i), maxNanos);
      }
    }
    return maxNanos;
  }
}
