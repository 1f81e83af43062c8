package dev.weir.wire;

import dev.weir.base.Checks;
import java.time.Duration;

/// How many calls a server takes of each of its connections: so many at once, and as many again
/// after every period in which there were any. What a client does not use is not saved up.
///
/// @param calls 1 to 1,000,000,000
/// @param period 100 ms to 1 h
public record WireLease(int calls, Duration period) {
  private static final Duration SHORTEST = Duration.ofMillis(100);

  /// A new lease is this long under way at most before its client has to wait for it.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  public WireLease {
    Checks.range("calls", calls, 1, 1_000_000_000);
    if (period.compareTo(SHORTEST) < 0 || period.compareTo(WireLimits.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "period is " + period + ", expected " + SHORTEST + " to " + WireLimits.LONGEST);
    }
  }

  /// For how long a lease holds from its first call on: longer than a period, so that the next one
  /// has come in time.
  Duration ttl() {
    return period.plus(period.compareTo(PATIENCE) > 0 ? period : PATIENCE);
  }
}
