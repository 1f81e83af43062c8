package dev.weir.broker.queue;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A set of positions that costs a bit each where they are dense and two bytes where they are not:
/// the backlog of a queue.
///
/// Positions are cut into chunks of 65,536. A chunk is a sorted list of 16-bit numbers up to 4,096
/// of them, and a bitmap of 8 KiB beyond that (as in "Better bitmap performance with Roaring
/// bitmaps", Chambi et al. 2016). Per chunk that holds anything: about 120 bytes more.
public final class PositionSet {
  /// Leaves room for a priority above a position.
  public static final long MAX_POSITION = (1L << 58) - 1;

  private static final int CHUNK_BITS = 16;
  private static final int LIST_MAX = 4_096;
  private static final int BITMAP_WORDS = 1 << (CHUNK_BITS - 6);

  private final TreeMap<Long, Chunk> chunks = new TreeMap<>();
  private long size;

  /// One chunk: a list or a bitmap.
  private static final class Chunk {
    private char[] list = new char[4];
    private long @Nullable [] bitmap;
    private int count;

    Chunk copy() {
      Chunk copy = new Chunk();
      copy.list = list.clone();
      copy.bitmap = bitmap == null ? null : bitmap.clone();
      copy.count = count;
      return copy;
    }

    boolean contains(int low) {
      long[] bits = bitmap;
      return bits == null
          ? Arrays.binarySearch(list, 0, count, (char) low) >= 0
          : (bits[low >>> 6] & (1L << low)) != 0;
    }

    boolean add(int low) {
      if (bitmap == null && count == LIST_MAX && !contains(low)) {
        toBitmap();
      }
      long[] bits = bitmap;
      if (bits != null) {
        boolean isNew = (bits[low >>> 6] & (1L << low)) == 0;
        bits[low >>> 6] |= 1L << low;
        count += isNew ? 1 : 0;
        return isNew;
      }
      boolean isLast = count == 0 || list[count - 1] < low;
      int at = isLast ? -count - 1 : Arrays.binarySearch(list, 0, count, (char) low);
      if (at >= 0) {
        return false;
      }
      insert(-at - 1, low);
      return true;
    }

    private void insert(int index, int low) {
      if (count == list.length) {
        list = Arrays.copyOf(list, Math.min(LIST_MAX, count * 2));
      }
      System.arraycopy(list, index, list, index + 1, count - index);
      list[index] = (char) low;
      count++;
    }

    private void toBitmap() {
      long[] bits = new long[BITMAP_WORDS];
      for (int i = 0; i < count; i++) {
        bits[list[i] >>> 6] |= 1L << list[i];
      }
      bitmap = bits;
      list = new char[0];
    }

    /// A bitmap stays one until it is empty: a queue empties its chunks from the front.
    boolean remove(int low) {
      long[] bits = bitmap;
      if (bits != null) {
        boolean isKnown = (bits[low >>> 6] & (1L << low)) != 0;
        bits[low >>> 6] &= ~(1L << low);
        count -= isKnown ? 1 : 0;
        return isKnown;
      }
      int at = Arrays.binarySearch(list, 0, count, (char) low);
      if (at < 0) {
        return false;
      }
      System.arraycopy(list, at + 1, list, at, count - at - 1);
      count--;
      return true;
    }

    /// The lowest at or after a number; -1 for none.
    int next(int from) {
      long[] bits = bitmap;
      if (bits == null) {
        int at = Arrays.binarySearch(list, 0, count, (char) from);
        int index = at >= 0 ? at : -at - 1;
        return index < count ? list[index] : -1;
      }
      for (int word = from >>> 6; word < BITMAP_WORDS; word++) {
        long rest = word == (from >>> 6) ? bits[word] & (-1L << from) : bits[word];
        if (rest != 0) {
          return (word << 6) + Long.numberOfTrailingZeros(rest);
        }
      }
      return -1;
    }
  }

  /// @return whether it is new
  public boolean add(long position) {
    Chunk chunk = chunks.computeIfAbsent(position >>> CHUNK_BITS, _ -> new Chunk());
    boolean isNew = chunk.add(low(position));
    size += isNew ? 1 : 0;
    return isNew;
  }

  /// @return whether it was there
  public boolean remove(long position) {
    Chunk chunk = chunks.get(position >>> CHUNK_BITS);
    if (chunk == null || !chunk.remove(low(position))) {
      return false;
    }
    if (chunk.count == 0) {
      chunks.remove(position >>> CHUNK_BITS);
    }
    size--;
    return true;
  }

  public boolean contains(long position) {
    Chunk chunk = chunks.get(position >>> CHUNK_BITS);
    return chunk != null && chunk.contains(low(position));
  }

  public long size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /// The lowest; -1 for none.
  public long first() {
    Map.Entry<Long, Chunk> first = chunks.firstEntry();
    return first == null ? -1 : (first.getKey() << CHUNK_BITS) + first.getValue().next(0);
  }

  /// The lowest ones, ascending.
  ///
  /// @param max how many at most
  public long[] first(int max) {
    long[] found = new long[(int) Math.min(size, max)];
    int count = 0;
    for (Map.Entry<Long, Chunk> entry : chunks.entrySet()) {
      int low = entry.getValue().next(0);
      while (low >= 0 && count < found.length) {
        found[count++] = (entry.getKey() << CHUNK_BITS) + low;
        low = low == 0xffff ? -1 : entry.getValue().next(low + 1);
      }
      if (count == found.length) {
        break;
      }
    }
    return found;
  }

  /// All of them, ascending; the set must not change meanwhile.
  public void forEach(LongConsumer consumer) {
    chunks.forEach((high, chunk) -> {
      int low = chunk.next(0);
      while (low >= 0) {
        consumer.accept((high << CHUNK_BITS) + low);
        low = low == 0xffff ? -1 : chunk.next(low + 1);
      }
    });
  }

  /// Takes in all of another one.
  public void addAll(PositionSet other) {
    if (size == 0) {
      other.chunks.forEach((high, chunk) -> chunks.put(high, chunk.copy()));
      size = other.size;
    } else {
      other.forEach(this::add);
    }
  }

  public void clear() {
    chunks.clear();
    size = 0;
  }

  private static int low(long position) {
    return (int) position & 0xffff;
  }
}
