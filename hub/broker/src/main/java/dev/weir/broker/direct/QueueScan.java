package dev.weir.broker.direct;

import dev.weir.broker.queue.PositionSet;

/// How far a queue has looked at its stream. Guarded by the queues' lock.
///
/// A message's *place* in a queue is its offset and its partition in one number, partitions
/// interleaved, so that lower is about as old in all of them.
final class QueueScan {
  /// By partition: what stands before it was looked at.
  private final long[] offsets;

  /// Settled, but not looked at since the last start: to be left out.
  private final PositionSet settledAhead;

  QueueScan(long[] offsets, PositionSet settledAhead) {
    this.offsets = offsets.clone();
    this.settledAhead = settledAhead;
  }

  int partitions() {
    return offsets.length;
  }

  long offset(int partition) {
    return offsets[partition];
  }

  PositionSet settledAhead() {
    return settledAhead;
  }

  long place(int partition, long offset) {
    return offset * offsets.length + partition;
  }

  int partition(long place) {
    return (int) (place % offsets.length);
  }

  long offsetOf(long place) {
    return place / offsets.length;
  }

  /// A message is settled: remembered while it is ahead.
  void settle(long place) {
    if (offsetOf(place) >= offsets[partition(place)]) {
      settledAhead.add(place);
    }
  }

  /// A message is looked at.
  ///
  /// @return false when it is settled already
  boolean meet(long place) {
    return !settledAhead.remove(place);
  }

  /// Everything before an offset was looked at.
  void advance(int partition, long offset) {
    offsets[partition] = Math.max(offsets[partition], offset);
  }
}
