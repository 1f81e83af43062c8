package dev.weir.broker.direct;

import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.PositionSet;
import dev.weir.broker.queue.QueueState;

/// Everything that is durable of one queue.
///
/// @param id never used again
/// @param scanned by partition: what stands before it in the stream was looked at
/// @param state what is not settled of that
/// @param settledAhead settled, but behind `scanned`: known only until the scan has passed them
record QueueRecord(
    int id, QueueSpec spec, long[] scanned, QueueState state, PositionSet settledAhead) {

  /// The place of a message: partitions interleaved, so that lower is about as old in all of them.
  static long place(int partition, long offset, int partitions) {
    return offset * partitions + partition;
  }

  boolean isAhead(long place) {
    return place / scanned.length >= scanned[(int) (place % scanned.length)];
  }

  /// A message is gone.
  void settle(long place) {
    if (!state.settle(place) && isAhead(place)) {
      settledAhead.add(place);
    }
  }
}
