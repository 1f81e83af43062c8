package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.auth.Standing;
import dev.weir.base.ErrorCode;
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
import dev.weir.message.Cursor;
import dev.weir.message.Position;
import dev.weir.message.TopicFilter;
import org.jspecify.annotations.Nullable;

/// A subscription that is cut once it is not allowed any more. Its subscriber is told the end like
/// any other; a consumer that has stopped taking anything is told when it takes again, and is sent
/// nothing more in between. Any thread.
final class GuardedSubscription implements Subscription, Subscriber, Standing {
  private final Session session;
  private final SubscriptionRequest request;
  private final Subscriber subscriber;
  private final CallGate gate = new CallGate();
  private volatile @Nullable Subscription inner;

  private GuardedSubscription(Session session, SubscriptionRequest request, Subscriber subscriber) {
    this.session = session;
    this.request = request;
    this.subscriber = subscriber;
  }

  /// @throws WeirException with NOT_PERMITTED or QUOTA_EXCEEDED, or as the broker does
  static Subscription open(
      Broker broker, Session session, SubscriptionRequest request, Subscriber subscriber) {
    require(session, request);
    GuardedSubscription guarded = new GuardedSubscription(session, request, subscriber);
    session.open(guarded);
    boolean isOpen = false;
    try {
      Subscription inner = broker.subscribe(request, guarded);
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

  @Override
  public void recheck() {
    try {
      require(session, request);
    } catch (WeirException e) {
      end(e);
    }
  }

  @Override
  public void end(WeirException cause) {
    if (gate.shut(() -> subscriber.failed(cause))) {
      over();
    }
  }

  private void over() {
    session.closed(this);
    Subscription open = inner;
    if (open != null) {
      open.close();
    }
  }

  // What the broker calls, on the subscription's thread.

  @Override
  public String origin() {
    return subscriber.origin();
  }

  @Override
  public void awaitReady() throws InterruptedException {
    if (gate.enter()) {
      try {
        subscriber.awaitReady();
      } finally {
        gate.leave();
      }
    }
  }

  @Override
  public void opened(Cursor cursor) {
    if (gate.enter()) {
      try {
        subscriber.opened(cursor);
      } finally {
        gate.leave();
      }
    }
  }

  @Override
  public void deliver(Delivery delivery) throws InterruptedException {
    if (gate.enter()) {
      try {
        subscriber.deliver(delivery);
      } finally {
        gate.leave();
      }
    }
  }

  @Override
  public void gap(Position from, long toOffset, GapReason reason) throws InterruptedException {
    if (gate.enter()) {
      try {
        subscriber.gap(from, toOffset, reason);
      } finally {
        gate.leave();
      }
    }
  }

  @Override
  public void retainedEnd() throws InterruptedException {
    if (gate.enter()) {
      try {
        subscriber.retainedEnd();
      } finally {
        gate.leave();
      }
    }
  }

  @Override
  public void endReached(Cursor cursor) {
    if (gate.shut(() -> subscriber.endReached(cursor))) {
      session.closed(this);
    }
  }

  @Override
  public void failed(WeirException cause) {
    if (gate.shut(() -> subscriber.failed(cause))) {
      session.closed(this);
    }
  }

  // What the door calls.

  private Subscription inner() {
    Subscription open = inner;
    if (open == null) {
      throw new WeirException(ErrorCode.BUG, "A subscription is used before it is open.");
    }
    return open;
  }

  @Override
  public void grant(long limitMessages) {
    inner().grant(limitMessages);
  }

  @Override
  public Cursor cursor() {
    return inner().cursor();
  }

  @Override
  public SubscriptionStats stats() {
    return inner().stats();
  }

  /// The subscriber is not told: it is who closes.
  @Override
  public void close() {
    gate.shut(() -> {});
    over();
  }
}
