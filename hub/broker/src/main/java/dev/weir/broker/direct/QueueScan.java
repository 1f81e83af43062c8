package dev.weir.broker.direct;

import dev.weir.broker.queue.PositionSet;

/// How far a queue has looked at its stream. Guarded by the queues' lock.
///
/// A message's *place* in a queue is its offset and its partition in one number, partitions
/// interleaved, so that lower is about as old in all of them.
final class QueueScan {
  /// By partition: what stands before it was looked at.
  private final long[] offsets;

  /// As far as it stands in the journal: what was looked at since is to be written.
  private final long[] noted;

  /// Settled, but not looked at since the last start: to be left out.
  private final PositionSet settledAhead;

  QueueScan(long[] offsets, PositionSet settledAhead) {
    this.offsets = offsets.clone();
    this.noted = offsets.clone();
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

  /// What was looked at since this was asked last.
  ///
  /// @param from by partition
  /// @param to by partition; exclusive
  /// @param lowestPlace no place of it is lower; `Long.MAX_VALUE` when there is none
  @SuppressWarnings("ArrayRecordComponent") // Made once, read once.
  record News(long[] from, long[] to, long lowestPlace) {}

  /// What is to be written to the journal; it counts as written from now on.
  News takeNews() {
    long[] from = noted.clone();
    long lowest = Long.MAX_VALUE;
    for (int i = 0; i < offsets.length; i++) {
      if (offsets[i] > noted[i]) {
        lowest = Math.min(lowest, place(i, noted[i]));
        noted[i] = offsets[i];
      }
    }
    return new News(from, noted.clone(), lowest);
  }

  /// Takes over what a journal says was looked at.
  ///
  /// @return false when something between was not told: the stream is to be looked at from here
  boolean follow(long[] from, long[] to) {
    for (int i = 0; i < offsets.length; i++) {
      if (from[i] > offsets[i]) {
        return false;
      }
    }
    for (int i = 0; i < offsets.length; i++) {
      advance(i, to[i]);
    }
    settledAhead.removeRange(0, lowestAhead());
    System.arraycopy(offsets, 0, noted, 0, offsets.length);
    return true;
  }

  /// Every place before it was looked at.
  long lowestAhead() {
    long lowest = Long.MAX_VALUE;
    for (int i = 0; i < offsets.length; i++) {
      lowest = Math.min(lowest, place(i, offsets[i]));
    }
    return lowest;
  }
}
