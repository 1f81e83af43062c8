package dev.weir.log;

/// Percentiles of a latency in nanoseconds, each at most 13 % above the true value.
///
/// @param count how many were measured
public record LatencySummary(
    long count, long p50Nanos, long p99Nanos, long p999Nanos, long maxNanos) {
  /// Nothing measured.
  public static final LatencySummary NONE = new LatencySummary(0, 0, 0, 0, 0);
}
