package dev.weir.rpc;

import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a client's call hears, handed to its listener, and its one end. Everything runs on the
/// inbox's turn.
final class CallReader<A> implements Inbox.Reader {
  private static final Logger LOG = LoggerFactory.getLogger(CallReader.class);

  private final PlacedCall<A> call;
  private final WireChannel channel;
  private @Nullable Replies<A> replies;
  private boolean isCounted;

  CallReader(PlacedCall<A> call, WireChannel channel) {
    this.call = call;
    this.channel = channel;
  }

  /// @param counted whether the channel waits for the call's end
  void start(Replies<A> given, boolean counted) {
    replies = given;
    isCounted = counted;
  }

  boolean isStarted() {
    return replies != null;
  }

  void onHeaders(dev.weir.wire.Metadata wire) {
    if (!call.isFailed()) {
      replies().headers(wire).ifPresent(call::fail);
    }
  }

  @Override
  public void onMessage(int flags, ByteBuf buffer, int index, int length, long creditBytes) {
    onHeaders(dev.weir.wire.Metadata.EMPTY);
    if (call.isFailed()) {
      return;
    }
    A message;
    try {
      message = replies().decode(flags, buffer, index, length);
    } catch (RuntimeException e) {
      call.fail(MessageDecoder.unreadable(e));
      return;
    }
    Attempt known = call.attempt();
    if (known != null) {
      known.consumed(creditBytes);
    }
    replies().message(message);
  }

  @Override
  public void onReady() {
    replies().ready();
  }

  @Override
  public void onFault(Throwable fault) {
    LOG.debug("A listener of {} failed", call.methodName(), fault);
    call.fail(Status.CANCELLED.withDescription("The listener failed").withCause(fault));
  }

  @Override
  public void onRejected() {
    Status status = Status.CANCELLED.withDescription("The executor of the call takes nothing more");
    call.abandon(status);
    settle(status);
  }

  /// The server, or the connection's end, ended the call.
  void onClosed(WireStatus status, dev.weir.wire.Metadata trailers) {
    boolean isOutOfTime =
        status.code() == StatusCode.DEADLINE_EXCEEDED && call.deadline().isExpired();
    Status ended =
        isOutOfTime ? call.deadline().expired(status.detail()) : StatusCodec.fromWire(status);
    onEnd(ended, trailers);
  }

  void onFailed(Status status, dev.weir.wire.Metadata before, dev.weir.wire.Metadata trailers) {
    if (!before.isEmpty()) {
      onHeaders(before);
    }
    onEnd(status, trailers);
  }

  private void onEnd(Status status, dev.weir.wire.Metadata wire) {
    if (!call.isFailed()) {
      finish(status, replies().trailers(wire));
    }
  }

  void finish(Status status, Metadata trailers) {
    call.inbox().close();
    settle(status);
    replies().close(status, trailers);
  }

  private void settle(Status status) {
    call.settle(status);
    if (isCounted) {
      channel.leave();
    }
  }

  private Replies<A> replies() {
    return Objects.requireNonNull(replies, "the call was not started");
  }
}
