package dev.weir.node;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.config.HostPort;
import dev.weir.config.WeirConfig;
import dev.weir.gateway.port.Gate;
import dev.weir.gateway.port.OpsRoute;
import dev.weir.gateway.port.Port;
import dev.weir.gateway.port.PortStats;
import dev.weir.log.FileDisk;
import dev.weir.tls.KeyWatch;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireSecurity;
import dev.weir.wire.WireServer;
import dev.weir.wire.WireServices;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A storage node: key/value buckets over wire, metrics and health apart.
///
/// Owns what it starts and closes it in reverse: clients are sent away first, what they asked is
/// answered, then the log is closed.
public final class KvNode implements ServerNode {
  private final KvService kv;
  private final @Nullable Users users;
  private final WireSetup setup;
  private final KeyWatch keys;
  private final WireLoops loops;
  private final Gate gate;
  private final WireServer server;
  private final Port ops;
  private final HostPort listen;
  private final HostPort opsAddress;

  /// What a page of metrics shows.
  private record Figures(
      dev.weir.kv.KvStats kv, PortStats port, WireFigures wire, long freeDiskBytes) {}

  private KvNode(
      WeirConfig config,
      KvService kv,
      @Nullable Users users,
      WireSetup setup,
      KeyWatch keys,
      WireLoops loops,
      Gate gate,
      WireServer server,
      Port ops) {
    this.kv = kv;
    this.users = users;
    this.setup = setup;
    this.keys = keys;
    this.loops = loops;
    this.gate = gate;
    this.server = server;
    this.ops = ops;
    this.listen = new HostPort(config.server().listen().host(), server.port());
    this.opsAddress = new HostPort(config.server().ops().host(), ops.port());
  }

  /// Opens the buckets, recovers them and listens.
  ///
  /// @throws WeirException with ADDRESS_IN_USE, DATA_DIRECTORY_LOCKED or CONFIG_ENVIRONMENT
  /// @throws IOException when the data directory cannot be used
  public static KvNode start(WeirConfig config, String version, Clock clock) throws IOException {
    Disk disk = new FileDisk();
    WireSetup setup = WireSetup.serving(config.server(), config.wire());
    Users users = Users.open(config.auth(), clock).orElse(null);
    KvService kv = null;
    try {
      kv = KvService.open(config, disk, clock);
      return serve(config, version, disk, setup, users, kv);
    } catch (WeirException | IOException e) {
      if (kv != null) {
        kv.close();
      }
      if (users != null) {
        users.close();
      }
      throw e;
    }
  }

  private static KvNode serve(
      WeirConfig config,
      String version,
      Disk disk,
      WireSetup setup,
      @Nullable Users users,
      KvService kv) {
    KeyWatch keys = KeyWatch.start(setup.keyFiles(), Clock.SYSTEM, KeyWatch.STANDARD_PERIOD);
    WireLoops loops = WireEnds.loops("storage", config.wire());
    Gate gate = PortSetup.gate(config.server(), setup);
    WireServer server = null;
    try {
      WireGuard guard = users == null ? null : new WireGuard(users.access());
      WireSecurity security =
          WireEnds.guarded(setup.security(), guard).with(PortSetup.entrance(gate));
      WireContext context =
          WireEnds.offering(WireContext.of("storage").with(security), config.wire());
      WireServices services = kv.services(guard);
      InetSocketAddress address = WireEnds.resolved(config.server().listen());
      server = WireServer.start(loops, context, address, () -> services);
      Port ops = serveOps(config, version, disk, kv, users, keys, gate, context, server);
      return new KvNode(config, kv, users, setup, keys, loops, gate, server, ops);
    } catch (WeirException e) {
      if (server != null) {
        server.close();
      }
      gate.close();
      loops.close();
      keys.close();
      throw e;
    }
  }

  private static Port serveOps(
      WeirConfig config,
      String version,
      Disk disk,
      KvService kv,
      @Nullable Users users,
      KeyWatch keys,
      Gate gate,
      WireContext context,
      WireServer server) {
    Meters<Figures> meters =
        new Meters<>(() ->
            new Figures(
                kv.stats(),
                gate.stats(),
                WireFigures.of(context, server.connectionCount()),
                freeBytes(disk, kv)));
    meters.gauge("weir.build.info", "Always 1.", _ -> 1, "version", version, "role", "storage");
    PortMeters.register(meters, Figures::port);
    KvMeters.buckets(meters, Figures::kv);
    KvMeters.routers(meters, kv.desk()::stats);
    KvMeters.wire(meters, Figures::wire);
    TlsMeters.register(meters, keys::stats);
    meters.gauge("weir.store.disk.free.bytes", "Free on the data disk.", Figures::freeDiskBytes);
    Map<String, OpsRoute> routes =
        OpsRoutes.with(
            OpsRoutes.of(meters, () -> readiness(disk, kv)), () -> StatusJson.storage(kv.desk()));
    return OpsRoutes.serve(config.server().ops(), users == null ? routes : users.guarding(routes));
  }

  private static List<Health.Check> readiness(Disk disk, KvService kv) {
    return List.of(
        kv.check(), new Health.Check("disk", true, new ByteSize(freeBytes(disk, kv)) + " free"));
  }

  private static long freeBytes(Disk disk, KvService kv) {
    try {
      return disk.freeBytes(kv.directory());
    } catch (IOException _) {
      return 0; // Told as full: the operator looks at the disk, which is where the fault is.
    }
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
    lines.add("storage node, data in " + kv.directory());
    lines.add(kv.recovery());
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
        + WireEnds.describe(setup, users != null)
        + "), use `weir kv put BUCKET/KEY VALUE -s weir://"
        + listen
        + "`, metrics at http://"
        + opsAddress
        + "/metrics";
  }

  /// A log that fails is tried again by itself; until then `/readyz` says so.
  @Override
  public void onFatal(Consumer<WeirException> callback) {}

  @Override
  public String reconfigure(WeirConfig config) {
    setup.refresh();
    return "";
  }

  @Override
  public void close() {
    keys.close();
    kv.desk().drain();
    WireEnds.drained(server.drain(WireEnds.DRAIN));
    ops.close();
    server.close();
    gate.close();
    kv.close();
    loops.close();
    if (users != null) {
      users.close();
    }
  }
}
