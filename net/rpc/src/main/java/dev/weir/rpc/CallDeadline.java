package dev.weir.rpc;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// When a client's call is over, if ever, and why in words: the earlier of what its options and its
/// context say. Any thread.
final class CallDeadline {
  private final @Nullable Deadline deadline;
  private final long timeoutNanos;
  private volatile @Nullable Future<?> timer;

  CallDeadline(CallOptions options, Context context) {
    deadline = earlier(options.getDeadline(), context.getDeadline());
    timeoutNanos = deadline == null ? 0 : deadline.timeRemaining(TimeUnit.NANOSECONDS);
  }

  private static @Nullable Deadline earlier(@Nullable Deadline one, @Nullable Deadline other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.minimum(other);
  }

  @Nullable Deadline deadline() {
    return deadline;
  }

  boolean isExpired() {
    return deadline != null && deadline.isExpired();
  }

  /// Sees to the deadline itself: the wire keeps only that of a call that was sent.
  void startTimer(ScheduledExecutorService timers, Runnable expire) {
    if (deadline != null && timer == null) {
      long left = Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS));
      timer = timers.schedule(expire, left, TimeUnit.NANOSECONDS);
    }
  }

  void stopTimer() {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
  }

  /// For a call that began too late.
  Status expiredBefore() {
    long overMillis = deadline == null ? 0 : -deadline.timeRemaining(TimeUnit.MILLISECONDS);
    return Status.DEADLINE_EXCEEDED.withDescription(
        "ClientCall started after CallOptions deadline was exceeded by " + overMillis + " ms");
  }

  Status expired(String where) {
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
}
