package dev.weir.kv;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread `weir-kv-NAME`: values whose time is over, and compaction.
final class KvDuty implements AutoCloseable {
  /// How late an EXPIRE may be written; one turn without work costs some microseconds.
  private static final long IDLE_MILLIS = 50;

  private static final Logger LOG = LoggerFactory.getLogger(KvDuty.class);

  private final BooleanSupplier step;
  private final CountDownLatch isStopped = new CountDownLatch(1);
  private final Thread thread;

  /// @param step works a little and says whether it did
  KvDuty(String name, BooleanSupplier step) {
    this.step = step;
    this.thread = Thread.ofPlatform().daemon().name("weir-kv-" + name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      long pauseMillis = 0;
      while (!isStopped.await(pauseMillis, TimeUnit.MILLISECONDS)) {
        pauseMillis = worked() ? 0 : IDLE_MILLIS;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean worked() {
    try {
      return step.getAsBoolean();
    } catch (RuntimeException e) {
      LOG.error("A turn of {} failed", thread.getName(), e);
      return false;
    }
  }

  @Override
  public void close() {
    isStopped.countDown();
    boolean isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
