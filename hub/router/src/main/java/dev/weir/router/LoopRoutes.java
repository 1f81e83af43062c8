package dev.weir.router;

import dev.weir.wire.OpenRequest;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireStatus;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// What one loop knows: the map in force, and its own connections to the nodes.
///
/// Owned by the event loop.
final class LoopRoutes {
  private final EventLoop loop;
  private final WireConnector connector;
  private final RouterLimits limits;
  private final RouterCounters counters;
  private final NodeStandings standings;

  /// Changed by the loop alone.
  private final Map<StorageNode, Upstream> upstreams = new ConcurrentHashMap<>();

  private SlotMap map;

  LoopRoutes(
      EventLoop loop,
      WireConnector connector,
      RouterLimits limits,
      RouterCounters counters,
      NodeStandings standings,
      SlotMap map) {
    this.loop = loop;
    this.connector = connector;
    this.limits = limits;
    this.counters = counters;
    this.standings = standings;
    this.map = map;
  }

  EventLoop loop() {
    return loop;
  }

  SlotMap map() {
    return map;
  }

  RouterLimits limits() {
    return limits;
  }

  RouterCounters counters() {
    return counters;
  }

  Upstream upstream(int owner) {
    StorageNode node = map.nodes().get(owner);
    Upstream known = upstreams.get(node);
    return known == null ? connected(node) : known;
  }

  private Upstream connected(StorageNode node) {
    Upstream fresh = new Upstream(node, connector, loop, limits, counters, standings);
    upstreams.put(node, fresh);
    fresh.connect();
    return fresh;
  }

  /// Why a node without a connection is not called: its own word that it leaves, or that.
  WireStatus away(StorageNode node) {
    NodeStandings.Standing said = standings.lastWord(node);
    return said != null && said.isLeaving() ? said.why() : RouterStatus.away(node);
  }

  /// Whether there is a connection to a node. Any thread.
  boolean hasReached(StorageNode node) {
    Upstream upstream = upstreams.get(node);
    return upstream != null && upstream.isConnected();
  }

  /// Connects to the nodes of a map that is to come; completes when each was tried.
  CompletableFuture<Void> prepare(SlotMap next) {
    CompletableFuture<?>[] tried =
        next.nodes().stream()
            .map(node -> {
              Upstream known = upstreams.get(node);
              return known == null || known.isRetired() ? connected(node) : known;
            })
            .map(Upstream::tried)
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(tried);
  }

  /// The map is in force from now on.
  void apply(SlotMap next) {
    if (next.version() <= map.version()) {
      return;
    }
    map = next;
    Map<StorageNode, Upstream> before = Map.copyOf(upstreams);
    before.forEach((node, upstream) -> {
      upstream.onMap(next);
      if (upstream.isRetired()) {
        upstreams.remove(node, upstream);
      }
    });
  }

  /// Leaves every node.
  void close() {
    upstreams.values().forEach(Upstream::close);
    upstreams.clear();
  }

  /// The route that a stream names for all that it carries.
  static final String STREAM_ROUTE = "weir-route";

  static boolean isPinned(OpenRequest request) {
    return request.metadata().first(STREAM_ROUTE).filter(v -> v.length() == Long.BYTES).isPresent();
  }

  static long route(OpenRequest request) {
    return request.metadata().first(STREAM_ROUTE).orElseThrow().buffer().getLong();
  }
}
