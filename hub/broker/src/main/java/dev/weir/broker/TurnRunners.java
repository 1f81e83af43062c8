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
  @SuppressWarnings("ThreadPriorityCheck") // a wish only: nothing depends on the order
  private void serve() {
    do {
      int done = 0;
      for (@Nullable Runnable next = work.poll(); next != null; next = work.poll()) {
        next.run();
        done++;
        if (done % MAX_AT_ONCE == 0) {
          Thread.yield();
        }
      }
      threads.decrementAndGet();
    } while (!work.isEmpty() && mayStart());
  }
}
