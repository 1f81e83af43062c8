package dev.weir.auth;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// What one user has and publishes, over all of its connections. Any thread; the lock is held for a
/// few additions.
final class UserMeter {
  /// A second of the rate may come at once.
  private static final double BURST_SECONDS = 1;

  /// One connection's share.
  private static final class Connection {
    private int uses;
    private long subscriptions;
    private TokenBucket bytes;

    Connection(TokenBucket bytes) {
      this.bytes = bytes;
    }
  }

  private final String user;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean isPaced;

  // Guarded by the lock.
  private final Map<String, Connection> connections = new HashMap<>();
  private Quota quota;
  private TokenBucket messages;
  private TokenBucket bytes;
  private long subscriptions;

  UserMeter(String user, Quota quota, long nowNanos) {
    this.user = user;
    this.quota = quota;
    this.isPaced = isPaced(quota);
    this.messages = new TokenBucket(quota.publishMessages(), BURST_SECONDS, nowNanos);
    this.bytes = new TokenBucket(quota.publishBytes(), BURST_SECONDS, nowNanos);
  }

  private static boolean isPaced(Quota quota) {
    return quota.publishMessages() != Quota.NO_LIMIT
        || quota.publishBytes() != Quota.NO_LIMIT
        || quota.connectionBytes() != Quota.NO_LIMIT;
  }

  /// Takes another quota; what it has beyond that it keeps until it gives it up.
  void quota(Quota changed, long nowNanos) {
    lock.lock();
    try {
      if (!changed.equals(quota)) {
        quota = changed;
        isPaced = isPaced(changed);
        messages = new TokenBucket(changed.publishMessages(), BURST_SECONDS, nowNanos);
        bytes = new TokenBucket(changed.publishBytes(), BURST_SECONDS, nowNanos);
        connections
            .values()
            .forEach(one ->
                one.bytes = new TokenBucket(changed.connectionBytes(), BURST_SECONDS, nowNanos));
      }
    } finally {
      lock.unlock();
    }
  }

  /// A session begins on a connection.
  ///
  /// @throws WeirException with QUOTA_EXCEEDED when it is one connection too many
  void join(String address, long nowNanos) {
    lock.lock();
    try {
      Connection known = connections.get(address);
      if (known == null) {
        refuseAt(connections.size(), quota.connections(), "connections");
        known = new Connection(new TokenBucket(quota.connectionBytes(), BURST_SECONDS, nowNanos));
        connections.put(address, known);
      }
      known.uses++;
    } finally {
      lock.unlock();
    }
  }

  void leave(String address) {
    lock.lock();
    try {
      connections.computeIfPresent(address, (_, known) -> --known.uses > 0 ? known : null);
    } finally {
      lock.unlock();
    }
  }

  /// @throws WeirException with QUOTA_EXCEEDED when it is one too many
  void subscribe(String address) {
    lock.lock();
    try {
      Connection known = connections.get(address);
      refuseAt(subscriptions, quota.subscriptions(), "subscriptions");
      if (known != null) {
        refuseAt(
            known.subscriptions, quota.connectionSubscriptions(), "subscriptions on a connection");
        known.subscriptions++;
      }
      subscriptions++;
    } finally {
      lock.unlock();
    }
  }

  void unsubscribe(String address) {
    lock.lock();
    try {
      subscriptions--;
      Connection known = connections.get(address);
      if (known != null) {
        known.subscriptions--;
      }
    } finally {
      lock.unlock();
    }
  }

  private void refuseAt(long count, long limit, String what) {
    if (count >= limit) {
      throw new WeirException(
          ErrorCode.QUOTA_EXCEEDED,
          "The user '" + user + "' has " + count + " " + what + ", as many as it may.");
    }
  }

  /// Takes from the rates, or says how long to wait and takes nothing.
  ///
  /// @return nanoseconds to wait; 0 when it was taken
  long pace(String address, int messageCount, long byteCount, long nowNanos) {
    if (!isPaced) {
      return 0;
    }
    lock.lock();
    try {
      Connection known = connections.get(address);
      long wait = Math.max(messages.waitNanos(nowNanos), bytes.waitNanos(nowNanos));
      if (known != null) {
        wait = Math.max(wait, known.bytes.waitNanos(nowNanos));
      }
      if (wait == 0) {
        messages.take(messageCount, nowNanos);
        bytes.take(byteCount, nowNanos);
        if (known != null) {
          known.bytes.take(byteCount, nowNanos);
        }
      }
      return wait;
    } finally {
      lock.unlock();
    }
  }

  /// Gives back what was taken for something that came to nothing.
  void giveBack(String address, int messageCount, long byteCount, long nowNanos) {
    if (!isPaced) {
      return;
    }
    lock.lock();
    try {
      messages.take(-messageCount, nowNanos);
      bytes.take(-byteCount, nowNanos);
      Connection known = connections.get(address);
      if (known != null) {
        known.bytes.take(-byteCount, nowNanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether forgetting it forgets nothing: no connection, and no debt.
  boolean isIdle(long nowNanos) {
    lock.lock();
    try {
      return connections.isEmpty()
          && subscriptions == 0
          && messages.isFull(nowNanos)
          && bytes.isFull(nowNanos);
    } finally {
      lock.unlock();
    }
  }

  /// What the user has now.
  ///
  /// @param address of the connection whose own rate counts as well
  QuotaUse use(String address, long nowNanos) {
    lock.lock();
    try {
      Connection known = connections.get(address);
      boolean isWaiting =
          messages.waitNanos(nowNanos) > 0
              || bytes.waitNanos(nowNanos) > 0
              || (known != null && known.bytes.waitNanos(nowNanos) > 0);
      return new QuotaUse(quota, connections.size(), subscriptions, isPaced && isWaiting);
    } finally {
      lock.unlock();
    }
  }

  int connectionCount() {
    lock.lock();
    try {
      return connections.size();
    } finally {
      lock.unlock();
    }
  }
}
