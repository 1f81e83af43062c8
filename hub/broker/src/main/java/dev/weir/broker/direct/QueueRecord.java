package dev.weir.broker.direct;

import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.PositionSet;
import dev.weir.broker.queue.QueueState;

/// Everything that is durable of one queue.
///
/// @param id its number in the journal
/// @param scan how far the stream was looked at
/// @param state what is not settled of that
record QueueRecord(int id, QueueSpec spec, QueueScan scan, QueueState state) {

  /// A queue that begins.
  ///
  /// @param ends where the partitions end
  static QueueRecord fresh(int id, QueueSpec spec, long[] ends) {
    return new QueueRecord(id, spec, new QueueScan(ends, new PositionSet()), new QueueState());
  }

  /// A message is gone.
  void settle(long place) {
    if (!state.settle(place)) {
      scan.settle(place);
    }
  }
}
