package dev.weir.client;

import dev.weir.base.WeirException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One subscriber of a [Flow.Publisher]: its demand is the credit on the wire, so that nothing is
/// sent that it did not ask for.
///
/// Thread: a virtual thread of its own calls the subscriber, one signal at a time; the subscriber
/// may block. [#request] and [#cancel] come from anywhere.
final class FlowSubscription implements Flow.Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(FlowSubscription.class);

  /// How often a subscriber without demand looks whether its feed has ended.
  private static final long IDLE_NANOS = 200_000_000L;

  private final Feed feed;
  private final Flow.Subscriber<? super Delivered> subscriber;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Delivered> ready = new ArrayDeque<>();
  private long demanded;
  private long emitted;
  private boolean isCancelled;
  private @Nullable IllegalArgumentException badRequest;

  FlowSubscription(Feed feed, Flow.Subscriber<? super Delivered> subscriber) {
    this.feed = feed;
    this.subscriber = subscriber;
  }

  void start() {
    Thread.ofVirtual().name("weir-client-flow").start(this::run);
  }

  private void run() {
    try {
      subscriber.onSubscribe(this);
      feed.open(0);
      allow();
      emit();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("A subscriber failed; its subscription ends", e);
    } finally {
      feed.close();
    }
  }

  /// Until the end, a cancellation or a failure.
  private void emit() throws InterruptedException {
    while (awaitDemand()) {
      if (ready.isEmpty() && !fill()) {
        return;
      }
      Delivered next = ready.poll();
      if (next != null) {
        emitted++;
        subscriber.onNext(next);
      }
    }
    IllegalArgumentException bad = badRequest;
    if (bad != null && !isCancelled()) {
      subscriber.onError(bad);
    }
  }

  /// @return false when it was cancelled or asked for nonsense
  private boolean awaitDemand() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (emitted >= demanded && !isCancelled && badRequest == null && !isAtEnd()) {
        changed.awaitNanos(IDLE_NANOS);
      }
      return !isCancelled && badRequest == null;
    } finally {
      lock.unlock();
    }
  }

  /// An end is told without demand.
  private boolean isAtEnd() {
    return ready.isEmpty() && feed.isDrained();
  }

  /// @return false when the feed has ended, which the subscriber has then been told
  private boolean fill() throws InterruptedException {
    try {
      Chunk chunk = feed.take(Long.MAX_VALUE); // A cancellation closes the feed, which wakes it.
      if (chunk != null) {
        ready.addAll(feed.decode(chunk));
        return true;
      }
      if (!feed.isDrained()) {
        return true;
      }
      WeirException failure = feed.failure();
      if (failure != null) {
        throw failure;
      }
      if (!isCancelled()) {
        subscriber.onComplete();
      }
    } catch (WeirException e) {
      if (!isCancelled()) {
        subscriber.onError(e);
      }
    }
    return false;
  }

  private boolean isCancelled() {
    lock.lock();
    try {
      return isCancelled;
    } finally {
      lock.unlock();
    }
  }

  private void allow() {
    lock.lock();
    try {
      feed.allow(demanded);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void request(long count) {
    lock.lock();
    try {
      if (count <= 0) {
        badRequest = new IllegalArgumentException("request is " + count + ", expected 1 or more");
      } else {
        long sum = demanded + count;
        demanded = sum < 0 ? Long.MAX_VALUE / 2 : Math.min(sum, Long.MAX_VALUE / 2);
      }
    } finally {
      lock.unlock();
    }
    allow();
  }

  @Override
  public void cancel() {
    lock.lock();
    try {
      isCancelled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    feed.close();
  }
}
