package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.base.WeirException;
import dev.weir.broker.Consumption;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Queues;
import dev.weir.broker.Settlements;
import dev.weir.broker.Settling;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// A consumer that is cut once it may not consume any more: what it holds goes to others at once,
/// and its acks are refused. Any thread.
final class GuardedConsumption implements Consumption, QueueConsumer {
  private final OpenUse<Consumption> use;
  private final QueueConsumer consumer;

  private GuardedConsumption(Session session, String topic, QueueConsumer consumer) {
    this.consumer = consumer;
    this.use =
        new OpenUse<>(
            session,
            () -> session.require(Action.CONSUME, topic),
            Consumption::close,
            consumer::ended);
  }

  static Consumption open(
      Queues queues, Session session, String name, String topic, int prefetch, QueueConsumer to) {
    GuardedConsumption guarded = new GuardedConsumption(session, topic, to);
    guarded.use.open(() -> queues.consume(name, prefetch, guarded));
    session.auditAllowed(Action.CONSUME, topic);
    return guarded;
  }

  @Override
  public String origin() {
    return consumer.origin();
  }

  @Override
  public void deliver(QueuedMessage message) {
    use.pass(() -> consumer.deliver(message));
  }

  @Override
  public void deliverAll(List<QueuedMessage> messages) {
    use.pass(() -> consumer.deliverAll(messages));
  }

  @Override
  public void ended(WeirException why) {
    use.ended(() -> consumer.ended(why));
  }

  @Override
  public void prefetch(int messages) {
    Consumption open = use.opened();
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

  @Override
  public Settlements settle(List<Settling> settlings) {
    try {
      return use.live().settle(settlings);
    } catch (WeirException e) {
      return Settlements.refused(settlings.size(), e);
    }
  }

  private CompletionStage<Void> settled(Function<Consumption, CompletionStage<Void>> settling) {
    try {
      return settling.apply(use.live());
    } catch (WeirException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  @Override
  public void close() {
    use.close();
  }
}
