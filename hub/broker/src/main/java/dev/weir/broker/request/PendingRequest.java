package dev.weir.broker.request;

import dev.weir.message.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A request that waits for its reply. Guarded by the lock of [LocalRequests], but for the answer.
final class PendingRequest {
  private final long number;
  private final Message message;
  private final LocalResponding responding;
  private final CompletableFuture<Message> answer = new CompletableFuture<>();
  private @Nullable Future<?> deadline;

  PendingRequest(long number, Message message, LocalResponding responding) {
    this.number = number;
    this.message = message;
    this.responding = responding;
  }

  long number() {
    return number;
  }

  Message message() {
    return message;
  }

  LocalResponding responding() {
    return responding;
  }

  CompletableFuture<Message> answer() {
    return answer;
  }

  void deadline(Future<?> task) {
    deadline = task;
  }

  void forgetDeadline() {
    Future<?> task = deadline;
    if (task != null) {
      task.cancel(false);
    }
  }
}
