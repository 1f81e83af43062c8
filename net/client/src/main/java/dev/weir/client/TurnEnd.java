package dev.weir.client;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Does something once at the end of an event loop's turn, however often it was asked for by then:
/// what callers give while the loop is busy goes out together, and nothing waits for what may come.
/// Any thread asks.
final class TurnEnd {
  private final Executor loop;
  private final Runnable task;
  private final AtomicBoolean isAsked = new AtomicBoolean();

  TurnEnd(Executor loop, Runnable task) {
    this.loop = loop;
    this.task = task;
  }

  void ask() {
    if (!isAsked.compareAndSet(false, true)) {
      return;
    }
    try {
      loop.execute(this::run);
    } catch (RejectedExecutionException _) {
      isAsked.set(false); // The client was closed, and every call with it.
    }
  }

  private void run() {
    isAsked.set(false);
    task.run();
  }
}
