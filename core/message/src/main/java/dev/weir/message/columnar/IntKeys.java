package dev.weir.message.columnar;

import java.util.Arrays;

/// Numbers 32-bit keys in the order in which they are first seen; open addressing. Owned by one
/// thread; reused.
final class IntKeys {
  /// Fibonacci hashing (Knuth, TAOCP 3, §6.4).
  private static final int GOLDEN = 0x9E3779B9;

  private int[] table = new int[64];
  private int[] keys = new int[32];
  private int size;

  void begin() {
    size = 0;
    Arrays.fill(table, -1);
  }

  int size() {
    return size;
  }

  int key(int number) {
    return keys[number];
  }

  /// The number of a key, a new one if it was not seen before.
  int number(int key) {
    int mask = table.length - 1;
    int slot = ((key * GOLDEN) >>> 7) & mask;
    while (table[slot] >= 0) {
      if (keys[table[slot]] == key) {
        return table[slot];
      }
      slot = (slot + 1) & mask;
    }
    keys[size] = key;
    table[slot] = size++;
    if (size == keys.length) {
      grow();
    }
    return size - 1;
  }

  private void grow() {
    keys = Arrays.copyOf(keys, 2 * size);
    table = new int[4 * size];
    Arrays.fill(table, -1);
    int mask = table.length - 1;
    for (int i = 0; i < size; i++) {
      int slot = ((keys[i] * GOLDEN) >>> 7) & mask;
      while (table[slot] >= 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = i;
    }
  }
}
