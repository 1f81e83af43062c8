package dev.weir.broker.queue;

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

  /// Told neighbours together.
  @FunctionalInterface
  public interface RunConsumer {
    /// @param end exclusive
    void accept(long first, long end);
  }

  private final TreeMap<Long, PositionChunk> chunks = new TreeMap<>();
  private long size;

  /// The chunk that was asked for last: a queue goes through its positions in order.
  private long recentHigh = -1;

  private @Nullable PositionChunk recent;

  private @Nullable PositionChunk chunk(long high) {
    if (high != recentHigh) {
      recent = chunks.get(high);
      recentHigh = high;
    }
    return recent;
  }

  private PositionChunk chunkFor(long high) {
    PositionChunk known = chunk(high);
    if (known != null) {
      return known;
    }
    PositionChunk fresh = new PositionChunk();
    chunks.put(high, fresh);
    recent = fresh;
    return fresh;
  }

  private void forgetRecent() {
    recentHigh = -1;
    recent = null;
  }

  /// @return whether it is new
  public boolean add(long position) {
    boolean isNew = chunkFor(high(position)).add(low(position));
    size += isNew ? 1 : 0;
    return isNew;
  }

  /// Adds all from one up to another.
  ///
  /// @param end exclusive
  public void addRange(long first, long end) {
    if (end - first == 1) {
      var _ = add(first); // most runs of mixed priorities
      return;
    }
    long at = first;
    while (at < end) {
      PositionChunk chunk = chunkFor(high(at));
      long next = Math.min(end, (high(at) + 1) << PositionChunk.BITS);
      size -= chunk.count();
      chunk.addRange(low(at), low(at) + (int) (next - at));
      size += chunk.count();
      at = next;
    }
  }

  /// @return whether it was there
  public boolean remove(long position) {
    PositionChunk chunk = size == 0 ? null : chunk(high(position));
    if (chunk == null || !chunk.remove(low(position))) {
      return false;
    }
    if (chunk.count() == 0) {
      chunks.remove(high(position));
      forgetRecent();
    }
    size--;
    return true;
  }

  /// Removes all from one up to another that are there.
  ///
  /// @param end exclusive
  public void removeRange(long first, long end) {
    Map.Entry<Long, PositionChunk> entry = chunks.ceilingEntry(high(first));
    while (entry != null && entry.getKey() << PositionChunk.BITS < end) {
      PositionChunk chunk = entry.getValue();
      long base = entry.getKey() << PositionChunk.BITS;
      size -= chunk.count();
      chunk.removeRange(
          (int) Math.max(0, first - base), (int) Math.min(PositionChunk.SIZE, end - base));
      size += chunk.count();
      if (chunk.count() == 0) {
        chunks.remove(entry.getKey());
        forgetRecent();
      }
      entry = chunks.higherEntry(entry.getKey());
    }
  }

  public boolean contains(long position) {
    PositionChunk chunk = size == 0 ? null : chunk(high(position));
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
    if (size == 0) {
      return -1;
    }
    Map.Entry<Long, PositionChunk> first = chunks.firstEntry();
    return (first.getKey() << PositionChunk.BITS) + first.getValue().next(0);
  }

  /// The lowest ones, ascending.
  ///
  /// @param max how many at most
  public long[] first(int max) {
    long[] found = new long[(int) Math.min(size, max)];
    int count = 0;
    for (Map.Entry<Long, PositionChunk> entry : chunks.entrySet()) {
      int low = entry.getValue().next(0);
      while (low >= 0 && count < found.length) {
        found[count++] = (entry.getKey() << PositionChunk.BITS) + low;
        low = entry.getValue().next(low + 1);
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
        consumer.accept((high << PositionChunk.BITS) + low);
        low = chunk.next(low + 1);
      }
    });
  }

  /// Those at or after a position, neighbours together, ascending; the set must not change
  /// meanwhile. Costs what the runs are, not what the positions are.
  public void forEachRun(long from, RunConsumer consumer) {
    long first = 0;
    long end = 0;
    for (Map.Entry<Long, PositionChunk> entry : chunks.tailMap(high(from), true).entrySet()) {
      PositionChunk chunk = entry.getValue();
      long base = entry.getKey() << PositionChunk.BITS;
      int low = chunk.next((int) Math.max(0, from - base));
      while (low >= 0) {
        if (base + low > end || end == 0) {
          tell(first, end, consumer);
          first = base + low;
        }
        int lowEnd = chunk.endOfRun(low);
        end = base + lowEnd;
        low = chunk.next(lowEnd);
      }
    }
    tell(first, end, consumer);
  }

  private static void tell(long first, long end, RunConsumer consumer) {
    if (end > first) {
      consumer.accept(first, end);
    }
  }

  /// Takes in all of another one.
  public void addAll(PositionSet other) {
    if (size == 0) {
      other.chunks.forEach((high, chunk) -> chunks.put(high, chunk.copy()));
      size = other.size;
      forgetRecent();
    } else {
      other.forEachRun(0, this::addRange);
    }
  }

  public void clear() {
    chunks.clear();
    size = 0;
    forgetRecent();
  }

  private static long high(long position) {
    return position >>> PositionChunk.BITS;
  }

  private static int low(long position) {
    return (int) position & (PositionChunk.SIZE - 1);
  }
}
