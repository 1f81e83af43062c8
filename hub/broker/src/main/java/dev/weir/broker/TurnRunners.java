package dev.weir.broker;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A few virtual threads, `weir-fan-out`, that serve those whose turn has come: as many as there
/// are processors, and none while there is nothing to do. What they do neither blocks nor takes
/// long, and other virtual threads run in between.
///
/// Any thread hands work over; how much waits is bounded by the turns ([FairTurns]).
final class TurnRunners {
  /// Some 200 µs, after which other virtual threads have their go.
  private static final int MAX_AT_ONCE = 32;

  private static final int MAX_THREADS = Runtime.getRuntime().availableProcessors();

  private final ConcurrentLinkedQueue<Runnable> work = new ConcurrentLinkedQueue<>();
  private final AtomicInteger threads = new AtomicInteger();

  /// @param task throws nothing
  void run(Runnable task) {
    work.add(task);
    start();
  }

  private void start() {
    if (mayStart()) {
      Thread.ofVirtual().name("weir-fan-out").start(this::serve);
    }
  }

  private boolean mayStart() {
    int running = threads.get();
    while (running < MAX_THREADS) {
      if (threads.compareAndSet(running, running + 1)) {
        return true;
      }
      running = threads.get();
    }
    return false;
  }

  /// Looks once more after it said that it ends: whoever adds looks at the threads behind that.
  /// What is left is for a fresh thread, behind all others that want to run.
  private void serve() {
    @Nullable Runnable next = work.poll();
    for (int done = 1; next != null; done++) {
      next.run();
      next = done < MAX_AT_ONCE ? work.poll() : null;
    }
    threads.decrementAndGet();
    if (!work.isEmpty()) {
      start();
    }
  }
}
