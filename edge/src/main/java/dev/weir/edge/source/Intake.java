package dev.weir.edge.source;

import dev.weir.base.Checks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The bounded queue from sources to a batcher, bounded in bytes. Any thread puts; the batcher
/// takes. A full queue makes [#put] wait and [#offer] refuse.
public final class Intake {
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition hasRoom = lock.newCondition();
  private final ArrayDeque<Delivery> deliveries = new ArrayDeque<>();
  private long bytes;
  private boolean isClosed;
  private volatile Runnable wake = () -> {};

  /// @param maxBytes what may wait here; one larger delivery still passes through an empty queue
  public Intake(long maxBytes) {
    this.maxBytes = Checks.range("maxBytes", maxBytes, 1, Long.MAX_VALUE);
  }

  /// What to call, on the putting thread, whenever something was put.
  public void onPut(Runnable newWake) {
    wake = newWake;
  }

  /// Waits for room.
  ///
  /// @return false when the queue was closed: nothing was put, the source ends
  public boolean put(Delivery delivery) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!isClosed && !fits(delivery)) {
        hasRoom.await();
      }
      if (isClosed) {
        return false;
      }
      add(delivery);
    } finally {
      lock.unlock();
    }
    wake.run();
    return true;
  }

  /// Puts unless the queue is full or closed.
  public boolean offer(Delivery delivery) {
    lock.lock();
    try {
      if (isClosed || !fits(delivery)) {
        return false;
      }
      add(delivery);
    } finally {
      lock.unlock();
    }
    wake.run();
    return true;
  }

  /// Puts, and waits a while for room when the queue is full.
  ///
  /// @return false when no room came, or the queue was closed: nothing was put
  public boolean offer(Delivery delivery, Duration wait) throws InterruptedException {
    long leftNanos = wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (!isClosed && !fits(delivery)) {
        if (leftNanos <= 0) {
          return false;
        }
        leftNanos = hasRoom.awaitNanos(leftNanos);
      }
      if (isClosed) {
        return false;
      }
      add(delivery);
    } finally {
      lock.unlock();
    }
    wake.run();
    return true;
  }

  /// The oldest delivery, left in place; null when there is none.
  public @Nullable Delivery peek() {
    lock.lock();
    try {
      return deliveries.peekFirst();
    } finally {
      lock.unlock();
    }
  }

  /// Removes the oldest delivery; null when there is none.
  public @Nullable Delivery poll() {
    lock.lock();
    try {
      Delivery delivery = deliveries.pollFirst();
      if (delivery != null) {
        bytes -= delivery.rawBytes();
        hasRoom.signalAll();
      }
      return delivery;
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more is put; what is there may still be taken. Idempotent.
  public void close() {
    lock.lock();
    try {
      isClosed = true;
      hasRoom.signalAll();
    } finally {
      lock.unlock();
    }
    wake.run();
  }

  public boolean isClosed() {
    lock.lock();
    try {
      return isClosed;
    } finally {
      lock.unlock();
    }
  }

  /// Bytes that wait.
  public long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(Delivery delivery) {
    return deliveries.isEmpty() || bytes + delivery.rawBytes() <= maxBytes;
  }

  private void add(Delivery delivery) {
    deliveries.addLast(delivery);
    bytes += delivery.rawBytes();
  }
}
