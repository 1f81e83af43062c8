package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.auth.Standing;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Consumption;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Queues;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A consumer that is cut once it may not consume any more: what it holds goes to others at once,
/// and its acks are refused. Any thread.
final class GuardedConsumption implements Consumption, QueueConsumer, Standing {
  private final Session session;
  private final String topic;
  private final QueueConsumer consumer;
  private final CallGate gate = new CallGate();
  private volatile @Nullable Consumption inner;
  private volatile @Nullable WeirException cause;

  private GuardedConsumption(Session session, String topic, QueueConsumer consumer) {
    this.session = session;
    this.topic = topic;
    this.consumer = consumer;
  }

  static Consumption open(
      Queues queues, Session session, String name, String topic, int prefetch, QueueConsumer to) {
    session.require(Action.CONSUME, topic);
    GuardedConsumption guarded = new GuardedConsumption(session, topic, to);
    session.open(guarded);
    boolean isOpen = false;
    try {
      Consumption inner = queues.consume(name, prefetch, guarded);
      guarded.inner = inner;
      isOpen = true;
      if (guarded.gate.isShut()) {
        inner.close(); // Cut while it was being opened.
      }
    } finally {
      if (!isOpen) {
        session.closed(guarded);
      }
    }
    session.auditAllowed(Action.CONSUME, topic);
    return guarded;
  }

  @Override
  public void recheck() {
    try {
      session.require(Action.CONSUME, topic);
    } catch (WeirException e) {
      end(e);
    }
  }

  @Override
  public void end(WeirException why) {
    cause = why;
    if (gate.shut(() -> consumer.ended(why))) {
      over();
    }
  }

  private void over() {
    session.closed(this);
    Consumption open = inner;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public String origin() {
    return consumer.origin();
  }

  @Override
  public void deliver(QueuedMessage message) {
    if (gate.enter()) {
      try {
        consumer.deliver(message);
      } finally {
        gate.leave();
      }
    }
  }

  @Override
  public void ended(WeirException why) {
    if (gate.shut(() -> consumer.ended(why))) {
      session.closed(this);
    }
  }

  private Consumption inner() {
    Consumption open = inner;
    WeirException why = cause;
    if (why != null) {
      throw new WeirException(why.code(), String.valueOf(why.getMessage()));
    }
    if (open == null) {
      throw new WeirException(ErrorCode.BUG, "A consumer is used before it is open.");
    }
    return open;
  }

  @Override
  public void prefetch(int messages) {
    Consumption open = inner;
    if (open != null) {
      open.prefetch(messages); // Nothing, once it has ended: a door may ask before it knows.
    }
  }

  @Override
  public CompletionStage<Void> ack(QueuedMessage message) {
    return settled(open -> open.ack(message));
  }

  @Override
  public CompletionStage<Void> nack(QueuedMessage message) {
    return settled(open -> open.nack(message));
  }

  @Override
  public CompletionStage<Void> nack(QueuedMessage message, Duration delay) {
    return settled(open -> open.nack(message, delay));
  }

  @Override
  public CompletionStage<Void> reject(QueuedMessage message) {
    return settled(open -> open.reject(message));
  }

  @Override
  public CompletionStage<Void> extend(QueuedMessage message, Duration lease) {
    return settled(open -> open.extend(message, lease));
  }

  private CompletionStage<Void> settled(Function<Consumption, CompletionStage<Void>> settling) {
    try {
      return settling.apply(inner());
    } catch (WeirException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  @Override
  public void close() {
    gate.shut(() -> {});
    over();
  }
}
