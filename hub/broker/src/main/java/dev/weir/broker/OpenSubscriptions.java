package dev.weir.broker;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The subscriptions of a broker that are open, each with a virtual thread of its own. Any thread.
final class OpenSubscriptions {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSubscriptions.class);

  /// Longer than any call that ends by itself.
  private static final Duration SUBSCRIBER_GRACE = Duration.ofSeconds(5);

  private final Tail tail;
  private final int most;
  private final AtomicLong nextId = new AtomicLong(1);
  private final ReentrantLock lock = new ReentrantLock();

  /// By the subscription's number; guarded by the lock, as what follows.
  private final Map<Long, Thread> threads = new HashMap<>();

  private boolean isClosed;

  /// @param most open at once
  OpenSubscriptions(Tail tail, int most) {
    this.tail = tail;
    this.most = most;
  }

  /// Starts one.
  ///
  /// @param made makes it, given its number
  /// @throws WeirException CONNECTION_LOST once closed, OVERLOADED when there are as many as may be
  LocalSubscription start(LongFunction<LocalSubscription> made) {
    LocalSubscription subscription = made.apply(nextId.getAndIncrement());
    lock.lock();
    try {
      if (isClosed) {
        throw closing();
      }
      if (threads.size() >= most) {
        throw new WeirException(
            ErrorCode.OVERLOADED, "There are " + most + " subscriptions already.");
      }
      Thread thread =
          Thread.ofVirtual()
              .name("weir-sub-" + subscription.id())
              .unstarted(() -> run(subscription));
      threads.put(subscription.id(), thread);
      tail.add(subscription);
      thread.start();
    } finally {
      lock.unlock();
    }
    return subscription;
  }

  private void run(LocalSubscription subscription) {
    try {
      subscription.run();
    } finally {
      lock.lock();
      try {
        threads.remove(subscription.id());
        tail.remove(subscription);
      } finally {
        lock.unlock();
      }
    }
  }

  List<SubscriptionStats> stats() {
    return tail.subscriptions().stream().map(LocalSubscription::stats).toList();
  }

  /// Lets no more begin; those that are open go on until they are ended.
  ///
  /// @return false when that was done before
  boolean shut() {
    lock.lock();
    try {
      boolean isFirst = !isClosed;
      isClosed = true;
      return isFirst;
    } finally {
      lock.unlock();
    }
  }

  /// Ends all and waits for their threads, but not for a subscriber that never returns.
  void endAll(WeirException cause) {
    List<Thread> running;
    lock.lock();
    try {
      running = List.copyOf(threads.values());
    } finally {
      lock.unlock();
    }
    tail.subscriptions().forEach(subscription -> subscription.closeNow(cause));
    running.forEach(OpenSubscriptions::join);
  }

  private static void join(Thread thread) {
    try {
      if (!thread.join(SUBSCRIBER_GRACE)) {
        LOG.warn("{} is left behind: its subscriber does not return", thread.getName());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  static WeirException closing() {
    return new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing.");
  }
}
