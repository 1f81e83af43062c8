package dev.weir.base;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Does something once at the end of an event loop's turn, however often it was asked for by then:
/// what came together goes on together, and nothing waits for what may come.
///
/// Any thread asks, without a lock of its own held.
public final class TurnEnd {
  private final Executor loop;
  private final Runnable task;
  private final AtomicBoolean isAsked = new AtomicBoolean();

  /// @param loop runs tasks one after the other, behind those of the turn
  public TurnEnd(Executor loop, Runnable task) {
    this.loop = loop;
    this.task = task;
  }

  /// Does nothing once the loop has ended.
  public void ask() {
    if (!isAsked.compareAndSet(false, true)) {
      return;
    }
    try {
      loop.execute(this::run);
    } catch (RejectedExecutionException _) {
      isAsked.set(false); // The loop has ended, and with it every call.
    }
  }

  private void run() {
    isAsked.set(false);
    task.run();
  }
}
