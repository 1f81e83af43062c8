package dev.weir.bench.ship;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Counts what was offered and is not acked. Any thread; the lock guards the fields.
final class Outstanding {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long count;
  private @Nullable Throwable failure;

  void begin() {
    lock.lock();
    try {
      count++;
    } finally {
      lock.unlock();
    }
  }

  void done() {
    lock.lock();
    try {
      count--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more will be acked: whoever waits is told.
  void fail(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until everything is acked.
  ///
  /// @throws IllegalStateException when shipping has failed
  void awaitNone() throws InterruptedException {
    awaitBelow(1);
  }

  /// Waits until fewer than so many are outstanding.
  void awaitBelow(long limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (count >= limit && failure == null) {
        changed.await();
      }
      if (failure != null) {
        throw new IllegalStateException("the core no longer acks", failure);
      }
    } finally {
      lock.unlock();
    }
  }
}
