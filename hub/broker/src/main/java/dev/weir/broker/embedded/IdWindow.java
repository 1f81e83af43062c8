package dev.weir.broker.embedded;

import dev.weir.base.Checks;
import java.util.Arrays;

/// The message ids of late: what was stored under them within the window, oldest forgotten first.
///
/// Problem: up to 131,072 ids must be asked for each message that carries one, and a map of objects
/// would cost 20 MB. Idea: a ring of primitive arrays in the order of storing (36 bytes an id), and
/// an open-addressed table of ring indexes with linear probing beside it. Ids leave at the ring's
/// end only, so that a table slot is freed by the usual backward shift and there are no tombstones.
///
/// Times never decrease, as they are the log's own. Not thread-safe: guarded by its owner.
final class IdWindow {
  private static final int EMPTY = -1;
  private static final int INITIAL_CAPACITY = 1 << 10;

  private final int maxCount;
  private final long windowMicros;
  private long[] high;
  private long[] low;
  private long[] offsets;
  private long[] times;
  private int[] partitions;
  private int[] table;

  /// Ring indexes are positions modulo the capacity, a power of two.
  private long first;

  private long end;

  /// @param maxCount ids kept at most, 1 to 2^24
  /// @param windowMicros how long an id is kept
  IdWindow(int maxCount, long windowMicros) {
    this.maxCount = Checks.range("maxCount", maxCount, 1, 1 << 24);
    this.windowMicros = Checks.range("windowMicros", windowMicros, 0, Long.MAX_VALUE);
    int capacity = INITIAL_CAPACITY;
    this.high = new long[capacity];
    this.low = new long[capacity];
    this.offsets = new long[capacity];
    this.times = new long[capacity];
    this.partitions = new int[capacity];
    this.table = emptyTable(2 * capacity);
  }

  private static int[] emptyTable(int length) {
    int[] table = new int[length];
    Arrays.fill(table, EMPTY);
    return table;
  }

  int size() {
    return (int) (end - first);
  }

  /// The ring position of an id that is still within the window, -1 for none.
  long find(IdHash id, long nowMicros) {
    int slot = slotOf(id);
    if (table[slot] == EMPTY) {
      return -1;
    }
    long position = positionOf(table[slot]);
    return nowMicros - times[index(position)] > windowMicros ? -1 : position;
  }

  long offset(long position) {
    return offsets[index(position)];
  }

  int partition(long position) {
    return partitions[index(position)];
  }

  long timeMicros(long position) {
    return times[index(position)];
  }

  IdHash id(long position) {
    return new IdHash(high[index(position)], low[index(position)]);
  }

  /// The oldest position kept.
  long firstPosition() {
    return first;
  }

  /// One after the newest.
  long endPosition() {
    return end;
  }

  /// Notes an id as stored, and forgets what is too old or too much.
  void add(IdHash id, int partition, long offset, long timeMicros) {
    expire(timeMicros);
    int slot = slotOf(id);
    if (table[slot] != EMPTY) {
      return; // Known: another partition's replay, or a time that stood still.
    }
    if (size() == maxCount) {
      removeFirst();
    } else if (size() == high.length) {
      grow();
    }
    int index = index(end);
    high[index] = id.high();
    low[index] = id.low();
    offsets[index] = offset;
    times[index] = timeMicros;
    partitions[index] = partition;
    table[slotOf(id)] = index;
    end++;
  }

  /// Forgets what is older than the window.
  void expire(long nowMicros) {
    while (first < end && nowMicros - times[index(first)] > windowMicros) {
      removeFirst();
    }
  }

  private void removeFirst() {
    int index = index(first);
    int slot = slotOf(new IdHash(high[index], low[index]));
    if (table[slot] == index) {
      free(slot);
    }
    first++;
  }

  /// Closes the hole in the probe sequence (Knuth, TAOCP 3, algorithm 6.4R).
  private void free(int freed) {
    int mask = table.length - 1;
    int hole = freed;
    int slot = freed;
    while (true) {
      slot = (slot + 1) & mask;
      if (table[slot] == EMPTY) {
        break;
      }
      int home = home(high[table[slot]], mask);
      boolean isReachable = ((slot - home) & mask) >= ((slot - hole) & mask);
      if (isReachable) {
        table[hole] = table[slot];
        hole = slot;
      }
    }
    table[hole] = EMPTY;
  }

  /// The slot that holds the id, or the empty one where it would stand.
  private int slotOf(IdHash id) {
    int mask = table.length - 1;
    int slot = home(id.high(), mask);
    while (table[slot] != EMPTY) {
      int index = table[slot];
      if (high[index] == id.high() && low[index] == id.low()) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static int home(long high, int mask) {
    return (int) (high >>> 32) & mask;
  }

  private void grow() {
    int capacity = high.length;
    int size = size();
    long[] newHigh = new long[2 * capacity];
    long[] newLow = new long[2 * capacity];
    long[] newOffsets = new long[2 * capacity];
    long[] newTimes = new long[2 * capacity];
    int[] newPartitions = new int[2 * capacity];
    for (int i = 0; i < size; i++) {
      int index = index(first + i);
      newHigh[i] = high[index];
      newLow[i] = low[index];
      newOffsets[i] = offsets[index];
      newTimes[i] = times[index];
      newPartitions[i] = partitions[index];
    }
    high = newHigh;
    low = newLow;
    offsets = newOffsets;
    times = newTimes;
    partitions = newPartitions;
    first = 0;
    end = size;
    table = emptyTable(4 * capacity);
    for (int i = 0; i < size; i++) {
      table[slotOf(new IdHash(high[i], low[i]))] = i;
    }
  }

  private int index(long position) {
    return (int) position & (high.length - 1);
  }

  private long positionOf(int index) {
    return first + ((index - first) & (high.length - 1));
  }
}
