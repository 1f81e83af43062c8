package dev.weir.rpc;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Why a client's call ended at this end, in words.
final class ClientDeadlines {
  private ClientDeadlines() {}

  static @Nullable Deadline earlier(@Nullable Deadline one, @Nullable Deadline other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.minimum(other);
  }

  static Status expiredBefore(Deadline deadline) {
    return Status.DEADLINE_EXCEEDED.withDescription(
        "ClientCall started after CallOptions deadline was exceeded by "
            + -deadline.timeRemaining(TimeUnit.MILLISECONDS)
            + " ms");
  }

  static Status expired(long timeoutNanos, String where) {
    return Status.DEADLINE_EXCEEDED.withDescription(
        Timeouts.expired("CallOptions", timeoutNanos, where));
  }

  static Status cancelledBy(Context context) {
    Throwable cause = context.cancellationCause();
    if (cause == null) {
      return Status.CANCELLED.withDescription("The context was cancelled");
    }
    if (cause instanceof TimeoutException) {
      return Status.DEADLINE_EXCEEDED.withDescription(cause.getMessage()).withCause(cause);
    }
    Status status = Status.fromThrowable(cause);
    boolean isPlain = status.getCode() == Status.Code.UNKNOWN;
    return isPlain
        ? Status.CANCELLED.withDescription("The context was cancelled").withCause(cause)
        : status.withCause(cause);
  }

  static Status unreadable(RuntimeException fault) {
    return fault instanceof StatusRuntimeException known
        ? known.getStatus()
        : Status.CANCELLED.withDescription("A message could not be read").withCause(fault);
  }
}
