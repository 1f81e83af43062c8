package dev.weir.broker;

import dev.weir.base.Checks;
import java.time.Duration;

/// What happens when a subscription's consumer does not keep up. Whatever is left out is told as a
/// gap with its reason.
///
/// @param action what is done
/// @param maxBehind how many stored messages, of any topic, it may be behind the end of a partition
///   before that, 1 to a million
/// @param maxHold how long BLOCK may hold publishers back in a row, 1 ms to 1 min; other actions do
///   not look at it
public record SlowPolicy(Action action, long maxBehind, Duration maxHold) {
  public static final long MAX_BEHIND = 1_000_000;
  public static final long DEFAULT_BEHIND = 1_000;

  /// Publishers that wait longer take their core for dead.
  public static final Duration MAX_HOLD = Duration.ofMinutes(1);

  public static final Duration DEFAULT_HOLD = Duration.ofSeconds(5);

  /// What a slow subscription does.
  public enum Action {
    /// It reads from the log later, as long as retention keeps it: nothing is lost.
    SPILL,
    /// Publishers to its topics are held back until it has caught up, for a bounded time.
    BLOCK,
    /// Of each topic and key only the newest is delivered.
    CONFLATE,
    /// The oldest are passed over.
    DROP_OLDEST,
    /// It ends with SLOW_CONSUMER; its cursor goes on where it was.
    DISCONNECT
  }

  /// Nothing is lost and nobody waits.
  public static final SlowPolicy SPILL = of(Action.SPILL);

  public SlowPolicy {
    Checks.range("maxBehind", maxBehind, 1, MAX_BEHIND);
    Checks.argument(
        maxHold.compareTo(Duration.ofMillis(1)) >= 0 && maxHold.compareTo(MAX_HOLD) <= 0,
        "maxHold is " + maxHold + ", expected 1 ms to " + MAX_HOLD);
  }

  /// With the defaults: 1,000 messages, 5 s.
  public static SlowPolicy of(Action action) {
    return new SlowPolicy(action, DEFAULT_BEHIND, DEFAULT_HOLD);
  }

  public SlowPolicy withMaxBehind(long value) {
    return new SlowPolicy(action, value, maxHold);
  }

  public SlowPolicy withMaxHold(Duration value) {
    return new SlowPolicy(action, maxBehind, value);
  }
}
