package dev.weir.config.schema;

import dev.weir.base.ErrorCode;

/// What became of the text of a value.
public sealed interface Reading<T> {
  /// The value.
  record Accepted<T>(T value) implements Reading<T> {}

  /// Why it is none.
  ///
  /// @param expected continues "is X, expected ..."
  /// @param fix what to write, or empty when only the key knows
  record Rejected<T>(ErrorCode code, String expected, String fix) implements Reading<T> {}

  static <T> Reading<T> of(T value) {
    return new Accepted<>(value);
  }

  static <T> Reading<T> wrongType(String expected, String fix) {
    return new Rejected<>(ErrorCode.CONFIG_TYPE, expected, fix);
  }

  static <T> Reading<T> outOfRange(String expected, String fix) {
    return new Rejected<>(ErrorCode.CONFIG_RANGE, expected, fix);
  }
}
