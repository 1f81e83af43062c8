package dev.weir.it;

import dev.weir.base.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A source of numbered messages that runs on a thread of its own until told to stop.
abstract class Load implements AutoCloseable {
  private final Thread thread;
  private volatile boolean isStopping;
  private volatile @Nullable Throwable fault;

  Load(String name) {
    thread = Thread.ofPlatform().name("weir-it-" + name).daemon().unstarted(this::loop);
  }

  /// Sends one piece. Runs on the load's own thread.
  abstract void step() throws Exception;

  /// The pause between two pieces.
  abstract Duration pause();

  /// Waits for what is still on its way and gives back what the load holds; after its last piece.
  void end() throws Exception {}

  final void start() {
    thread.start();
  }

  private void loop() {
    try {
      try {
        while (!isStopping) {
          step();
          waitFor(pause());
        }
      } finally {
        end();
      }
    } catch (Exception | AssertionError e) {
      fault = e;
    }
  }

  /// Ends the load and waits for its last piece.
  ///
  /// @throws AssertionError when it failed on its way
  final void stop() {
    isStopping = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (fault != null) {
      throw new AssertionError(thread.getName() + " failed", fault);
    }
  }

  @Override
  public void close() {
    isStopping = true;
    LockSupport.unpark(thread);
    thread.interrupt();
  }

  /// Lets real time pass: what a campaign does between two faults. A test never waits like this.
  static void waitFor(Duration pause) {
    long endNanos = Clock.SYSTEM.nanoTime() + pause.toNanos();
    long leftNanos = pause.toNanos();
    while (leftNanos > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(leftNanos);
      leftNanos = endNanos - Clock.SYSTEM.nanoTime();
    }
  }
}
