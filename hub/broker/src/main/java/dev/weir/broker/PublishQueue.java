package dev.weir.broker;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Single messages that wait for room in the engine, in order and up to a number; beyond it they
/// are refused. Any thread adds; the engine's thread drains when there is room.
final class PublishQueue {
  private record Waiting(PublishRequest request, PublishListener listener) {}

  private final Broker broker;
  private final int maxCount;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  PublishQueue(Broker broker, int maxCount) {
    this.broker = broker;
    this.maxCount = maxCount;
  }

  /// Offers now, or when there is room.
  void add(PublishRequest request, PublishListener listener) {
    lock.lock();
    try {
      if (waiting.isEmpty() && broker.offer(request, listener)) {
        return;
      }
      if (waiting.size() < maxCount) {
        waiting.add(new Waiting(request, listener));
        return;
      }
    } finally {
      lock.unlock();
    }
    listener.failed(
        new WeirException(
            ErrorCode.OVERLOADED, maxCount + " messages wait for room in the log already."));
  }

  /// Offers what waits, until there is no room again.
  void drain() {
    lock.lock();
    try {
      while (!waiting.isEmpty()) {
        Waiting next = waiting.getFirst();
        if (!broker.offer(next.request(), next.listener())) {
          return;
        }
        waiting.removeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Fails what waits.
  void close(WeirException cause) {
    Waiting next = poll();
    while (next != null) {
      next.listener().failed(cause);
      next = poll();
    }
  }

  private @Nullable Waiting poll() {
    lock.lock();
    try {
      return waiting.poll();
    } finally {
      lock.unlock();
    }
  }
}
