package dev.weir.router;

import dev.weir.base.WeirException;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// One client's connection: each of its streams is a stream of calls, spread by their routes, or is
/// pinned to one node by the route in its metadata, or asks for the map.
///
/// Owned by the connection's event loop.
final class RouterSession implements ConnectionHandler {
  static final String MAP = "router/map";

  private static final int MAP_VERSION = 1;

  private final Map<EventLoop, LoopRoutes> routes;
  private final ClientNames names;

  RouterSession(Map<EventLoop, LoopRoutes> routes, ClientNames names) {
    this.routes = routes;
    this.names = names;
  }

  @Override
  public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
    LoopRoutes own = Objects.requireNonNull(routes.get(stream.connection().loop()));
    if (request.method().equals(MAP)) {
      return Optional.of(new MapStream(own));
    }
    if (request.method().equals(Router.NODES)) {
      return Optional.empty(); // What routers tell storage nodes is no client's to say.
    }
    OpenRequest named;
    try {
      named = names.named(stream.connection(), request);
    } catch (IllegalArgumentException | WeirException e) {
      return Optional.of(
          PinnedRelay.refused(
              own,
              stream,
              WireStatus.of(StatusCode.INVALID_ARGUMENT, "It is not passed on: " + e)));
    }
    return Optional.of(
        LoopRoutes.isPinned(named)
            ? PinnedRelay.open(own, stream, named)
            : new CallRelay(own, stream, named));
  }

  /// Tells one route to each node, so that a client can ask all of them: `version u8 | map version
  /// u64 | (route u64)…`.
  private record MapStream(LoopRoutes routes) implements StreamHandler {
    @Override
    public void onMessage(WireStream stream, MessageView message) {
      if (!message.isCall()) {
        stream.abort(WireStatus.of(StatusCode.INVALID_ARGUMENT, "The map is asked for by calls."));
        return;
      }
      SlotMap map = routes.map();
      ByteBuf out = stream.connection().allocator().buffer();
      out.writeByte(MAP_VERSION).writeLong(map.version());
      map.routes().forEach(out::writeLong);
      switch (stream.reply(message.mid(), out)) {
        case TAKEN, QUEUED, CLOSED -> {}
        case REFUSED -> {
          out.release();
          stream.abort(
              WireStatus.of(StatusCode.RESOURCE_EXHAUSTED, "The client reads too slowly."));
        }
      }
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }
}
