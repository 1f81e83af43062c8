package dev.weir.kv;

import dev.weir.base.WeirException;
import dev.weir.wire.MessageView;
import dev.weir.wire.Offer;
import dev.weir.wire.ReplyHandler;
import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// One call with its attempts. It is tried again only when nothing can have been done, by the
/// peer's word or since it never left, or when it is a read; and only while its time lasts.
final class KvCall<T> implements ReplyHandler {
  private final KvClient client;
  private final KvRequest request;
  private final long route;
  private final long deadlineNanos;
  private final Function<ByteBuf, T> decoder;
  final CompletableFuture<T> result = new CompletableFuture<>();
  private int attempt;

  KvCall(
      KvClient client,
      KvRequest request,
      long route,
      long deadlineNanos,
      Function<ByteBuf, T> decoder) {
    this.client = client;
    this.request = request;
    this.route = route;
    this.deadlineNanos = deadlineNanos;
    this.decoder = decoder;
  }

  void start() {
    var _ =
        client.stream()
            .whenComplete((stream, failure) -> {
              if (failure == null) {
                send(stream);
              } else {
                onFailure(0, KvFailure.unreached(failure));
              }
            });
  }

  private void send(WireStream stream) {
    long leftMicros = (deadlineNanos - client.nanoTime()) / 1_000;
    if (leftMicros <= 0) {
      expire();
      return;
    }
    ByteBuf body = stream.connection().allocator().buffer();
    KvCodec.encode(request, body);
    if (stream.call(body, route, leftMicros, this) == Offer.REFUSED) {
      body.release();
      onFailure(0, WireStatus.unprocessed(StatusCode.RESOURCE_EXHAUSTED, "Too much waits here."));
    }
  }

  @Override
  public void onReply(MessageView reply) {
    try {
      result.complete(decoder.apply(reply.buffer().slice(reply.bodyIndex(), reply.bodyBytes())));
    } catch (WeirException e) {
      result.completeExceptionally(e);
    }
  }

  @Override
  public void onFailure(int mid, WireStatus status) {
    boolean mayRepeat =
        status.isUnprocessed() || (status.code() == StatusCode.UNAVAILABLE && isRead());
    if (!mayRepeat || isFinal(status.code())) {
      result.completeExceptionally(KvFailure.of(status));
      return;
    }
    long delayNanos = client.delayNanos(attempt++);
    if (client.nanoTime() + delayNanos - deadlineNanos >= 0
        || !client.later(this::start, delayNanos)) {
      result.completeExceptionally(KvFailure.of(status));
    }
  }

  /// Whether another attempt would end the same way.
  private static boolean isFinal(StatusCode code) {
    return code == StatusCode.DEADLINE_EXCEEDED
        || code == StatusCode.UNAUTHENTICATED
        || code == StatusCode.PERMISSION_DENIED;
  }

  private boolean isRead() {
    return switch (request) {
      case KvRequest.Get _, KvRequest.History _, KvRequest.Keys _, KvRequest.Watch _ -> true;
      case KvRequest.Put _, KvRequest.Delete _, KvRequest.Configure _ -> false;
    };
  }

  private void expire() {
    result.completeExceptionally(
        KvFailure.of(WireStatus.of(StatusCode.DEADLINE_EXCEEDED, "The time was over.")));
  }
}
