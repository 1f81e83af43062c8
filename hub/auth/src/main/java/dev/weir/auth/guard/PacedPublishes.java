package dev.weir.auth.guard;

import dev.weir.auth.Session;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Publishes of single messages as fast as the quota allows: what comes sooner waits, in order, and
/// its publisher's answer with it, which is what holds a publisher back. Any thread.
final class PacedPublishes {
  /// A second's worth of a fast publisher; one that ignores answers is refused beyond it.
  private static final int MAX_WAITING = 1_024;

  private record Waiting(
      int messages,
      int bytes,
      Supplier<CompletionStage<Receipt>> publishing,
      CompletableFuture<Receipt> answer) {}

  private final Session session;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  PacedPublishes(Session session) {
    this.session = session;
  }

  CompletionStage<Receipt> publish(
      List<Message> messages, Supplier<CompletionStage<Receipt>> publishing) {
    int count = messages.size();
    int bytes = messages.stream().mapToInt(message -> message.body().length()).sum();
    long wait;
    CompletableFuture<Receipt> answer = new CompletableFuture<>();
    lock.lock();
    try {
      boolean isFirst = waiting.isEmpty();
      wait = isFirst ? session.pace(count, bytes) : 0;
      if (!isFirst || wait > 0) {
        if (waiting.size() >= MAX_WAITING) {
          return CompletableFuture.failedStage(
              new WeirException(
                  ErrorCode.QUOTA_EXCEEDED,
                  MAX_WAITING + " messages of the user wait for its publishing rate."));
        }
        waiting.add(new Waiting(count, bytes, publishing, answer));
      }
      if (isFirst && wait == 0) {
        return publishing.get(); // Within the lock: nothing that waits may overtake it.
      }
    } finally {
      lock.unlock();
    }
    if (wait > 0) {
      session.later(wait, this::drain);
    }
    return answer;
  }

  /// Publishes unless it has to wait.
  ///
  /// @return false when the quota has no room now, or something waits for it already
  boolean publishNow(List<Message> messages, Runnable publishing) {
    long bytes = 0;
    for (Message message : messages) {
      bytes += message.body().length();
    }
    lock.lock();
    try {
      if (!waiting.isEmpty() || session.pace(messages.size(), bytes) > 0) {
        return false;
      }
      publishing.run();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void drain() {
    while (true) {
      Waiting next;
      CompletionStage<Receipt> published;
      lock.lock();
      try {
        next = waiting.peek();
        if (next == null) {
          return;
        }
        @Nullable WeirException end = session.end().orElse(null);
        long wait = end != null ? 0 : session.pace(next.messages(), next.bytes());
        if (wait > 0) {
          session.later(wait, this::drain);
          return;
        }
        waiting.remove();
        published = end != null ? CompletableFuture.failedStage(end) : next.publishing().get();
      } finally {
        lock.unlock();
      }
      CompletableFuture<Receipt> answer = next.answer();
      var _ =
          published.whenComplete((receipt, fault) -> {
            if (fault != null) {
              answer.completeExceptionally(fault);
            } else {
              answer.complete(receipt);
            }
          });
    }
  }
}
