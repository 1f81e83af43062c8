package dev.weir.message;

import dev.weir.base.Bytes;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Message ids by index, ascending, as two arrays: a header is made and read several times on the
/// way of a batch, and trees of some hundred ids would be most of what that costs. Immutable.
final class MessageIds extends AbstractMap<Integer, Bytes> {
  private final int[] indexes;
  private final Bytes[] ids;

  private MessageIds(int[] indexes, Bytes[] ids) {
    this.indexes = indexes;
    this.ids = ids;
  }

  /// A copy, or the same where it is one already.
  static Map<Integer, Bytes> copyOf(Map<Integer, Bytes> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    if (ids instanceof MessageIds known) {
      return known;
    }
    Builder builder = new Builder();
    ids.forEach(builder::put);
    return builder.build();
  }

  @Override
  public int size() {
    return indexes.length;
  }

  @Override
  public @Nullable Bytes get(@Nullable Object index) {
    int found = index instanceof Integer number ? Arrays.binarySearch(indexes, number) : -1;
    return found < 0 ? null : ids[found];
  }

  @Override
  public boolean containsKey(@Nullable Object index) {
    return get(index) != null;
  }

  @Override
  public Set<Entry<Integer, Bytes>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return indexes.length;
      }

      @Override
      public Iterator<Entry<Integer, Bytes>> iterator() {
        return new Entries();
      }
    };
  }

  private final class Entries implements Iterator<Entry<Integer, Bytes>> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < indexes.length;
    }

    @Override
    public Entry<Integer, Bytes> next() {
      if (next == indexes.length) {
        throw new NoSuchElementException();
      }
      Entry<Integer, Bytes> entry = Map.entry(indexes[next], ids[next]);
      next++;
      return entry;
    }
  }

  /// Gathers ids, ascending as a rule.
  static final class Builder {
    private static final Bytes[] NONE = new Bytes[0];

    private int[] indexes = new int[0];
    private Bytes[] ids = NONE;
    private int count;
    private boolean isAscending = true;

    /// A later id of an index counts.
    void put(int index, Bytes id) {
      if (count == indexes.length) {
        indexes = Arrays.copyOf(indexes, Math.max(8, 2 * count));
        ids = Arrays.copyOf(ids, indexes.length);
      }
      isAscending &= count == 0 || indexes[count - 1] < index;
      indexes[count] = index;
      ids[count] = id;
      count++;
    }

    Map<Integer, Bytes> build() {
      if (count == 0) {
        return Map.of();
      }
      if (isAscending) {
        return new MessageIds(Arrays.copyOf(indexes, count), Arrays.copyOf(ids, count));
      }
      TreeMap<Integer, Bytes> sorted = new TreeMap<>();
      for (int i = 0; i < count; i++) {
        sorted.put(indexes[i], ids[i]);
      }
      int[] keys = sorted.keySet().stream().mapToInt(Integer::intValue).toArray();
      return new MessageIds(keys, sorted.values().toArray(NONE));
    }
  }
}
