package dev.weir.broker.direct;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Consumption;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Settlements;
import dev.weir.broker.Settling;
import dev.weir.broker.queue.QueueMachine;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    return alone(new Settling.Ack(message));
  }

  @Override
  public CompletionStage<Void> nack(QueuedMessage message) {
    return alone(new Settling.Nack(message, Optional.empty()));
  }

  @Override
  public CompletionStage<Void> nack(QueuedMessage message, Duration delay) {
    return alone(new Settling.Nack(message, Optional.of(delay)));
  }

  @Override
  public CompletionStage<Void> reject(QueuedMessage message) {
    return alone(new Settling.Reject(message));
  }

  @Override
  public CompletionStage<Void> extend(QueuedMessage message, Duration lease) {
    return alone(new Settling.Extend(message, lease));
  }

  private CompletionStage<Void> alone(Settling settling) {
    Settlements settled = settle(List.of(settling));
    WeirException refusal = settled.refused().get(0);
    return refusal == null ? settled.durable() : CompletableFuture.failedFuture(refusal);
  }

  @Override
  public Settlements settle(List<Settling> settlings) {
    Map<Integer, WeirException> refused = new HashMap<>();
    host.lock.lock();
    try {
      long now = host.nowMicros();
      for (int i = 0; i < settlings.size(); i++) {
        if (!isHeld(settlings.get(i), now)) {
          refused.put(i, notHeld(settlings.get(i).message()));
        }
      }
      queue.wake();
      CompletionStage<Void> durable =
          refused.size() < settlings.size()
              ? recorder.durable()
              : CompletableFuture.completedStage(null);
      return new Settlements(refused, durable);
    } finally {
      host.lock.unlock();
    }
  }

  /// Settles, if it is held.
  private boolean isHeld(Settling settling, long now) {
    QueueMachine machine = queue.machine();
    long place = settling.message().place();
    long lease = settling.message().lease();
    return switch (settling) {
      case Settling.Ack _ -> machine.ack(place, lease, now);
      case Settling.Reject _ -> machine.reject(place, lease, now);
      case Settling.Nack nack ->
          nack.delay().isEmpty()
              ? machine.nack(place, lease, now)
              : machine.nack(place, lease, micros(nack.delay().get()), now);
      case Settling.Extend extend ->
          machine.extend(place, lease, now + micros(extend.lease()), now);
    };
  }

  private static long micros(Duration time) {
    return TimeUnit.MILLISECONDS.toMicros(time.toMillis());
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
