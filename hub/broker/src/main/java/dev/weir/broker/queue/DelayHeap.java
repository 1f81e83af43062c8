package dev.weir.broker.queue;

import java.util.Arrays;

/// Messages that are not due yet, the earliest first: 16 bytes each, 32 at the moment of growing.
final class DelayHeap {
  /// Told each message.
  @FunctionalInterface
  interface Visitor {
    void visit(long dueMicros, long position, int level);
  }

  private static final int LEVEL_SHIFT = 58;
  private long[] dues = new long[16];

  /// The level above the position.
  private long[] messages = new long[16];

  private int size;

  int size() {
    return size;
  }

  void add(long dueMicros, long position, int level) {
    if (size == dues.length) {
      dues = Arrays.copyOf(dues, size * 2);
      messages = Arrays.copyOf(messages, size * 2);
    }
    int at = size++;
    while (at > 0 && dues[(at - 1) / 2] > dueMicros) {
      move((at - 1) / 2, at);
      at = (at - 1) / 2;
    }
    put(at, dueMicros, ((long) level << LEVEL_SHIFT) | position);
  }

  /// `Long.MAX_VALUE` when there is none.
  long firstDueMicros() {
    return size == 0 ? Long.MAX_VALUE : dues[0];
  }

  long firstPosition() {
    return messages[0] & PositionSet.MAX_POSITION;
  }

  /// Of all of them; `Long.MAX_VALUE` when there is none.
  long lowestPosition() {
    long lowest = Long.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      lowest = Math.min(lowest, messages[i] & PositionSet.MAX_POSITION);
    }
    return lowest;
  }

  int firstLevel() {
    return level(messages[0]);
  }

  private static int level(long message) {
    return (int) (message >>> LEVEL_SHIFT);
  }

  void removeFirst() {
    long due = dues[--size];
    long message = messages[size];
    int at = 0;
    while (at * 2 + 1 < size) {
      int child = at * 2 + 1;
      if (child + 1 < size && dues[child + 1] < dues[child]) {
        child++;
      }
      if (due <= dues[child]) {
        break;
      }
      move(child, at);
      at = child;
    }
    put(at, due, message);
  }

  private void move(int from, int to) {
    put(to, dues[from], messages[from]);
  }

  private void put(int at, long due, long message) {
    dues[at] = due;
    messages[at] = message;
  }

  void forEach(Visitor visitor) {
    for (int i = 0; i < size; i++) {
      visitor.visit(dues[i], messages[i] & PositionSet.MAX_POSITION, level(messages[i]));
    }
  }

  /// Looks through all of them: for who asks why.
  ///
  /// @return -1 when it is not there
  long dueMicros(long position) {
    for (int i = 0; i < size; i++) {
      if ((messages[i] & PositionSet.MAX_POSITION) == position) {
        return dues[i];
      }
    }
    return -1;
  }

  void clear() {
    size = 0;
    dues = new long[16];
    messages = new long[16];
  }
}
