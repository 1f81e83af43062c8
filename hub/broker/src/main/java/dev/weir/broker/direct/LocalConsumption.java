package dev.weir.broker.direct;

import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Consumption;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueuedMessage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// A consumer of a queue in this process. Any thread.
final class LocalConsumption implements Consumption {
  private final QueueHost host;
  private final Recorder recorder;
  private final DurableQueue queue;
  private final long id;
  private final QueueConsumer consumer;

  LocalConsumption(
      QueueHost host, Recorder recorder, DurableQueue queue, long id, QueueConsumer consumer) {
    this.host = host;
    this.recorder = recorder;
    this.queue = queue;
    this.id = id;
    this.consumer = consumer;
  }

  /// One thing that a machine does with a held message.
  @FunctionalInterface
  private interface Settling {
    boolean run(long place, long lease, long nowMicros);
  }

  @Override
  public void prefetch(int messages) {
    host.lock.lock();
    try {
      if (queue.consumer(id) != null) {
        queue.attach(id, consumer, messages);
      }
    } finally {
      host.lock.unlock();
    }
  }

  @Override
  public CompletionStage<Void> ack(QueuedMessage message) {
    return settle(message, queue.machine()::ack);
  }

  @Override
  public CompletionStage<Void> nack(QueuedMessage message) {
    return settle(message, queue.machine()::nack);
  }

  @Override
  public CompletionStage<Void> nack(QueuedMessage message, Duration delay) {
    Checks.argument(!delay.isNegative(), "delay is " + delay + ", expected zero or more");
    long micros = TimeUnit.MILLISECONDS.toMicros(delay.toMillis());
    return settle(message, (place, lease, now) -> queue.machine().nack(place, lease, micros, now));
  }

  @Override
  public CompletionStage<Void> reject(QueuedMessage message) {
    return settle(message, queue.machine()::reject);
  }

  @Override
  public CompletionStage<Void> extend(QueuedMessage message, Duration lease) {
    Checks.argument(lease.isPositive(), "lease is " + lease + ", expected more than zero");
    long micros = TimeUnit.MILLISECONDS.toMicros(lease.toMillis());
    return settle(
        message, (place, held, now) -> queue.machine().extend(place, held, now + micros, now));
  }

  private CompletionStage<Void> settle(QueuedMessage message, Settling settling) {
    host.lock.lock();
    try {
      boolean isHeld = settling.run(message.place(), message.lease(), host.nowMicros());
      queue.wake();
      return isHeld ? recorder.durable() : CompletableFuture.failedFuture(notHeld(message));
    } finally {
      host.lock.unlock();
    }
  }

  private WeirException notHeld(QueuedMessage message) {
    return new WeirException(
        ErrorCode.LEASE_OVER,
        "The message at "
            + message.position()
            + " of queue '"
            + queue.spec().name()
            + "' is not held under this lease any more.");
  }

  @Override
  public void close() {
    host.lock.lock();
    try {
      queue.detach(id);
    } finally {
      host.lock.unlock();
    }
  }
}
