package dev.weir.client;

import java.time.Duration;

/// What the server does when a subscription does not keep up. The server judges the ranges.
///
/// @param action what is done
/// @param maxBehind stored messages, of any topic, that it may be behind before that; 0 for 1,000
/// @param maxHold how long BLOCK may hold publishers back in a row; zero for 5 s
public record SlowPolicy(Action action, long maxBehind, Duration maxHold) {
  /// What a slow subscription does.
  public enum Action {
    /// It reads from the log later: nothing is lost.
    SPILL,
    /// Publishers to its topics wait, for a bounded time; needs the permission to manage them.
    BLOCK,
    /// It gets the newest of each topic and key.
    CONFLATE,
    /// The oldest are passed over, and counted as missed.
    DROP_OLDEST,
    /// It ends with SLOW_CONSUMER.
    DISCONNECT
  }

  public static final SlowPolicy SPILL = of(Action.SPILL);

  public static SlowPolicy of(Action action) {
    return new SlowPolicy(action, 0, Duration.ZERO);
  }

  public SlowPolicy withMaxBehind(long value) {
    return new SlowPolicy(action, value, maxHold);
  }

  public SlowPolicy withMaxHold(Duration value) {
    return new SlowPolicy(action, maxBehind, value);
  }
}
