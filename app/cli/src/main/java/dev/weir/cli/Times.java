package dev.weir.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Writes times as RFC 3339.
final class Times {
  private Times() {}

  static String iso(long epochMicros) {
    return Instant.EPOCH.plus(epochMicros, ChronoUnit.MICROS).toString();
  }
}
