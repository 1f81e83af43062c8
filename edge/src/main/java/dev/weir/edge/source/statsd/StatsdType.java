package dev.weir.edge.source.statsd;

import java.util.Optional;

/// What a metric is.
enum StatsdType {
  COUNTER,
  GAUGE,
  /// Timers, and DogStatsD's histograms and distributions: all are distributions of values.
  TIMER,
  SET;

  static Optional<StatsdType> of(String mark) {
    return switch (mark) {
      case "c", "m" -> Optional.of(COUNTER);
      case "g" -> Optional.of(GAUGE);
      case "ms", "h", "d" -> Optional.of(TIMER);
      case "s" -> Optional.of(SET);
      default -> Optional.empty();
    };
  }
}
