package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.Delivery;
import dev.weir.broker.GapReason;
import dev.weir.broker.SlowPolicy;
import dev.weir.broker.Start;
import dev.weir.broker.Subscriber;
import dev.weir.broker.Subscription;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.broker.SubscriptionStats;
import dev.weir.broker.Turn;
import dev.weir.message.Cursor;
import dev.weir.message.Position;
import dev.weir.message.TopicFilter;

/// A subscription that is cut once it is not allowed any more. Its subscriber is told the end like
/// any other; a consumer that has stopped taking anything is told when it takes again, and is sent
/// nothing more in between. Any thread.
final class GuardedSubscription implements Subscription, Subscriber {
  private final OpenUse<Subscription> use;
  private final Subscriber subscriber;

  private GuardedSubscription(Session session, SubscriptionRequest request, Subscriber subscriber) {
    this.subscriber = subscriber;
    this.use =
        new OpenUse<>(
            session, () -> require(session, request), Subscription::close, subscriber::failed);
  }

  /// @throws WeirException with NOT_PERMITTED or QUOTA_EXCEEDED, or as the broker does
  static Subscription open(
      Broker broker, Session session, SubscriptionRequest request, Subscriber subscriber) {
    GuardedSubscription guarded = new GuardedSubscription(session, request, subscriber);
    guarded.use.open(() -> broker.subscribe(request, guarded));
    request.filters().forEach(filter -> session.auditAllowed(Action.SUBSCRIBE, filter.toString()));
    return guarded;
  }

  private static void require(Session session, SubscriptionRequest request) {
    for (TopicFilter filter : request.filters()) {
      session.require(Action.SUBSCRIBE, filter);
      if (!(request.start() instanceof Start.Live)) {
        session.require(Action.HISTORY, filter);
      }
      if (request.slow().action() == SlowPolicy.Action.BLOCK) {
        session.require(Action.MANAGE, filter); // Who holds publishers back decides for others.
      }
    }
  }

  // What the broker calls, on the subscription's thread.

  @Override
  public String origin() {
    return subscriber.origin();
  }

  @Override
  public void awaitReady() throws InterruptedException {
    use.pass(subscriber::awaitReady);
  }

  @Override
  public boolean isReadyFor(int bytes) {
    return subscriber.isReadyFor(bytes);
  }

  @Override
  public void opened(Cursor cursor) {
    use.pass(() -> subscriber.opened(cursor));
  }

  @Override
  public void deliver(Delivery delivery) throws InterruptedException {
    use.pass(() -> subscriber.deliver(delivery));
  }

  @Override
  public void deliver(Delivery delivery, Turn turn) throws InterruptedException {
    if (!use.pass(() -> subscriber.deliver(delivery, turn))) {
      turn.end();
    }
  }

  @Override
  public void gap(Position from, long toOffset, GapReason reason) throws InterruptedException {
    use.pass(() -> subscriber.gap(from, toOffset, reason));
  }

  @Override
  public void retainedEnd() throws InterruptedException {
    use.pass(subscriber::retainedEnd);
  }

  @Override
  public void endReached(Cursor cursor) {
    use.ended(() -> subscriber.endReached(cursor));
  }

  @Override
  public void failed(WeirException cause) {
    use.ended(() -> subscriber.failed(cause));
  }

  // What the door calls.

  @Override
  public void grant(long limitMessages) {
    use.inner().grant(limitMessages);
  }

  @Override
  public Cursor cursor() {
    return use.inner().cursor();
  }

  @Override
  public SubscriptionStats stats() {
    return use.inner().stats();
  }

  /// The subscriber is not told: it is who closes.
  @Override
  public void close() {
    use.close();
  }
}
