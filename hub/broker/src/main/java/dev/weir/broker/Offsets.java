package dev.weir.broker;

import dev.weir.base.Checks;

/// The offsets of a delivery's messages, as distances from the first one. Immutable.
public final class Offsets {
  private final int count;
  private final int[] deltas;

  private Offsets(int count, int[] deltas) {
    this.count = count;
    this.deltas = deltas;
  }

  /// 0, 1, 2 …
  public static Offsets contiguous(int count) {
    return new Offsets(count, new int[0]);
  }

  /// Ascending distances; the array must not be written to again.
  static Offsets of(int[] deltas) {
    int count = deltas.length;
    return count == 0 || deltas[count - 1] == count - 1
        ? contiguous(count)
        : new Offsets(count, deltas);
  }

  public int count() {
    return count;
  }

  /// Whether no message between the first and the last is missing.
  public boolean isContiguous() {
    return deltas.length == 0;
  }

  /// The distance of a message from the first one.
  public int delta(int index) {
    Checks.index("index", index, count);
    return deltas.length == 0 ? index : deltas[index];
  }
}
