package dev.weir.rpc;

import dev.weir.wire.WireStatus;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A server's unary call as one of many on a stream: everything that it says waits for its status
/// and goes as one reply.
final class SharedAnswer implements Answer {
  private final SharedCalls calls;
  private final int mid;
  private dev.weir.wire.Metadata headers = dev.weir.wire.Metadata.EMPTY;
  private final AtomicReference<@Nullable ByteBuf> body = new AtomicReference<>();
  private volatile boolean isAborted;

  SharedAnswer(SharedCalls calls, int mid) {
    this.calls = calls;
    this.mid = mid;
  }

  @Override
  public void headers(Metadata given) {
    headers = MetadataCodec.answer(given);
  }

  @Override
  public void send(ByteBuf message) {
    body.set(message);
    if (isAborted) {
      drop();
    }
  }

  private void drop() {
    ByteBuf message = body.getAndSet(null);
    if (message != null) {
      message.release();
    }
  }

  @Override
  public void finish(Status status, Metadata given) {
    dev.weir.wire.Metadata trailers = MetadataCodec.toWire(given);
    MetadataCodec.checkTogether(headers, trailers);
    ByteBuf message = body.getAndSet(null);
    if (status.isOk() && message != null) {
      calls.reply(mid, UnaryBody.with(headers, trailers, message));
      return;
    }
    if (message != null) {
      message.release();
    }
    WireStatus wire = StatusCodec.toWire(status);
    if (headers.isEmpty() && trailers.isEmpty()) {
      calls.reply(mid, wire);
    } else {
      ByteBuf failure = UnaryBody.failure(wire.code().number(), wire.detail());
      calls.reply(mid, UnaryBody.with(headers, trailers, failure));
    }
  }

  @Override
  public void abort(Status status) {
    isAborted = true;
    drop();
    calls.reply(mid, StatusCodec.toWire(status));
  }

  @Override
  public void abandon() {
    isAborted = true;
    drop();
  }

  @Override
  public boolean isReady() {
    return calls.isReady();
  }

  @Override
  public void consumed(long bytes) {
    calls.consumed(bytes);
  }
}
