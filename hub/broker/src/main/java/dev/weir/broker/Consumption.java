package dev.weir.broker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// A consumer at its queue. Any thread may call any method. What is settled fails with a
/// [dev.weir.base.WeirException] LEASE_OVER when the consumer does not hold the message any more.
public interface Consumption extends AutoCloseable {
  /// Changes how many messages the consumer may hold, 0 or more.
  void prefetch(int messages);

  /// The message is dealt with.
  ///
  /// @return completes once that is durable: it is never handed out again
  CompletionStage<Void> ack(QueuedMessage message);

  /// It failed: to be handed out again after the queue's own wait.
  CompletionStage<Void> nack(QueuedMessage message);

  /// It failed: to be handed out again after a time.
  CompletionStage<Void> nack(QueuedMessage message, Duration delay);

  /// It can never be dealt with: to the dead-letter queue.
  CompletionStage<Void> reject(QueuedMessage message);

  /// More time is needed.
  ///
  /// @param lease from now on
  CompletionStage<Void> extend(QueuedMessage message, Duration lease);

  /// Settles several in this order, as if one after the other; they become durable together.
  Settlements settle(List<Settling> settlings);

  /// Leaves; what it holds counts as delivered and goes to others at once. Idempotent.
  @Override
  void close();
}
