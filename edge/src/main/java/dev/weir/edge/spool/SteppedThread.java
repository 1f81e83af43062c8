package dev.weir.edge.spool;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a duty that says whether it did something, and waits when it did not.
public final class SteppedThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SteppedThread.class);

  /// The longest wait: bounds what a lost wake-up could cost.
  private static final long MAX_WAIT_NANOS = 1_000_000_000L;

  private static final long MIN_WAIT_NANOS = 50_000L;

  private final String name;
  private final Thread.Builder builder;
  private final BooleanSupplier step;
  private final LongSupplier idleNanos;
  private @Nullable Thread thread;
  private volatile boolean isClosed;

  private SteppedThread(
      String name, Thread.Builder builder, BooleanSupplier step, LongSupplier idleNanos) {
    this.name = name;
    this.builder = builder;
    this.step = step;
    this.idleNanos = idleNanos;
  }

  /// For work that forces files.
  public static SteppedThread platform(String name, BooleanSupplier step, LongSupplier idleNanos) {
    return new SteppedThread(name, Thread.ofPlatform().daemon(), step, idleNanos);
  }

  /// For long computing on which nothing waits.
  @SuppressWarnings("ThreadPriorityCheck") // a wish only: nothing depends on the order
  public static SteppedThread background(
      String name, BooleanSupplier step, LongSupplier idleNanos) {
    return new SteppedThread(
        name, Thread.ofPlatform().daemon().priority(Thread.MIN_PRIORITY), step, idleNanos);
  }

  /// For work that blocks at most on locks and reads.
  public static SteppedThread virtual(String name, BooleanSupplier step, LongSupplier idleNanos) {
    return new SteppedThread(name, Thread.ofVirtual(), step, idleNanos);
  }

  public synchronized void start() {
    thread = builder.name(name).start(this::run);
  }

  /// Makes the duty look again; any thread, cheap.
  public void wake() {
    Thread running = thread;
    if (running != null) {
      LockSupport.unpark(running);
    }
  }

  /// Ends the thread after its step. Idempotent; not interrupting, for that would close files.
  @Override
  public void close() {
    isClosed = true;
    Thread running = thread;
    if (running == null || Thread.currentThread().equals(running)) {
      return;
    }
    wake();
    boolean isInterrupted = false;
    while (running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!isClosed) {
      boolean hasDone = false;
      try {
        hasDone = step.getAsBoolean();
      } catch (RuntimeException e) {
        LOG.error("{} failed in a step and goes on", name, e);
      }
      if (!hasDone && !isClosed) {
        LockSupport.parkNanos(
            this, Math.clamp(idleNanos.getAsLong(), MIN_WAIT_NANOS, MAX_WAIT_NANOS));
      }
    }
  }
}
