package dev.weir.broker.retained;

import dev.weir.broker.StoredBatch;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The parts of the stream that are to be looked through for retained messages, in the order in
/// which they were committed. Bounded: beyond a number of batches the stream itself is read on.
/// Guarded by its keeper's lock.
final class PendingParts {
  /// Batches known one by one; beyond them the stream itself is read on from the first one.
  private static final int MAX_PENDING = 16_384;

  /// Pending batches within so many offsets are read in one go, and written with one fsync.
  private static final long MAX_SPAN = 1 << 16;

  /// A part of the stream that is to be looked through.
  ///
  /// @param to exclusive; [#ALL] for up to the end of what was told by then
  /// @param told how many were told up to this one
  record Part(int partition, long from, long to, long told) {
    static final long ALL = Long.MAX_VALUE;

    private boolean joins(Part next) {
      return to != ALL
          && partition == next.partition
          && next.to != ALL
          && next.to - from <= MAX_SPAN;
    }
  }

  private final ArrayDeque<Part> parts = new ArrayDeque<>();
  private final long[] ends;
  private final boolean[] isOverflown;
  private long told;

  PendingParts(int partitions) {
    this.ends = new long[partitions];
    this.isOverflown = new boolean[partitions];
  }

  /// Nothing before is to be looked through.
  void begin(int partition, long end) {
    ends[partition] = end;
  }

  /// A batch was committed.
  void add(StoredBatch batch) {
    int partition = batch.partition();
    ends[partition] = batch.endOffset();
    if (isOverflown[partition]) {
      return;
    }
    told++;
    isOverflown[partition] = parts.size() >= MAX_PENDING - ends.length;
    long to = isOverflown[partition] ? Part.ALL : batch.endOffset();
    parts.add(new Part(partition, batch.baseOffset(), to, told));
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /// How many were told so far.
  long told() {
    return told;
  }

  /// The next part, with those behind it that are near; null when there is none.
  @Nullable Part poll() {
    Part joined = parts.poll();
    Part next = parts.peek();
    while (joined != null && next != null && joined.joins(next)) {
      joined = new Part(joined.partition(), joined.from(), next.to(), next.told());
      parts.poll();
      next = parts.peek();
    }
    return joined;
  }

  /// Where a part ends; of one that goes on to the end everything told by now is in it.
  long endOf(Part part) {
    if (part.to() != Part.ALL) {
      return part.to();
    }
    isOverflown[part.partition()] = false;
    return ends[part.partition()];
  }
}
