package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;

/// Numbers of options within their range.
final class Range {
  private Range() {}

  /// @throws WeirException with USAGE, naming the option and its range
  static void check(String option, long value, long min, long max) {
    if (value < min || value > max) {
      throw new WeirException(
          ErrorCode.USAGE, option + " is " + value + ", expected " + min + " to " + max + ".");
    }
  }
}
