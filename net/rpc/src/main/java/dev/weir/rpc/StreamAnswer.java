package dev.weir.rpc;

import dev.weir.wire.MessageView;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A server's call on a stream of its own.
final class StreamAnswer implements Answer, StreamHandler {
  private final WireStream stream;
  private final RpcServer server;
  private final Outbox outbox = new Outbox();
  private @Nullable WireServerCall<?, ?> call;
  private volatile @Nullable WireStatus lastWord;

  StreamAnswer(WireStream stream, RpcServer server) {
    this.stream = stream;
    this.server = server;
    outbox.attach(stream);
  }

  /// On the loop, before anything comes.
  void serve(WireServerCall<?, ?> served) {
    call = served;
    stream.consumeByHand();
    served.start();
    if (!served.isUnary()) {
      served.inbox().ready();
    }
  }

  private WireServerCall<?, ?> serving() {
    return java.util.Objects.requireNonNull(call, "a stream is used before it is served");
  }

  @Override
  public void headers(Metadata headers) {
    dev.weir.wire.Metadata wire = MetadataCodec.answer(headers);
    outbox.add(target -> {
      target.accept(wire);
      return true;
    });
  }

  @Override
  public void send(ByteBuf body) {
    outbox.add(Outbox.message(body));
  }

  @Override
  public void finish(Status status, Metadata trailers) {
    WireStatus said = StatusCodec.toWire(status);
    dev.weir.wire.Metadata wire = MetadataCodec.toWire(trailers);
    lastWord = said;
    outbox.add(target -> {
      target.finish(said, wire);
      return true;
    });
  }

  @Override
  public void abort(Status status) {
    stream.abort(StatusCodec.toWire(status));
  }

  @Override
  public boolean isReady() {
    return outbox.isReady();
  }

  @Override
  public void consumed(long bytes) {
    stream.consumed(bytes);
  }

  @Override
  public void onMessage(WireStream from, MessageView message) {
    serving().offer(message);
  }

  @Override
  public void onEnd(WireStream ended) {
    WireServerCall<?, ?> served = serving();
    served.inbox().add(served::onHalfClose);
  }

  @Override
  public void onReady(WireStream ready) {
    outbox.resume();
    if (outbox.isReady()) {
      serving().inbox().ready();
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // This end's own last word, not the peer's equal one.
  public void onClosed(WireStream closed, WireStatus status, dev.weir.wire.Metadata trailers) {
    outbox.close();
    serving().end(status == lastWord, StatusCodec.fromWire(status));
    server.ended();
  }
}
