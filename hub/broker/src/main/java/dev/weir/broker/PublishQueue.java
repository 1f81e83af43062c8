package dev.weir.broker;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Single messages, and runs of them, that wait for room in the engine, in order and up to a
/// number; beyond it they are refused. Any thread adds; the engine's thread drains when there is
/// room.
final class PublishQueue {
  private record Waiting(PublishRequest request, PublishListener listener) {
    int count() {
      return request.batch().count();
    }
  }

  private final Broker broker;
  private final int maxCount;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int waitingMessages;

  PublishQueue(Broker broker, int maxCount) {
    this.broker = broker;
    this.maxCount = maxCount;
  }

  /// Offers now, or when there is room.
  void add(PublishRequest request, PublishListener listener) {
    Waiting next = new Waiting(request, listener);
    lock.lock();
    try {
      if (waiting.isEmpty() && offer(next)) {
        return;
      }
      if (waitingMessages + next.count() <= maxCount) {
        waiting.addLast(next);
        waitingMessages += next.count();
        return;
      }
    } finally {
      lock.unlock();
    }
    listener.failed(
        new WeirException(
            ErrorCode.OVERLOADED, maxCount + " messages wait for room in the log already."));
  }

  /// Of a run that is parted, what there is no room for waits in front of everything else.
  ///
  /// @return false when nothing happened
  private boolean offer(Waiting next) {
    if (!broker.offer(next.request(), next.listener())) {
      return false;
    }
    if (next.listener() instanceof PublishRuns.Run run) {
      List<PublishRuns.Run> parts = run.parts();
      int taken = 0;
      while (taken < parts.size() && broker.offer(parts.get(taken).request(), parts.get(taken))) {
        taken++;
      }
      for (int i = parts.size() - 1; i >= taken; i--) {
        waiting.addFirst(new Waiting(parts.get(i).request(), parts.get(i)));
        waitingMessages++;
      }
    }
    return true;
  }

  /// Offers what waits, until there is no room again.
  void drain() {
    lock.lock();
    try {
      for (Waiting next = take(); next != null; next = take()) {
        if (!offer(next)) {
          waiting.addFirst(next);
          waitingMessages += next.count();
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Waiting take() {
    Waiting next = waiting.poll();
    waitingMessages -= next == null ? 0 : next.count();
    return next;
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
      return take();
    } finally {
      lock.unlock();
    }
  }
}
