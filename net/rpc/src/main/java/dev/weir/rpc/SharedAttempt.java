package dev.weir.rpc;

import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.Offer;
import dev.weir.wire.ReplyHandler;
import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A unary call as one of many on a shared stream: one frame each way, no stream of its own.
///
/// A call that the server cannot have seen is made once more.
final class SharedAttempt implements Attempt, ReplyHandler {
  private final PlacedCall<?> call;
  private final Inbox inbox;
  private final ByteBuf body;
  private final Metadata headers;
  private volatile @Nullable WireStream stream;
  private volatile int mid;
  private volatile boolean isCancelled;
  private boolean isRetry;

  /// @param body the whole call; this attempt releases it
  /// @param headers those of this call
  SharedAttempt(PlacedCall<?> call, Inbox inbox, ByteBuf body, Metadata headers) {
    this.call = call;
    this.inbox = inbox;
    this.body = body;
    this.headers = headers;
  }

  @Override
  public void start(Session session) {
    WireStream shared = session.shared(call.methodName());
    stream = shared;
    inbox.attach(shared.connection().loop());
    ByteBuf copy = UnaryBody.with(headers, Metadata.EMPTY, body.retainedDuplicate());
    if (shared.call(copy, call.wireMicros(), this) == Offer.REFUSED) {
      copy.release();
      call.moveToStream(session, body);
    }
  }

  @Override
  public void send(ByteBuf unexpected) {
    unexpected.release();
    throw new IllegalStateException("A unary call sends one message");
  }

  @Override
  public void halfClose() {}

  @Override
  public void cancel(Status status) {
    isCancelled = true;
    WireStream known = stream;
    if (known != null && mid != 0) {
      known.cancel(mid);
    }
  }

  @Override
  public boolean isReady() {
    return false;
  }

  @Override
  public void consumed(long bytes) {
    // The wire gives back what a reply costs.
  }

  @Override
  public void onSent(int given) {
    mid = given;
    WireStream known = stream;
    if (isCancelled && known != null) {
      known.connection().loop().execute(() -> known.cancel(given));
    }
  }

  @Override
  public void onReply(MessageView reply) {
    body.release();
    UnaryBody.Parts parts;
    try {
      parts = new UnaryBody.Parts(reply.buffer(), reply.bodyIndex(), reply.bodyBytes());
    } catch (RuntimeException e) {
      call.fail(Status.INTERNAL.withDescription("A reply cannot be read").withCause(e));
      return;
    }
    ByteBuf buffer = reply.buffer();
    if (!inbox.handOver(() -> handOver(parts, buffer))) {
      queue(parts, buffer);
      inbox.schedule();
    }
  }

  private void handOver(UnaryBody.Parts parts, ByteBuf buffer) {
    if (parts.isFailure() || !inbox.takeRequest()) {
      queue(parts, buffer);
      return;
    }
    call.reader().onHeaders(parts.headers);
    call.reader().onMessage(parts.flags, buffer, parts.index, parts.length, 0);
    call.reader().onClosed(WireStatus.OK, parts.trailers);
  }

  private void queue(UnaryBody.Parts parts, ByteBuf buffer) {
    if (parts.isFailure()) {
      Status status = parts.status(buffer);
      inbox.addLater(() -> call.reader().onFailed(status, parts.headers, parts.trailers));
      return;
    }
    inbox.addLater(() -> call.reader().onHeaders(parts.headers));
    inbox.addLater(parts.flags, buffer, parts.index, parts.length, 0);
    inbox.addLater(() -> call.reader().onClosed(WireStatus.OK, parts.trailers));
  }

  @Override
  public void onFailure(int failed, WireStatus status) {
    boolean isSafe = failed == 0 || status.isUnprocessed();
    if (isSafe && !isRetry && !isCancelled && call.mayRetry()) {
      isRetry = true;
      mid = 0;
      if (failed != 0 && status.code() == StatusCode.UNAVAILABLE) {
        call.retireSession();
      }
      call.restart();
      return;
    }
    body.release();
    inbox.add(() -> call.reader().onClosed(status, Metadata.EMPTY));
  }
}
