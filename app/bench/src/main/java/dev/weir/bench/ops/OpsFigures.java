package dev.weir.bench.ops;

import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/// What one measurement of a load found.
///
/// @param operations answered within the measured time
/// @param nanos how long it took
/// @param p50Nanos latency, from the intended start in an open loop
/// @param p99Nanos latency
/// @param p999Nanos latency
/// @param maxNanos latency
/// @param failures operations that failed, or were not begun because too many were under way
record OpsFigures(
    long operations,
    long nanos,
    long p50Nanos,
    long p99Nanos,
    long p999Nanos,
    long maxNanos,
    long failures) {
  static OpsFigures of(Histogram latency, long nanos, long failures) {
    return new OpsFigures(
        latency.getTotalCount(),
        nanos,
        latency.getValueAtPercentile(50),
        latency.getValueAtPercentile(99),
        latency.getValueAtPercentile(99.9),
        latency.getMaxValue(),
        failures);
  }

  /// Of a measurement that ended with a failure: nothing was answered.
  static OpsFigures failed(Duration time) {
    return new OpsFigures(0, time.toNanos(), 0, 0, 0, 0, 1);
  }

  double perSecond() {
    return operations * 1e9 / nanos;
  }

  String words() {
    return operations
        + " "
        + nanos
        + " "
        + p50Nanos
        + " "
        + p99Nanos
        + " "
        + p999Nanos
        + " "
        + maxNanos
        + " "
        + failures;
  }

  static OpsFigures parse(String words) {
    List<Long> all = List.of(words.split(" ", -1)).stream().map(Long::valueOf).toList();
    return new OpsFigures(
        all.get(0), all.get(1), all.get(2), all.get(3), all.get(4), all.get(5), all.get(6));
  }
}
