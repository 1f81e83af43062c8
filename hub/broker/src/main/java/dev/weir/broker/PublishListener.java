package dev.weir.broker;

import dev.weir.base.WeirException;
import dev.weir.message.Receipt;

/// Told once what became of a publish. Runs on the engine's thread or on the publisher's own,
/// within the offer: it must be quick and must not block.
public interface PublishListener {
  /// The batch is durable.
  ///
  /// @param commitMicros time spent in write and fsync, 0 for a duplicate
  /// @param queueMicros its wait before that
  void stored(Receipt receipt, long commitMicros, long queueMicros);

  /// The batch is not stored.
  void failed(WeirException cause);

  /// Instead, of a batch that may be parted ([PublishRequest#isParting]): nothing of it is stored,
  /// its messages are to be offered one by one.
  default void parted() {
    throw new IllegalStateException("a batch was parted that goes as a whole");
  }
}
