package dev.weir.flow;

import dev.weir.base.Checks;
import java.util.random.RandomGenerator;

/// How long to wait before the n-th attempt: uniformly between 0 and a ceiling that doubles with
/// each attempt ("full jitter": of the usual rules the one that spreads a crowd of clients best and
/// costs the server the least work, see "Exponential Backoff And Jitter", AWS architecture blog).
///
/// @param baseNanos the ceiling of the first wait, 1 or more
/// @param capNanos the highest ceiling, at least `baseNanos`
public record Backoff(long baseNanos, long capNanos) {
  /// 100 ms to 5 s. The first, so that a restart of a server is over before a person notices. The
  /// last, because a link is to be up again within 10 s of its server: 5 s of waiting at most, and
  /// up to 5 s to connect. What it costs: a dead server is dialed about once in 2.5 s by each
  /// client, and all that it can serve (1024 streams by default) are back within 5 s of its start,
  /// some 200 a second.
  public static final Backoff STANDARD = new Backoff(100_000_000L, 5_000_000_000L);

  public Backoff {
    Checks.range("baseNanos", baseNanos, 1, Long.MAX_VALUE - 1);
    Checks.range("capNanos", capNanos, baseNanos, Long.MAX_VALUE - 1);
  }

  /// The longest wait before an attempt.
  ///
  /// @param attempt 0 for the first
  public long ceilingNanos(int attempt) {
    Checks.range("attempt", attempt, 0, Integer.MAX_VALUE);
    int doublings = Math.min(attempt, Long.numberOfLeadingZeros(baseNanos) - 1);
    return Math.min(capNanos, baseNanos << doublings);
  }

  /// A wait in `[0, ceilingNanos(attempt)]`.
  public long delayNanos(int attempt, RandomGenerator random) {
    return random.nextLong(ceilingNanos(attempt) + 1);
  }
}
