package dev.weir.base;

/// Argument checks whose message names the value and the allowed range.
public final class Checks {
  private Checks() {}

  /// @throws IllegalArgumentException unless `low <= value <= high`
  public static long range(String name, long value, long low, long high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          name + " is " + value + ", expected " + low + " to " + high);
    }
    return value;
  }

  /// @throws IllegalArgumentException unless `low <= value <= high`
  public static int range(String name, int value, int low, int high) {
    return (int) range(name, (long) value, (long) low, (long) high);
  }

  /// @throws IndexOutOfBoundsException unless `0 <= index < length`
  public static int index(String name, int index, int length) {
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException(
          name + " is " + index + ", expected 0 to " + (length - 1));
    }
    return index;
  }

  /// @throws IllegalArgumentException with the given message unless `holds`
  public static void argument(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /// An assertion about our own state: a failure is a bug, never a peer's doing.
  ///
  /// @throws IllegalStateException with the given message unless `holds`
  public static void state(boolean holds, String message) {
    if (!holds) {
      throw new IllegalStateException(message);
    }
  }
}
