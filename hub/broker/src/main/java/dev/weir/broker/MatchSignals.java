package dev.weir.broker;

import java.util.concurrent.atomic.AtomicLongArray;

/// Where, in each partition, the tail said that something matches a subscription: the first of it
/// since it was asked to forget, and the last of all.
///
/// Both save reading. Who slept jumps to the first; who has read the last goes on where the tail
/// has got to, for nothing between matches.
///
/// The tail's thread tells, in any order; any thread asks.
final class MatchSignals {
  private static final long NONE = -1;

  private final AtomicLongArray firsts;
  private final AtomicLongArray lasts;

  MatchSignals(int partitions) {
    this.firsts = new AtomicLongArray(partitions);
    this.lasts = new AtomicLongArray(partitions);
    for (int i = 0; i < partitions; i++) {
      firsts.set(i, NONE);
      lasts.set(i, NONE);
    }
  }

  /// Something from the first offset to the last one matches.
  void tell(int partition, long firstOffset, long lastOffset) {
    if (lastOffset > lasts.get(partition)) {
      lasts.set(partition, lastOffset); // The tail's thread alone writes it.
    }
    long known = firsts.get(partition);
    while (known == NONE || firstOffset < known) {
      if (firsts.compareAndSet(partition, known, firstOffset)) {
        return;
      }
      known = firsts.get(partition);
    }
  }

  /// What was told before of a partition does not count any more for [#first].
  void forget(int partition) {
    firsts.set(partition, NONE);
  }

  /// Where the first of it is, -1 when there is none.
  long first(int partition) {
    return firsts.get(partition);
  }

  /// Nothing that was told of is at or behind the offset.
  boolean isNothingFrom(int partition, long offset) {
    return lasts.get(partition) < offset;
  }
}
