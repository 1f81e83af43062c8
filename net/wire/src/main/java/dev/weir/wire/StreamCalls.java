package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The calls of one stream at the end that makes them.
///
/// Owned by the connection's event loop.
final class StreamCalls implements Runnable {
  /// How exactly deadlines are kept; scanning costs a few microseconds per thousand calls.
  private static final long SWEEP_MILLIS = 5;

  private final WireStream stream;
  private final PendingCalls pending = new PendingCalls();
  private boolean isSweeping;
  private boolean isRefused;

  StreamCalls(WireStream stream) {
    this.stream = stream;
  }

  /// Sends a call, or fails it.
  void call(ByteBuf body, long deadlineNanos, int flags, long route, ReplyHandler reply) {
    int mid = begin(deadlineNanos, reply);
    if (mid == 0) {
      body.release();
      return;
    }
    stream.sender().message(FrameType.MSG, mid, flags, body, deadlineNanos, route);
  }

  /// Sends a call with a copy of bytes that stay the caller's, or fails it.
  void call(
      ByteBuf source,
      int index,
      int length,
      long deadlineNanos,
      int flags,
      long route,
      ReplyHandler reply) {
    int mid = begin(deadlineNanos, reply);
    if (mid == 0) {
      return;
    }
    StreamSender sender = stream.sender();
    if (!sender.writeNow(FrameType.MSG, mid, flags, source, index, length, deadlineNanos, route)) {
      ByteBuf copy = stream.connection().outbound().copy(source, index, length);
      sender.message(FrameType.MSG, mid, flags, copy, deadlineNanos, route);
    }
  }

  /// Gives a call its number; 0 for one that was failed instead.
  private int begin(long deadlineNanos, ReplyHandler reply) {
    if (isRefused || !stream.state().canSend() || pending.isFull()) {
      reply.onFailure(0, stream.finalStatus().asUnprocessed());
      return 0;
    }
    int mid = pending.add(reply, deadlineNanos);
    reply.onSent(mid);
    if (deadlineNanos != PendingCalls.NEVER) {
      sweepLater();
    }
    return mid;
  }

  /// An answer came; one that nobody waits for any more is counted and dropped.
  void onReply(MessageView reply) {
    @Nullable ReplyHandler handler = pending.take(reply.mid());
    if (handler == null) {
      stream.connection().context().counters().onLateReply();
    } else if (reply.isFailure()) {
      handler.onFailure(reply.mid(), reply.status());
    } else {
      handler.onReply(reply);
    }
  }

  /// The peer serves no call behind this one.
  void onLastCall(int mid) {
    isRefused = true;
    pending.failAbove(
        mid,
        WireStatus.unprocessed(
            StatusCode.UNAVAILABLE, "The peer is draining and did not take this call."));
  }

  void cancel(int mid) {
    if (pending.isPending(mid)) {
      writeCancel(mid);
      pending.fail(mid, WireStatus.of(StatusCode.CANCELLED, "The call was cancelled here."));
    }
  }

  void writeCancel(int mid) {
    ControlFrames.cancel(stream.connection().outbound(), stream.sid(), mid);
    stream.connection().turn().flushSoon();
  }

  /// Fails all calls, as their stream is over.
  void failAll(WireStatus status) {
    pending.failAll(
        status.isOk()
            ? WireStatus.of(StatusCode.UNAVAILABLE, "The stream ended before the answer.")
            : status);
  }

  private void sweepLater() {
    if (!isSweeping) {
      isSweeping = true;
      var _ = stream.connection().loop().schedule(this, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /// Fails what is overdue.
  @Override
  public void run() {
    isSweeping = false;
    pending.expire(stream.connection().outbound().nowNanos(), this::writeCancel);
    if (pending.hasDeadlines()) {
      sweepLater();
    }
  }
}
