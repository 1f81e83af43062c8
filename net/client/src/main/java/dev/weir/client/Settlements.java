package dev.weir.client;

import dev.weir.base.WeirException;
import dev.weir.message.Durability;
import dev.weir.message.Position;
import dev.weir.message.Receipt;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Tells those who wait what became of their messages, in order. A thread that only waits is told
/// at once, on the link's thread: a hand-over would double its latency. A future that the caller
/// holds may have foreign code behind it, so it is completed on the callback thread.
final class Settlements {
  private final Executor callbacks;

  /// @param callbacks one thread, so that futures complete in order
  Settlements(Executor callbacks) {
    this.callbacks = callbacks;
  }

  /// @param first where the first message of the batch is stored; [Position#UNKNOWN] when the ack
  ///   did not say
  void acked(List<@Nullable Pending> waiting, Durability durability, Position first) {
    boolean hasForeign = false;
    for (int i = 0; i < waiting.size(); i++) {
      Pending pending = waiting.get(i);
      if (pending != null && pending.isPrivate()) {
        pending.complete(receipt(durability, first, i));
      } else {
        hasForeign |= pending != null;
      }
    }
    if (hasForeign) {
      later(() -> {
        for (int i = 0; i < waiting.size(); i++) {
          Pending pending = waiting.get(i);
          if (pending != null) {
            pending.complete(receipt(durability, first, i));
          }
        }
      });
    }
  }

  private static Receipt receipt(Durability durability, Position first, int index) {
    Position position =
        first.isKnown()
            ? new Position(first.stream(), first.partition(), first.offset() + index)
            : first;
    return new Receipt(durability, position, false);
  }

  void failed(List<@Nullable Pending> waiting, WeirException cause) {
    later(() -> {
      for (Pending pending : waiting) {
        if (pending != null) {
          pending.completeExceptionally(cause);
        }
      }
    });
  }

  private void later(Runnable task) {
    try {
      callbacks.execute(task);
    } catch (RejectedExecutionException _) {
      task.run(); // The client is closing; nobody is left to be held up.
    }
  }
}
