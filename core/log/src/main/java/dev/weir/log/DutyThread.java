package dev.weir.log;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A named platform thread that calls a duty again and again and sleeps when there is nothing to
/// do. Nobody outside has a reference to the thread, so nobody interrupts it.
final class DutyThread {
  private final Thread thread;
  private final long lingerNanos;
  private volatile boolean isParked;
  private volatile boolean isEnding;

  /// @param lingerNanos how long to look for more work before sleeping, after a turn that did
  ///   something; 0 for not
  /// @param duty one turn, returns the number of things done
  /// @param hasWork asked once more before sleeping
  /// @param idleNanos how long it may sleep
  /// @param last the last turn, on the same thread
  /// @param broken told what a turn threw
  DutyThread(
      String name,
      long lingerNanos,
      IntSupplier duty,
      BooleanSupplier hasWork,
      LongSupplier idleNanos,
      Runnable last,
      Consumer<Throwable> broken) {
    this.lingerNanos = lingerNanos;
    this.thread =
        Thread.ofPlatform()
            .name(name)
            .daemon(true)
            .unstarted(() -> {
              run(() -> turn(duty, broken), hasWork, idleNanos);
              var _ =
                  turn(
                      () -> {
                        last.run();
                        return 0;
                      },
                      broken);
            });
  }

  void start() {
    thread.start();
  }

  private void run(IntSupplier duty, BooleanSupplier hasWork, LongSupplier idleNanos) {
    while (!isEnding) {
      if (duty.getAsInt() > 0) {
        linger(hasWork);
      } else {
        isParked = true;
        if (!hasWork.getAsBoolean() && !isEnding) {
          LockSupport.parkNanos(this, idleNanos.getAsLong());
        }
        isParked = false;
      }
    }
  }

  /// Whoever waited for this turn often comes back at once, and waking a sleeping thread would cost
  /// him more than the wait.
  private void linger(BooleanSupplier hasWork) {
    if (lingerNanos > 0) {
      long startNanos = System.nanoTime();
      while (!hasWork.getAsBoolean() && System.nanoTime() - startNanos < lingerNanos) {
        Thread.onSpinWait();
      }
    }
  }

  private static int turn(IntSupplier duty, Consumer<Throwable> broken) {
    try {
      return duty.getAsInt();
    } catch (Throwable bug) { // the thread must outlive it, or those who wait would wait for ever
      broken.accept(bug);
      return 0;
    }
  }

  /// Any thread: there is something to do.
  void wake() {
    if (isParked) {
      LockSupport.unpark(thread);
    }
  }

  /// Ends the thread after its last turn and waits for that, interrupted or not.
  void end() {
    isEnding = true;
    LockSupport.unpark(thread);
    boolean wasInterrupted = false;
    @Nullable Thread waiting = thread;
    while (waiting != null) {
      try {
        waiting.join();
        waiting = null;
      } catch (InterruptedException _) {
        wasInterrupted = true;
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
