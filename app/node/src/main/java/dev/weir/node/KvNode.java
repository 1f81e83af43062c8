package dev.weir.node;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.config.HostPort;
import dev.weir.config.WeirConfig;
import dev.weir.gateway.port.Port;
import dev.weir.log.FileDisk;
import dev.weir.tls.KeyWatch;
import dev.weir.wire.Transport;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/// A storage node: key/value buckets over wire, metrics and health apart.
///
/// Owns what it starts and closes it in reverse: clients are sent away first, what they asked is
/// answered, then the log is closed.
public final class KvNode implements ServerNode {
  private final KvService kv;
  private final WireSetup setup;
  private final KeyWatch keys;
  private final WireLoops loops;
  private final WireServer server;
  private final Port ops;
  private final HostPort listen;
  private final HostPort opsAddress;

  /// What a page of metrics shows.
  private record Figures(dev.weir.kv.KvStats kv, WireFigures wire, long freeDiskBytes) {}

  private KvNode(
      WeirConfig config,
      KvService kv,
      WireSetup setup,
      KeyWatch keys,
      WireLoops loops,
      WireServer server,
      Port ops) {
    this.kv = kv;
    this.setup = setup;
    this.keys = keys;
    this.loops = loops;
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
    KvService kv = KvService.open(config, disk, clock);
    KeyWatch keys = KeyWatch.start(setup.keyFiles(), clock, KeyWatch.STANDARD_PERIOD);
    WireLoops loops = WireLoops.start("storage", WireEnds.LOOPS, Transport.best());
    WireServer server = null;
    try {
      WireContext context = WireContext.of("storage").with(setup.security());
      InetSocketAddress address = WireEnds.resolved(config.server().listen());
      server = WireServer.start(loops, context, address, kv::handler);
      Port ops = serveOps(config, version, disk, kv, keys, context, server);
      return new KvNode(config, kv, setup, keys, loops, server, ops);
    } catch (WeirException e) {
      if (server != null) {
        server.close();
      }
      loops.close();
      keys.close();
      kv.close();
      throw e;
    }
  }

  private static Port serveOps(
      WeirConfig config,
      String version,
      Disk disk,
      KvService kv,
      KeyWatch keys,
      WireContext context,
      WireServer server) {
    Meters<Figures> meters =
        new Meters<>(() ->
            new Figures(
                kv.stats(),
                WireFigures.of(context, server.connectionCount()),
                freeBytes(disk, kv)));
    meters.gauge("weir.build.info", "Always 1.", _ -> 1, "version", version, "role", "storage");
    KvMeters.buckets(meters, Figures::kv);
    KvMeters.wire(meters, Figures::wire);
    TlsMeters.register(meters, keys::stats);
    meters.gauge("weir.store.disk.free.bytes", "Free on the data disk.", Figures::freeDiskBytes);
    return OpsRoutes.serve(config.server().ops(), OpsRoutes.of(meters, () -> readiness(disk, kv)));
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
    return List.of("storage node, data in " + kv.directory(), kv.recovery());
  }

  @Override
  public String offer() {
    return "buckets over wire on "
        + listen
        + " ("
        + WireEnds.describe(setup.security())
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
    WireEnds.drained(server.drain(WireEnds.DRAIN));
    ops.close();
    server.close();
    kv.close();
    loops.close();
  }
}
