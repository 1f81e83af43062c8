package dev.weir.broker;

import dev.weir.base.Checks;
import dev.weir.message.Cursor;

/// Where a subscription begins.
public sealed interface Start {
  /// With what is stored from now on.
  record Live() implements Start {}

  /// With the first message that is kept.
  record First() implements Start {}

  /// With the last messages that match, of what is stored.
  ///
  /// @param count how many, 1 to a million
  record Last(long count) implements Start {
    /// Finding them takes some 60 bytes a batch: 60 MB at most, when each holds one message.
    public static final long MAX_COUNT = 1_000_000;

    public Last {
      Checks.range("count", count, 1, MAX_COUNT);
    }
  }

  /// With the first message stored at or after a time.
  ///
  /// @param epochMicros microseconds since 1970
  record AtTime(long epochMicros) implements Start {}

  /// Where another subscription stopped.
  record At(Cursor cursor) implements Start {}
}
