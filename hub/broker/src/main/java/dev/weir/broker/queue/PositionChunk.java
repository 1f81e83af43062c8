package dev.weir.broker.queue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// 65,536 neighbouring positions of a [PositionSet], by their lower 16 bits: a sorted list up to
/// 4,096 of them, and a bitmap of 8 KiB beyond that.
final class PositionChunk {
  static final int BITS = 16;
  static final int SIZE = 1 << BITS;

  private static final int LIST_MAX = 4_096;
  private static final int BITMAP_WORDS = SIZE / Long.SIZE;

  private char[] list = new char[4];
  private long @Nullable [] bitmap;
  private int count;

  /// No word of the bitmap before it has a bit: a queue empties its chunks from the front.
  private int firstWord;

  int count() {
    return count;
  }

  PositionChunk copy() {
    PositionChunk copy = new PositionChunk();
    copy.list = list.clone();
    copy.bitmap = bitmap == null ? null : bitmap.clone();
    copy.count = count;
    copy.firstWord = firstWord;
    return copy;
  }

  boolean contains(int low) {
    long[] bits = bitmap;
    return bits == null ? indexOf(low) >= 0 : (bits[low >>> 6] & (1L << low)) != 0;
  }

  private int indexOf(int low) {
    return Arrays.binarySearch(list, 0, count, (char) low);
  }

  /// @return whether it is new
  boolean add(int low) {
    if (bitmap == null && count == LIST_MAX && !contains(low)) {
      toBitmap();
    }
    long[] bits = bitmap;
    if (bits != null) {
      boolean isNew = (bits[low >>> 6] & (1L << low)) == 0;
      bits[low >>> 6] |= 1L << low;
      firstWord = Math.min(firstWord, low >>> 6);
      count += isNew ? 1 : 0;
      return isNew;
    }
    boolean isLast = count == 0 || list[count - 1] < low;
    int at = isLast ? -count - 1 : indexOf(low);
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

  /// Adds all from one up to another.
  ///
  /// @param end exclusive, up to 65,536
  void addRange(int first, int end) {
    if (bitmap == null && end - first + count > LIST_MAX) {
      toBitmap();
    }
    long[] bits = bitmap;
    if (bits == null) {
      for (int low = first; low < end; low++) {
        add(low);
      }
      return;
    }
    firstWord = Math.min(firstWord, first >>> 6);
    if (end - first == SIZE) {
      Arrays.fill(bits, -1L);
      count = SIZE;
      return;
    }
    for (int word = first >>> 6; word <= (end - 1) >>> 6; word++) {
      long mask = mask(word, first, end);
      count += Long.bitCount(mask & ~bits[word]);
      bits[word] |= mask;
    }
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
  ///
  /// @return whether it was there
  boolean remove(int low) {
    long[] bits = bitmap;
    if (bits != null) {
      boolean isKnown = (bits[low >>> 6] & (1L << low)) != 0;
      bits[low >>> 6] &= ~(1L << low);
      count -= isKnown ? 1 : 0;
      return isKnown;
    }
    int at = indexOf(low);
    if (at < 0) {
      return false;
    }
    System.arraycopy(list, at + 1, list, at, count - at - 1);
    count--;
    return true;
  }

  /// Removes all from one up to another that are there.
  ///
  /// @param end exclusive, up to 65,536
  void removeRange(int first, int end) {
    long[] bits = bitmap;
    if (bits == null) {
      int from = insertion(first);
      int to = end == SIZE ? count : insertion(end);
      System.arraycopy(list, to, list, from, count - to);
      count -= to - from;
      return;
    }
    for (int word = first >>> 6; word <= (end - 1) >>> 6; word++) {
      long mask = mask(word, first, end);
      count -= Long.bitCount(mask & bits[word]);
      bits[word] &= ~mask;
    }
  }

  /// Where it stands in the list, or would.
  private int insertion(int low) {
    int at = indexOf(low);
    return at >= 0 ? at : -at - 1;
  }

  /// The bits of a word between two numbers.
  private static long mask(int word, int first, int end) {
    long from = word == first >>> 6 ? -1L << first : -1L;
    long to = word == (end - 1) >>> 6 ? -1L >>> -end : -1L;
    return from & to;
  }

  /// The lowest at or after a number; -1 for none.
  int next(int from) {
    if (from >= SIZE) {
      return -1;
    }
    long[] bits = bitmap;
    if (bits == null) {
      int index = insertion(from);
      return index < count ? list[index] : -1;
    }
    boolean isFromStart = from <= firstWord << 6;
    int start = isFromStart ? firstWord : from >>> 6;
    for (int word = start; word < BITMAP_WORDS; word++) {
      long rest = word == (from >>> 6) ? bits[word] & (-1L << from) : bits[word];
      if (rest != 0) {
        firstWord = isFromStart ? word : firstWord;
        return (word << 6) + Long.numberOfTrailingZeros(rest);
      }
    }
    return -1;
  }

  /// The first that is not here behind one that is: where a run of neighbours ends.
  ///
  /// @return up to 65,536
  int endOfRun(int first) {
    long[] bits = bitmap;
    if (bits == null) {
      int index = indexOf(first);
      while (index + 1 < count && list[index + 1] == list[index] + 1) {
        index++;
      }
      return list[index] + 1;
    }
    for (int word = first >>> 6; word < BITMAP_WORDS; word++) {
      long gaps = word == (first >>> 6) ? ~bits[word] & (-1L << first) : ~bits[word];
      if (gaps != 0) {
        return (word << 6) + Long.numberOfTrailingZeros(gaps);
      }
    }
    return SIZE;
  }
}
