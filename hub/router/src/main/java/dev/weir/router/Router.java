package dev.weir.router;

import dev.weir.base.Checks;
import dev.weir.base.WeirException;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// Takes clients' connections and passes what they ask on to the storage nodes of a map.
///
/// A loop owns its clients' connections and one connection of its own to each node: a frame changes
/// no thread on its way, and there are loops times nodes connections.
///
/// Any thread may call any method.
public final class Router implements AutoCloseable {
  /// What storage nodes serve for routers alone, see [dev.weir.router.nodes].
  public static final String NODES = "router/nodes";

  /// How long a start or a new map waits for nodes that do not answer.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final WireServer server;
  private final Map<EventLoop, LoopRoutes> routes;
  private final RouterCounters counters;
  private final NodeStandings standings;
  private volatile SlotMap newest;

  private Router(
      WireServer server,
      Map<EventLoop, LoopRoutes> routes,
      RouterCounters counters,
      NodeStandings standings,
      SlotMap map) {
    this.server = server;
    this.routes = routes;
    this.counters = counters;
    this.standings = standings;
    this.newest = map;
  }

  /// Connects to the storage nodes, as far as they are there, and listens; port 0 takes a free one.
  ///
  /// @throws WeirException ADDRESS_IN_USE
  public static Router start(
      WireLoops loops,
      WireContext context,
      InetSocketAddress address,
      SlotMap map,
      RouterLimits limits) {
    return start(loops, context, context, ClientNames.NONE, address, map, limits);
  }

  /// As above, with a context of its own for the connections to nodes: other keys, another token.
  /// The two share a budget.
  ///
  /// @param names what nodes are told of clients
  public static Router start(
      WireLoops loops,
      WireContext context,
      WireContext nodeContext,
      ClientNames names,
      InetSocketAddress address,
      SlotMap map,
      RouterLimits limits) {
    RouterCounters counters = new RouterCounters();
    NodeStandings standings = new NodeStandings();
    WireConnector connector = new WireConnector(loops, nodeContext);
    Map<EventLoop, LoopRoutes> routes = new HashMap<>();
    for (EventLoop loop : loops.loops()) {
      routes.put(loop, new LoopRoutes(loop, connector, limits, counters, standings, map));
    }
    prepare(routes, map).join();
    WireServer server =
        WireServer.start(loops, context, address, () -> new RouterSession(routes, names));
    return new Router(server, routes, counters, standings, map);
  }

  private static CompletableFuture<Void> prepare(Map<EventLoop, LoopRoutes> routes, SlotMap map) {
    List<CompletableFuture<?>> tried = new ArrayList<>();
    routes.forEach((loop, own) -> {
      CompletableFuture<Void> done = new CompletableFuture<>();
      tried.add(done);
      loop.execute(() -> {
        var _ = own.prepare(map).whenComplete((_, _) -> done.complete(null));
      });
    });
    return CompletableFuture.allOf(tried.toArray(CompletableFuture<?>[]::new))
        .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Connects to the nodes of a newer map, then puts it in force. Calls under way are answered by
  /// the node that they went to; a node that has no slot any more is left when they are.
  ///
  /// @return completes when every loop goes by it
  /// @throws IllegalArgumentException when it is not newer
  public synchronized CompletableFuture<Void> update(SlotMap map) {
    Checks.range("version", map.version(), newest.version() + 1, Long.MAX_VALUE);
    newest = map;
    return prepare(routes, map)
        .thenCompose(_ ->
            CompletableFuture.allOf(
                routes.entrySet().stream()
                    .map(e -> CompletableFuture.runAsync(() -> e.getValue().apply(map), e.getKey()))
                    .toArray(CompletableFuture<?>[]::new)));
  }

  public int port() {
    return server.port();
  }

  public RouterCounters counters() {
    return counters;
  }

  /// Which nodes get no new calls.
  public NodeStandings standings() {
    return standings;
  }

  /// The map that was given last; [#update] says when it is in force.
  public SlotMap map() {
    return newest;
  }

  public long mapVersion() {
    return newest.version();
  }

  /// How many clients' connections are open.
  public int connectionCount() {
    return server.connectionCount();
  }

  /// The nodes of the map by id, and whether every loop is connected to them.
  public Map<String, Boolean> reachedNodes() {
    Map<String, Boolean> reached = new TreeMap<>();
    for (StorageNode node : newest.nodes()) {
      reached.put(node.id(), routes.values().stream().allMatch(own -> own.hasReached(node)));
    }
    return reached;
  }

  /// Stops listening and drains every client's connection: clients go elsewhere first, calls under
  /// way are answered, see [WireServer#drain].
  ///
  /// @param grace 0 to 1 h
  /// @return done when all of them are closed
  public CompletionStage<Void> drain(Duration grace) {
    return server.drain(grace);
  }

  /// Stops listening, and closes every connection to clients and nodes.
  @Override
  public void close() {
    server.close();
    routes.forEach((loop, own) -> {
      try {
        CompletableFuture.runAsync(own::close, loop).join();
      } catch (CompletionException | java.util.concurrent.RejectedExecutionException _) {
        // The loop has ended, and its connections with it.
      }
    });
  }
}
