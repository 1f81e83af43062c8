package dev.weir.lab;

import dev.weir.base.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What one direction of a relay may do now. All connections of the relay share its rate.
///
/// A piece is admitted when its direction is not stalled, when the budget of bytes is not used up
/// and when what is on its way leaves room; it then comes out after its share of the rate and the
/// delay. The room is what the path holds: rate × (delay + 50 ms), so that the sender feels the
/// rate soon.
///
/// Any thread; the lock guards every field.
final class RelayLane {
  private static final long LONGEST_QUEUE_NANOS = 50_000_000;
  private static final long SMALLEST_ROOM_BYTES = 64 << 10;
  private static final long LARGEST_ROOM_BYTES = 64 << 20;

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean isStalled;
  private boolean isClosed;
  private long budgetBytes = Long.MAX_VALUE;
  private long bitsPerSecond;
  private long delayNanos;
  private long departureNanos;
  private long onTheWayBytes;
  private long passedBytes;
  private long pieces;

  /// What may pass now: so many of the bytes, to come out at that time.
  ///
  /// @param lengthBytes 0 when the relay is closed
  record Admission(int lengthBytes, long releaseNanos) {}

  RelayLane(Clock clock) {
    this.clock = clock;
    this.departureNanos = clock.nanoTime();
  }

  /// Waits until bytes may pass.
  Admission admit(int lengthBytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while ((isStalled || budgetBytes == 0 || onTheWayBytes >= roomBytes()) && !isClosed) {
        changed.await();
      }
      int admitted = isClosed ? 0 : (int) Math.min(lengthBytes, budgetBytes);
      if (budgetBytes != Long.MAX_VALUE) {
        budgetBytes -= admitted;
      }
      passedBytes += admitted;
      onTheWayBytes += admitted;
      pieces++;
      return new Admission(admitted, release(admitted));
    } finally {
      lock.unlock();
    }
  }

  private long release(int lengthBytes) {
    long nowNanos = clock.nanoTime();
    if (bitsPerSecond == 0) {
      return nowNanos + delayNanos;
    }
    departureNanos =
        Math.max(departureNanos, nowNanos - Line.BURST_NANOS)
            + (long) (lengthBytes * 8e9 / bitsPerSecond);
    return Math.max(departureNanos, nowNanos) + delayNanos;
  }

  private long roomBytes() {
    if (bitsPerSecond == 0) {
      return LARGEST_ROOM_BYTES;
    }
    double seconds = (delayNanos + LONGEST_QUEUE_NANOS) / 1e9;
    return Math.clamp(
        (long) (bitsPerSecond / 8.0 * seconds), SMALLEST_ROOM_BYTES, LARGEST_ROOM_BYTES);
  }

  /// Waits until a piece comes out, or the relay is closed.
  void awaitRelease(long releaseNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long leftNanos = releaseNanos - clock.nanoTime();
      while (leftNanos > 0 && !isClosed) {
        boolean _ = changed.await(leftNanos, TimeUnit.NANOSECONDS);
        leftNanos = releaseNanos - clock.nanoTime();
      }
    } finally {
      lock.unlock();
    }
  }

  /// A piece was written, or will not be: its room is free.
  void out(int lengthBytes) {
    lock.lock();
    try {
      onTheWayBytes -= lengthBytes;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void stall() {
    change(() -> isStalled = true);
  }

  /// Neither stalled nor out of budget.
  void mend() {
    change(() -> {
      isStalled = false;
      budgetBytes = Long.MAX_VALUE;
    });
  }

  void limit(long bytes) {
    change(() -> budgetBytes = bytes);
  }

  void shape(long newBitsPerSecond, Duration newDelay) {
    change(() -> {
      bitsPerSecond = newBitsPerSecond;
      delayNanos = newDelay.toNanos();
    });
  }

  void close() {
    change(() -> isClosed = true);
  }

  LineTotals totals() {
    lock.lock();
    try {
      return new LineTotals(pieces, passedBytes, 0);
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable step) {
    lock.lock();
    try {
      step.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
