package dev.weir.broker.direct;

import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.PositionSet;
import dev.weir.broker.queue.QueueSettings;
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

  /// Messages are gone, neighbours in the stream.
  ///
  /// @param end exclusive
  void settle(long first, long end) {
    long ahead = Math.clamp(scan.lowestAhead(), first, end);
    state.settle(first, ahead);
    for (long place = ahead; place < end; place++) {
      if (!state.settle(place)) {
        scan.settle(place);
      }
    }
  }

  /// Messages came, unless some between are not known of: then the stream tells all of them.
  void arrive(Arrivals arrivals) {
    if (!scan.follow(arrivals.from(), arrivals.to())) {
      return;
    }
    for (int level = 0; level < QueueSettings.LEVELS; level++) {
      arrivals.state().unsettled(level).forEachRun(0, state.unsettled(level)::addRange);
    }
    arrivals.state().delays().forEach(state.delays()::add);
  }
}
