package dev.weir.broker;

import dev.weir.base.WeirException;
import java.util.List;

/// Receives messages of a queue, at most its prefetch at a time. Called by the queue's thread, one
/// at a time; every method must be quick and must not block.
public interface QueueConsumer {
  /// Where its client is, `HOST:PORT`, for who asks why; empty when that is not known.
  default String origin() {
    return "";
  }

  /// Holds a message from here on.
  void deliver(QueuedMessage message);

  /// Holds several from here on, in this order.
  default void deliverAll(List<QueuedMessage> messages) {
    messages.forEach(this::deliver);
  }

  /// The queue was deleted, or the broker closes.
  void ended(WeirException cause);
}
