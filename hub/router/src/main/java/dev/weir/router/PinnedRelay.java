package dev.weir.router;

import dev.weir.wire.FrameHandler;
import dev.weir.wire.FrameView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import org.jspecify.annotations.Nullable;

/// A stream whose every frame goes to one node, and whose end is that of the node's stream. Credit
/// is hop by hop: a frame's sender gets it back when the frame has been passed on.
///
/// Owned by the event loop.
final class PinnedRelay implements FrameHandler, Upstream.Rider {
  private final LoopRoutes routes;
  private final WireStream client;
  private final long route;
  private final Upstream upstream;
  private @Nullable WireStream node;
  private boolean isClientGone;

  private PinnedRelay(LoopRoutes routes, WireStream client, long route, Upstream upstream) {
    this.routes = routes;
    this.client = client;
    this.route = route;
    this.upstream = upstream;
  }

  /// Opens the stream to its node, or ends the client's with the reason why not.
  static StreamHandler open(LoopRoutes routes, WireStream client, OpenRequest request) {
    long route = LoopRoutes.route(request);
    SlotMap map = routes.map();
    int owner = map.ownerOf(route);
    if (owner == SlotMap.NONE) {
      return refused(routes, client, RouterStatus.noNode(route, map.version()));
    }
    Upstream upstream = routes.upstream(owner);
    NodeStandings.Standing said = upstream.standing();
    if (said != null && said.isLeaving()) {
      return refused(routes, client, said.why());
    }
    PinnedRelay relay = new PinnedRelay(routes, client, route, upstream);
    WireStream node = upstream.open(request, relay.new Back(), relay);
    if (node == null) {
      return refused(routes, client, routes.away(upstream.node()));
    }
    relay.node = node;
    return relay;
  }

  /// Ends a client's stream before it begins.
  static StreamHandler refused(LoopRoutes routes, WireStream client, WireStatus why) {
    routes.counters().onRefusal();
    client.abort(why);
    return new Refused();
  }

  @Override
  public void onMap(SlotMap map) {
    StorageNode now = map.nodeOf(route);
    if (!upstream.node().equals(now)) {
      client.finish(RouterStatus.MOVED, Metadata.EMPTY);
      if (node != null) {
        node.abort(RouterStatus.MOVED);
      }
    }
  }

  /// The stream ends with the old connection: its client opens it again, on the new one.
  @Override
  public void onNewConnection() {
    if (node != null && upstream.isSuperseded(node)) {
      client.finish(RouterStatus.MOVED, Metadata.EMPTY);
      node.abort(RouterStatus.MOVED);
    }
  }

  @Override
  public void onFrame(WireStream stream, FrameView frame) {
    if (node != null) {
      pass(frame, client, node);
    }
  }

  private static void pass(FrameView frame, WireStream from, WireStream to) {
    int bytes = frame.frameBytes();
    if (!to.isSending() || to.forward(frame, frame.mid(), (_, _) -> from.consumed(bytes))) {
      from.consumed(bytes);
    }
  }

  @Override
  public void onCancelled(WireStream stream, int mid) {
    if (node != null) {
      node.passCancel(mid);
    }
  }

  @Override
  public void onEnd(WireStream stream) {
    if (node != null) {
      node.end();
    }
  }

  @Override
  public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
    isClientGone = true;
    if (node != null) {
      node.abort(RouterStatus.CLIENT_GONE);
    }
  }

  /// The node's side.
  private final class Back implements FrameHandler {
    @Override
    public void onAccepted(WireStream stream, Metadata metadata) {
      client.accept(metadata);
    }

    @Override
    public void onFrame(WireStream stream, FrameView frame) {
      pass(frame, stream, client);
    }

    @Override
    public void onEnd(WireStream stream) {
      client.end();
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
      upstream.left(PinnedRelay.this);
      if (!isClientGone && client.isSending()) {
        routes.counters().onLost();
        client.finish(status, trailers);
      }
    }
  }

  /// Owns a stream that was ended before it began.
  private static final class Refused implements FrameHandler {
    @Override
    public void onFrame(WireStream stream, FrameView frame) {
      stream.consumed(frame.frameBytes());
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }
}
