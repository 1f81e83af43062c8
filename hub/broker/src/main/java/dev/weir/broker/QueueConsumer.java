package dev.weir.broker;

import dev.weir.base.WeirException;

/// Receives messages of a queue, at most its prefetch at a time. Called by the queue's thread, one
/// at a time; both methods must be quick and must not block.
public interface QueueConsumer {
  /// Where its client is, `HOST:PORT`, for who asks why; empty when that is not known.
  default String origin() {
    return "";
  }

  /// Holds a message from here on.
  void deliver(QueuedMessage message);

  /// The queue was deleted, or the broker closes.
  void ended(WeirException cause);
}
