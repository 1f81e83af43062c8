package dev.weir.broker.queue;

import java.util.Arrays;

/// Positions with the time at which each is due, 16 bytes each, in no order.
public final class DelayList {
  /// Told each message.
  @FunctionalInterface
  public interface Visitor {
    /// @param dueMicros microseconds since 1970
    void visit(long position, long dueMicros);
  }

  private long[] positions = new long[16];
  private long[] dues = new long[16];
  private int size;

  public int size() {
    return size;
  }

  /// @param dueMicros microseconds since 1970
  public void add(long position, long dueMicros) {
    if (size == dues.length) {
      positions = Arrays.copyOf(positions, size * 2);
      dues = Arrays.copyOf(dues, size * 2);
    }
    positions[size] = position;
    dues[size++] = dueMicros;
  }

  public void forEach(Visitor visitor) {
    for (int i = 0; i < size; i++) {
      visitor.visit(positions[i], dues[i]);
    }
  }
}
