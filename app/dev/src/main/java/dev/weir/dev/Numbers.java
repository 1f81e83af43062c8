package dev.weir.dev;

import dev.weir.base.Bytes;
import java.util.OptionalInt;

/// Reads the number that a [SyntheticSource] puts at the front of each line.
final class Numbers {
  private Numbers() {}

  /// The number, or nothing when the body does not begin with `n=<number>`.
  static OptionalInt of(Bytes body) {
    if (body.length() < 3 || body.at(0) != 'n' || body.at(1) != '=') {
      return OptionalInt.empty();
    }
    int number = 0;
    int index = 2;
    while (index < body.length() && body.at(index) >= '0' && body.at(index) <= '9') {
      number = number * 10 + body.at(index) - '0';
      index++;
    }
    return index == 2 ? OptionalInt.empty() : OptionalInt.of(number);
  }
}
