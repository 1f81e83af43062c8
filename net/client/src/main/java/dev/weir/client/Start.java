package dev.weir.client;

import dev.weir.base.Checks;
import dev.weir.message.Cursor;

/// Where a subscription begins.
public sealed interface Start {
  /// With what is stored from now on.
  record Live() implements Start {}

  /// With the first message that is kept.
  record First() implements Start {}

  /// With the last messages of what is stored.
  ///
  /// @param count 1 or more
  record Last(long count) implements Start {
    public Last {
      Checks.range("count", count, 1, Long.MAX_VALUE);
    }
  }

  /// With what was stored at or after a time.
  ///
  /// @param epochMicros microseconds since 1970
  record At(long epochMicros) implements Start {}

  /// Where a cursor stands.
  record From(Cursor cursor) implements Start {}

  static Start live() {
    return new Live();
  }

  static Start first() {
    return new First();
  }

  static Start last(long count) {
    return new Last(count);
  }

  static Start at(long epochMicros) {
    return new At(epochMicros);
  }

  static Start from(Cursor cursor) {
    return new From(cursor);
  }
}
