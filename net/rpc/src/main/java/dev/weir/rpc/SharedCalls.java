package dev.weir.rpc;

import dev.weir.base.WeirException;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.Offer;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The unary calls of one method that share one stream, at the server.
final class SharedCalls implements StreamHandler {
  private final ServerConnection connection;
  private final ServerMethodDefinition<?, ?> method;
  private final WireStream stream;
  private final Metadata common;
  private final @Nullable String authority;
  private final Outbox outbox = new Outbox();
  private final ConcurrentHashMap<Integer, WireServerCall<?, ?>> calls = new ConcurrentHashMap<>();

  SharedCalls(ServerConnection connection, ServerMethodDefinition<?, ?> method, WireStream stream) {
    this.connection = connection;
    this.method = method;
    this.stream = stream;
    this.common = stream.request().metadata();
    this.authority = ServerConnection.authority(stream.request());
    stream.consumeByHand();
    outbox.attach(stream);
    connection.server().began(this);
  }

  /// Ends the stream, behind its replies, once the server is about to stop and none is missing.
  void drain() {
    stream
        .connection()
        .loop()
        .execute(() -> {
          if (calls.isEmpty()) {
            outbox.add(target -> {
              target.finish(ServerConnection.DRAINING, Metadata.EMPTY);
              return true;
            });
          }
        });
  }

  private void onAnswered(WireServerCall<?, ?> call) {
    call.end(true, Status.OK);
    if (connection.isDraining()) {
      drain();
    }
  }

  @Override
  public void onMessage(WireStream from, MessageView message) {
    int mid = message.mid();
    if (!message.isCall()) {
      stream.abort(WireStatus.of(StatusCode.INTERNAL, "A message came that is no call."));
      return;
    }
    if (connection.isDraining()) {
      stream.consumed(message.creditBytes());
      stream.reply(mid, ServerConnection.DRAINING);
      return;
    }
    UnaryBody.Parts parts;
    try {
      parts = new UnaryBody.Parts(message.buffer(), message.bodyIndex(), message.bodyBytes());
    } catch (WeirException e) {
      stream.abort(WireStatus.of(StatusCode.INTERNAL, String.valueOf(e.getMessage())));
      return;
    }
    io.grpc.Metadata headers = MetadataCodec.fromWire(common);
    MetadataCodec.addAll(headers, parts.headers);
    WireServerCall<?, ?> call =
        connection.call(
            method, headers, authority, message.deadlineMicros(), new SharedAnswer(this, mid));
    calls.put(mid, call);
    call.serveUnary(parts, message);
  }

  @Override
  public void onCancelled(WireStream from, int mid) {
    WireServerCall<?, ?> call = calls.remove(mid);
    if (call != null) {
      call.end(false, Status.CANCELLED.withDescription("The client cancelled the call"));
      if (connection.isDraining()) {
        drain();
      }
    }
  }

  void reply(int mid, ByteBuf body) {
    WireServerCall<?, ?> call = calls.remove(mid);
    if (call == null) {
      body.release();
      return;
    }
    outbox.add(
        new Outbox.Step() {
          @Override
          public boolean take(WireStream target) {
            return target.reply(mid, body) != Offer.REFUSED;
          }

          @Override
          public void drop() {
            body.release();
          }
        });
    onAnswered(call);
  }

  void reply(int mid, WireStatus failure) {
    WireServerCall<?, ?> call = calls.remove(mid);
    if (call != null) {
      stream.reply(mid, failure);
      onAnswered(call);
    }
  }

  boolean isReady() {
    return outbox.isReady();
  }

  void consumed(long bytes) {
    stream.consumed(bytes);
  }

  @Override
  public void onReady(WireStream ready) {
    outbox.resume();
  }

  @Override
  public void onEnd(WireStream ended) {
    // What was called before is answered; then the stream may go.
    ended.end();
  }

  @Override
  public void onClosed(WireStream closed, WireStatus status, Metadata trailers) {
    outbox.close();
    for (WireServerCall<?, ?> call : List.copyOf(calls.values())) {
      call.end(false, StatusCodec.fromWire(status));
    }
    calls.clear();
    connection.server().ended(this);
  }
}
