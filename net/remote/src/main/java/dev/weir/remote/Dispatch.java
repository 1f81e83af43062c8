package dev.weir.remote;

import dev.weir.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Passes answers on to their senders, on the remote's executor: at once, or one after the other in
/// the order of their messages. Any thread.
final class Dispatch {
  private final boolean isOrdered;
  private final Executor executor;

  /// Answers in order that nobody has run yet, and those that wait for earlier ones. Guarded by
  /// this: two connections may tell answers at the same time, and the executor takes them away.
  private final Map<Long, Runnable> waiting = new HashMap<>();

  private long next;
  private boolean isRunning;

  Dispatch(RemoteMode mode, Executor executor) {
    this.isOrdered = mode == RemoteMode.IN_ORDER;
    this.executor = executor;
  }

  void answered(PendingMessage message, byte kind, Bytes body) {
    pass(
        message.number(),
        () -> {
          if (kind == Envelope.ANSWER) {
            message.reply().onReply(body);
          } else {
            message
                .reply()
                .onFailure(
                    new String(
                        body.array(), body.arrayOffset(), body.length(), StandardCharsets.UTF_8));
          }
        });
  }

  void failed(PendingMessage message, String why) {
    pass(message.number(), () -> message.reply().onFailure(why));
  }

  private void pass(long number, Runnable task) {
    if (!isOrdered) {
      executor.execute(task);
      return;
    }
    synchronized (this) {
      waiting.put(number, task);
      if (isRunning || number != next) {
        return;
      }
      isRunning = true;
    }
    executor.execute(this::runInOrder);
  }

  private void runInOrder() {
    for (Runnable task = poll(); task != null; task = poll()) {
      try {
        task.run();
      } catch (RuntimeException e) {
        // A caller's fault must not keep the answers of others back.
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }
  }

  private synchronized @Nullable Runnable poll() {
    Runnable task = waiting.remove(next);
    if (task == null) {
      isRunning = false;
      return null;
    }
    next++;
    return task;
  }
}
