package dev.weir.node;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.config.HostPort;
import dev.weir.config.RouterConfig;
import dev.weir.config.SlotRanges;
import dev.weir.config.WeirConfig;
import dev.weir.flow.Backoff;
import dev.weir.gateway.port.Gate;
import dev.weir.gateway.port.OpsRoute;
import dev.weir.gateway.port.Port;
import dev.weir.gateway.port.PortStats;
import dev.weir.router.ClientNames;
import dev.weir.router.Router;
import dev.weir.router.RouterLimits;
import dev.weir.router.SlotMap;
import dev.weir.router.StorageNode;
import dev.weir.router.nodes.NodeTalks;
import dev.weir.router.nodes.TalkOptions;
import dev.weir.tls.KeyWatch;
import dev.weir.tls.PemFiles;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireSecurity;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A router: clients in front, the storage nodes of a map behind, metrics and health apart. Who a
/// client is, is decided here; storage nodes know the router.
public final class RouterNode implements ServerNode {
  private final @Nullable Users users;
  private final WireSetup serving;
  private final WireSetup calling;
  private final KeyWatch keys;
  private final WireLoops loops;
  private final Gate gate;
  private final Router router;
  private final NodeTalks talks;
  private final Port ops;
  private final HostPort listen;
  private final HostPort opsAddress;

  /// What a page of metrics shows.
  private record Figures(PortStats port, WireFigures wire) {}

  private RouterNode(
      WeirConfig config,
      @Nullable Users users,
      WireSetup serving,
      WireSetup calling,
      KeyWatch keys,
      WireLoops loops,
      Gate gate,
      Router router,
      NodeTalks talks,
      Port ops) {
    this.users = users;
    this.serving = serving;
    this.calling = calling;
    this.keys = keys;
    this.loops = loops;
    this.gate = gate;
    this.router = router;
    this.talks = talks;
    this.ops = ops;
    this.listen = new HostPort(config.server().listen().host(), router.port());
    this.opsAddress = new HostPort(config.server().ops().host(), ops.port());
  }

  /// Connects to the storage nodes that are there, and listens.
  ///
  /// @throws WeirException with ADDRESS_IN_USE or CONFIG_ENVIRONMENT
  public static RouterNode start(WeirConfig config, String version) {
    WireSetup serving = WireSetup.serving(config.server(), config.wire());
    WireSetup calling = WireSetup.calling(config.router());
    InetSocketAddress address = WireEnds.resolved(config.server().listen());
    List<PemFiles> files = new ArrayList<>(serving.keyFiles());
    files.addAll(calling.keyFiles());
    KeyWatch keys = KeyWatch.start(files, Clock.SYSTEM, KeyWatch.STANDARD_PERIOD);
    WireLoops loops = WireEnds.loops("router", config.wire());
    Gate gate = PortSetup.gate(config.server(), serving);
    Users users = null;
    Router router = null;
    NodeTalks talks = null;
    try {
      users = Users.open(config.auth(), Clock.SYSTEM).orElse(null);
      WireGuard guard = users == null ? null : new WireGuard(users.access());
      WireSecurity security =
          WireEnds.guarded(serving.security(), guard).with(PortSetup.entrance(gate));
      WireContext context =
          WireEnds.offering(WireContext.of("router").with(security), config.wire());
      WireContext nodeContext = context.with(calling.security());
      router =
          Router.start(
              loops,
              context,
              nodeContext,
              guard == null ? ClientNames.NONE : guard,
              address,
              map(config.router()),
              RouterLimits.STANDARD);
      talks =
          NodeTalks.start(
              talking(config.router(), router), router, new WireConnector(loops, nodeContext));
      Port ops = serveOps(config, version, users, keys, gate, context, router, talks);
      return new RouterNode(config, users, serving, calling, keys, loops, gate, router, talks, ops);
    } catch (WeirException e) {
      if (talks != null) {
        talks.close();
      }
      if (router != null) {
        router.close();
      }
      gate.close();
      loops.close();
      keys.close();
      if (users != null) {
        users.close();
      }
      throw e;
    }
  }

  private static TalkOptions talking(RouterConfig config, Router router) {
    return new TalkOptions(
        config.name().orElseGet(() -> NodeName.of(router.port())),
        new SecureRandom().nextLong(),
        config.announce(),
        Backoff.STANDARD);
  }

  /// The map that a configuration says.
  static SlotMap map(RouterConfig config) {
    List<StorageNode> nodes = new ArrayList<>();
    for (RouterConfig.Storage storage : config.storages()) {
      HostPort at = storage.address();
      // Looked up at each connection, so that a node may move.
      nodes.add(
          new StorageNode(
              storage.name(), InetSocketAddress.createUnresolved(at.host(), at.port())));
    }
    if (config.storages().stream().allMatch(storage -> storage.slots().isEmpty())) {
      return SlotMap.even(config.mapVersion(), nodes);
    }
    byte[] owners = new byte[SlotMap.SLOTS];
    for (int i = 0; i < nodes.size(); i++) {
      for (SlotRanges.Range range : config.storages().get(i).slots().orElseThrow().ranges()) {
        java.util.Arrays.fill(owners, range.first(), range.last() + 1, (byte) i);
      }
    }
    return new SlotMap(config.mapVersion(), nodes, Bytes.wrap(owners));
  }

  private static Port serveOps(
      WeirConfig config,
      String version,
      @Nullable Users users,
      KeyWatch keys,
      Gate gate,
      WireContext context,
      Router router,
      NodeTalks talks) {
    Meters<Figures> meters =
        new Meters<>(
            () -> new Figures(gate.stats(), WireFigures.of(context, router.connectionCount())));
    meters.gauge("weir.build.info", "Always 1.", _ -> 1, "version", version, "role", "router");
    RouterMeters.register(meters, router);
    RouterMeters.talks(meters, talks);
    PortMeters.register(meters, Figures::port);
    KvMeters.wire(meters, Figures::wire);
    TlsMeters.register(meters, keys::stats);
    Map<String, OpsRoute> routes =
        OpsRoutes.with(
            OpsRoutes.of(meters, () -> readiness(router)), () -> StatusJson.router(router, talks));
    return OpsRoutes.serve(config.server().ops(), users == null ? routes : users.guarding(routes));
  }

  /// Ready while a storage node is reached: what goes to others is refused, and told so.
  private static List<Health.Check> readiness(Router router) {
    Map<String, Boolean> nodes = router.reachedNodes();
    List<Health.Check> checks = new ArrayList<>();
    checks.add(
        new Health.Check(
            "map",
            nodes.containsValue(true),
            "version " + router.mapVersion() + ", " + reached(nodes)));
    return checks;
  }

  private static String reached(Map<String, Boolean> nodes) {
    long count = nodes.values().stream().filter(isReached -> isReached).count();
    String away =
        nodes.entrySet().stream()
            .filter(node -> !node.getValue())
            .map(Map.Entry::getKey)
            .sorted()
            .collect(Collectors.joining(", "));
    String text = count + " of " + nodes.size() + " storage nodes reached";
    return away.isEmpty() ? text : text + ", not " + away;
  }

  @Override
  public HostPort address() {
    return listen;
  }

  /// Where metrics and health are, with the port that it got.
  public HostPort opsAddress() {
    return opsAddress;
  }

  @Override
  public List<String> introduction() {
    List<String> lines = new ArrayList<>();
    lines.add("router, map version " + router.mapVersion());
    lines.add(reached(router.reachedNodes()));
    if (users != null) {
      lines.add(users.introduction());
    }
    return lines;
  }

  @Override
  public String offer() {
    return "buckets over wire on "
        + listen
        + " ("
        + WireEnds.describe(serving, users != null)
        + "), use `weir kv put BUCKET/KEY VALUE -s weir://"
        + listen
        + "`, metrics at http://"
        + opsAddress
        + "/metrics";
  }

  /// A router goes on whatever becomes of its storage nodes.
  @Override
  public void onFatal(Consumer<WeirException> callback) {}

  /// Puts a newer map in force, and reads certificates and tokens again.
  @Override
  public String reconfigure(WeirConfig config) {
    serving.refresh();
    calling.refresh();
    SlotMap next = map(config.router());
    if (next.version() > router.mapVersion()) {
      router.update(next).join();
      talks.announce(next);
      return "map version " + next.version() + ", " + reached(router.reachedNodes());
    }
    return next.equals(router.map())
        ? ""
        : "the list of storages changed, but router.mapVersion is still "
            + next.version()
            + ": raise it to put the list in force";
  }

  @Override
  public void close() {
    keys.close();
    WireEnds.drained(router.drain(WireEnds.DRAIN));
    ops.close();
    talks.close();
    router.close();
    gate.close();
    loops.close();
    if (users != null) {
      users.close();
    }
  }
}
