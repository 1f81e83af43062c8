package dev.weir.broker;

import dev.weir.base.WeirException;
import dev.weir.message.BatchScan;

/// What an engine tells its broker, on its own threads: every method must be quick and must not
/// block.
public interface EngineListener {
  /// A batch became durable; in offset order within a partition.
  ///
  /// @param scan how its messages divide over its topics
  void committed(StoredBatch batch, BatchScan scan);

  /// An append was refused for want of room before and might be taken now.
  void room();

  /// Nothing can be stored until [#resumed].
  void suspended(WeirException cause);

  /// Appends are taken again.
  void resumed();
}
