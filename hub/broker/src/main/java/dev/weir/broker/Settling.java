package dev.weir.broker;

import dev.weir.base.Checks;
import java.time.Duration;
import java.util.Optional;

/// What a consumer does with a message that it holds.
public sealed interface Settling {
  QueuedMessage message();

  /// It is dealt with.
  record Ack(QueuedMessage message) implements Settling {}

  /// It failed: to be handed out again.
  ///
  /// @param delay after this time; none for the queue's own wait
  record Nack(QueuedMessage message, Optional<Duration> delay) implements Settling {
    public Nack {
      Checks.argument(
          delay.filter(Duration::isNegative).isEmpty(),
          "delay is " + delay.orElse(Duration.ZERO) + ", expected zero or more");
    }
  }

  /// It can never be dealt with: to the dead-letter queue.
  record Reject(QueuedMessage message) implements Settling {}

  /// More time is needed.
  ///
  /// @param lease from now on
  record Extend(QueuedMessage message, Duration lease) implements Settling {
    public Extend {
      Checks.argument(lease.isPositive(), "lease is " + lease + ", expected more than zero");
    }
  }
}
