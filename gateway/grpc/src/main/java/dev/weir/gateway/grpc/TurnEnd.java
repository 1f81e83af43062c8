package dev.weir.gateway.grpc;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Does something once at the end of an event loop's turn, however often it was asked for in it:
/// what came together goes on together, and nothing waits for what may come.
///
/// Any thread asks, without a lock of its own held.
final class TurnEnd {
  private final Executor loop;
  private final Runnable task;
  private final AtomicBoolean isAsked = new AtomicBoolean();

  /// @param loop see [CallLoop]
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
      isAsked.set(false); // The loops have ended, and with them every call.
    }
  }

  private void run() {
    isAsked.set(false);
    task.run();
  }
}
