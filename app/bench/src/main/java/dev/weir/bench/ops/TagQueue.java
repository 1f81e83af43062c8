package dev.weir.bench.ops;

/// The tags of operations that are answered in their order. Owned by one thread; grows, allocates
/// nothing in steady state.
final class TagQueue {
  private long[] tags = new long[1 << 12];
  private int head;
  private int count;

  void add(long tag) {
    if (count == tags.length) {
      long[] larger = new long[count * 2];
      for (int i = 0; i < count; i++) {
        larger[i] = tags[(head + i) & (count - 1)];
      }
      tags = larger;
      head = 0;
    }
    tags[(head + count) & (tags.length - 1)] = tag;
    count++;
  }

  /// @throws IllegalStateException when it is empty: an answer to nothing
  long remove() {
    if (count == 0) {
      throw new IllegalStateException("an answer came to no question");
    }
    long tag = tags[head];
    head = (head + 1) & (tags.length - 1);
    count--;
    return tag;
  }

  boolean isEmpty() {
    return count == 0;
  }
}
