package dev.weir.broker.direct;

import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.Death;
import org.jspecify.annotations.Nullable;

/// Takes in the operations of a record, in order.
interface QueueReplay {
  void created(int id, QueueSpec spec, long[] scanned);

  void deleted(int id);

  /// Messages that are neighbours.
  ///
  /// @param end exclusive
  void settled(int id, long first, long end);

  void returned(int id, long place, int deliveries, long dueMicros);

  /// @param death null when the message was moved by hand
  void moved(int from, int to, long place, int level, @Nullable Death death);

  /// What was looked at since the last such operation, or since the state.
  void arrived(int id, Arrivals arrivals);

  /// All of a queue's state, in place of what was known.
  void state(QueueRecord record);
}
