package dev.weir.broker.retained;

import dev.weir.base.Checks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A number by topic, in the order of the topics' bytes. Not thread safe.
///
/// Problem: a million topics as strings in a map take 100 MB and more, a hash of each finds no
/// wildcard. Idea: topics that stand beside each other begin alike, so they are kept in sorted
/// blocks of up to 64 in which each tells only how it differs from the one before ("front coding").
/// Sorted, all topics under one prefix lie together, which is what a filter asks for.
///
/// A block:
///
/// ```
///  entries, ascending:
///    varint  bytes shared with the topic before; 0 for the first
///    varint  length of the rest
///    bytes   the rest, UTF-8
///    i64     the value, big-endian
/// ```
public final class TopicIndex {
  /// What [#get] answers for a topic that is not there.
  public static final long ABSENT = -1;

  /// A look-up reads half of one on average; of more entries each would share more.
  private static final int MAX_BLOCK = 64;

  /// Looks at a topic.
  @FunctionalInterface
  public interface Visitor {
    /// @return false to stop
    boolean visit(String topic, long value);
  }

  private final List<byte[]> blocks = new ArrayList<>();
  private int size;
  private long bytes;

  public int size() {
    return size;
  }

  /// Bytes of all blocks.
  public long bytes() {
    return bytes;
  }

  /// The value, [#ABSENT] for none.
  public long get(String topic) {
    byte[] key = key(topic);
    int at = blockOf(key);
    if (at < 0) {
      return ABSENT;
    }
    Entries entries = new Entries(blocks.get(at));
    while (entries.next()) {
      int order = entries.compareTo(key);
      if (order >= 0) {
        return order == 0 ? entries.value() : ABSENT;
      }
    }
    return ABSENT;
  }

  /// Sets the value.
  ///
  /// @param value 0 or more
  public void put(String topic, long value) {
    Checks.range("value", value, 0, Long.MAX_VALUE);
    byte[] key = key(topic);
    int at = Math.max(0, blockOf(key));
    if (blocks.isEmpty()) {
      replace(0, 0, List.of(new Pair(key, value)));
      size = 1;
      return;
    }
    if (setInPlace(blocks.get(at), key, value)) {
      return;
    }
    List<Pair> pairs = decode(blocks.get(at));
    int place = 0;
    while (place < pairs.size() && Arrays.compareUnsigned(pairs.get(place).key, key) < 0) {
      place++;
    }
    pairs.add(place, new Pair(key, value));
    size++;
    replace(at, 1, pairs);
  }

  /// Takes a topic out.
  ///
  /// @return false when it was not there
  public boolean remove(String topic) {
    byte[] key = key(topic);
    int at = blockOf(key);
    if (at < 0) {
      return false;
    }
    List<Pair> pairs = decode(blocks.get(at));
    if (!pairs.removeIf(pair -> Arrays.equals(pair.key, key))) {
      return false;
    }
    size--;
    replace(at, 1, pairs);
    return true;
  }

  /// Visits the topics that begin with a prefix, in order.
  ///
  /// @param after only those behind this one; empty from the first
  public void walk(String prefix, String after, Visitor visitor) {
    byte[] under = key(prefix);
    byte[] behind = key(after);
    byte[] from = Arrays.compareUnsigned(under, behind) > 0 ? under : behind;
    for (int at = Math.max(0, blockOf(from)); at < blocks.size(); at++) {
      Entries entries = new Entries(blocks.get(at));
      while (entries.next()) {
        if (entries.compareTo(from) < 0 || (behind.length > 0 && entries.compareTo(behind) <= 0)) {
          continue;
        }
        if (!entries.startsWith(under) || !visitor.visit(entries.topic(), entries.value())) {
          return;
        }
      }
    }
  }

  private static byte[] key(String topic) {
    return topic.getBytes(StandardCharsets.UTF_8);
  }

  /// The last block whose first topic is not behind the key; -1 when all are.
  private int blockOf(byte[] key) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (compareFirst(blocks.get(middle), key) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /// The first topic of a block stands there whole, behind a zero and its length.
  private static int compareFirst(byte[] block, byte[] key) {
    int length = block[1] >= 0 ? block[1] : (block[1] & 0x7f) | (block[2] << 7);
    int from = block[1] >= 0 ? 2 : 3;
    return Arrays.compareUnsigned(block, from, from + length, key, 0, key.length);
  }

  private static boolean setInPlace(byte[] block, byte[] key, long value) {
    Entries entries = new Entries(block);
    while (entries.next()) {
      int order = entries.compareTo(key);
      if (order >= 0) {
        if (order == 0) {
          entries.set(value);
        }
        return order == 0;
      }
    }
    return false;
  }

  private static List<Pair> decode(byte[] block) {
    List<Pair> pairs = new ArrayList<>(MAX_BLOCK + 1);
    Entries entries = new Entries(block);
    while (entries.next()) {
      pairs.add(new Pair(entries.key(), entries.value()));
    }
    return pairs;
  }

  /// Puts pairs where `count` blocks are: none, one, or two where they are too many for one. Topics
  /// that come in order fill their blocks: the second one gets only what does not fit.
  private void replace(int at, int count, List<Pair> pairs) {
    for (int i = 0; i < count; i++) {
      bytes -= blocks.remove(at).length;
    }
    int left = pairs.size();
    if (left > MAX_BLOCK) {
      boolean isAppending = at == blocks.size();
      left = isAppending ? MAX_BLOCK : pairs.size() / 2;
      add(at, pairs.subList(left, pairs.size()));
    }
    if (left > 0) {
      add(at, pairs.subList(0, left));
    }
  }

  private void add(int at, List<Pair> pairs) {
    byte[] block = encode(pairs);
    bytes += block.length;
    blocks.add(at, block);
  }

  private static byte[] encode(List<Pair> pairs) {
    int bound = 0;
    for (Pair pair : pairs) {
      bound += pair.key.length + Long.BYTES + 4;
    }
    ByteBuffer out = ByteBuffer.allocate(bound);
    byte[] before = new byte[0];
    for (Pair pair : pairs) {
      int mismatch = Arrays.mismatch(before, pair.key);
      int shared = mismatch < 0 ? before.length : mismatch;
      varint(out, shared);
      varint(out, pair.key.length - shared);
      out.put(pair.key, shared, pair.key.length - shared).putLong(pair.value);
      before = pair.key;
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /// Lengths are at most 1,024: one byte or two.
  private static void varint(ByteBuffer out, int value) {
    if (value >= 0x80) {
      out.put((byte) (value | 0x80));
    }
    out.put((byte) (value >= 0x80 ? value >>> 7 : value));
  }

  /// A topic and its value, taken out of a block.
  private static final class Pair {
    private final byte[] key;
    private final long value;

    Pair(byte[] key, long value) {
      this.key = key;
      this.value = value;
    }
  }

  /// Walks through one block.
  private static final class Entries {
    private final byte[] block;
    private byte[] current = new byte[64];
    private int length;
    private int index;

    Entries(byte[] block) {
      this.block = block;
    }

    boolean next() {
      if (index == block.length) {
        return false;
      }
      int shared = varint();
      int rest = varint();
      length = shared + rest;
      if (length > current.length) {
        current = Arrays.copyOf(current, 2 * length);
      }
      System.arraycopy(block, index, current, shared, rest);
      index += rest + Long.BYTES;
      return true;
    }

    private int varint() {
      int low = block[index++];
      return low >= 0 ? low : (low & 0x7f) | (block[index++] << 7);
    }

    int compareTo(byte[] key) {
      return Arrays.compareUnsigned(current, 0, length, key, 0, key.length);
    }

    boolean startsWith(byte[] prefix) {
      return length >= prefix.length
          && Arrays.equals(current, 0, prefix.length, prefix, 0, prefix.length);
    }

    byte[] key() {
      return Arrays.copyOf(current, length);
    }

    String topic() {
      return new String(current, 0, length, StandardCharsets.UTF_8);
    }

    long value() {
      return ByteBuffer.wrap(block).getLong(index - Long.BYTES);
    }

    void set(long value) {
      ByteBuffer.wrap(block).putLong(index - Long.BYTES, value);
    }
  }
}
