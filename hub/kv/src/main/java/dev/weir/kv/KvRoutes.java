package dev.weir.kv;

import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.ReplyHandler;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Asks a router for one route to each of its storage nodes, on a stream `router/map`: an empty
/// call, answered by `version u8 | map version u64 | (route u64)…`. A store does not serve it: then
/// there is one node, and any route leads there.
final class KvRoutes implements StreamHandler, ReplyHandler {
  private static final String METHOD = "router/map";
  private static final int HEAD_BYTES = 9;

  private final CompletableFuture<List<Long>> result = new CompletableFuture<>();

  private KvRoutes() {}

  static CompletableFuture<List<Long>> ask(KvClient client, Duration timeout) {
    KvRoutes routes = new KvRoutes();
    var _ =
        client.stream()
            .whenComplete((stream, failure) -> {
              if (failure != null) {
                routes.result.completeExceptionally(failure);
              } else {
                var _ =
                    stream
                        .connection()
                        .open(OpenRequest.of(METHOD), routes)
                        .call(Unpooled.EMPTY_BUFFER, routes);
              }
            });
    return routes.result.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void onMessage(WireStream stream, MessageView message) {
    // Only the answer counts.
  }

  @Override
  public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
    onFailure(0, status);
  }

  @Override
  public void onReply(MessageView reply) {
    List<Long> routes = new ArrayList<>();
    ByteBuf in = reply.buffer();
    int end = reply.bodyIndex() + reply.bodyBytes();
    for (int at = reply.bodyIndex() + HEAD_BYTES; at + Long.BYTES <= end; at += Long.BYTES) {
      routes.add(in.getLong(at));
    }
    result.complete(List.copyOf(routes));
  }

  @Override
  public void onFailure(int mid, WireStatus status) {
    if (status.code() == StatusCode.UNIMPLEMENTED) {
      result.complete(List.of(0L));
    } else {
      result.completeExceptionally(KvFailure.of(status));
    }
  }
}
