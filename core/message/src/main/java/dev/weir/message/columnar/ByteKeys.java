package dev.weir.message.columnar;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Numbers byte strings in the order in which they are first seen: a hash table with open
/// addressing over ranges of an array that outlives it. Owned by one thread; reused.
final class ByteKeys {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// Fibonacci hashing (Knuth, TAOCP 3, §6.4).
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private byte[] bytes = new byte[0];
  private int[] table = new int[64];
  private int[] starts = new int[16];
  private int[] lengths = new int[16];
  private int[] tags = new int[16];
  private long[] hashes = new long[16];
  private int size;

  /// Forgets everything.
  ///
  /// @param source what the keys are ranges of
  void begin(byte[] source) {
    bytes = source;
    size = 0;
    Arrays.fill(table, -1);
  }

  int size() {
    return size;
  }

  int start(int key) {
    return starts[key];
  }

  int length(int key) {
    return lengths[key];
  }

  int tag(int key) {
    return tags[key];
  }

  /// Whether a key is this one: a guess costs no hash.
  boolean is(int key, int start, int length, int tag) {
    return lengths[key] == length
        && tags[key] == tag
        && Arrays.equals(bytes, starts[key], starts[key] + length, bytes, start, start + length);
  }

  /// The number of a key, a new one if it was not seen before.
  ///
  /// @param tag tells equal bytes of different meaning apart
  int number(int start, int length, int tag) {
    long hash = hash(start, length, tag);
    int mask = table.length - 1;
    int slot = (int) (hash >>> 32) & mask;
    while (table[slot] >= 0) {
      int key = table[slot];
      if (hashes[key] == hash && is(key, start, length, tag)) {
        return key;
      }
      slot = (slot + 1) & mask;
    }
    add(start, length, tag, hash);
    table[slot] = size - 1;
    if (2 * size > table.length) {
      grow();
    }
    return size - 1;
  }

  private long hash(int start, int length, int tag) {
    long hash = length + ((long) tag << 32);
    int at = start;
    int end = start + length;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      hash = (hash ^ (long) LONGS.get(bytes, at)) * GOLDEN;
      hash ^= hash >>> 32;
    }
    for (; at < end; at++) {
      hash = (hash ^ bytes[at]) * GOLDEN;
    }
    return hash ^ (hash >>> 29);
  }

  private void add(int start, int length, int tag, long hash) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      lengths = Arrays.copyOf(lengths, 2 * size);
      tags = Arrays.copyOf(tags, 2 * size);
      hashes = Arrays.copyOf(hashes, 2 * size);
    }
    starts[size] = start;
    lengths[size] = length;
    tags[size] = tag;
    hashes[size++] = hash;
  }

  private void grow() {
    table = new int[4 * table.length];
    Arrays.fill(table, -1);
    int mask = table.length - 1;
    for (int key = 0; key < size; key++) {
      int slot = (int) (hashes[key] >>> 32) & mask;
      while (table[slot] >= 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = key;
    }
  }
}
