package dev.weir.node;

import dev.weir.auth.AuthStats;
import dev.weir.base.ByteSize;
import dev.weir.base.disk.Disk;
import dev.weir.broker.EngineStats;
import dev.weir.broker.LocalBroker;
import dev.weir.gateway.port.OpsRoute;
import dev.weir.gateway.port.Port;
import dev.weir.gateway.port.PortStats;
import dev.weir.gateway.web.WebDoor;
import dev.weir.gateway.web.http.WebStats;
import dev.weir.link.LinkServer;
import dev.weir.tls.KeyStats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A core's `/metrics`, `/livez` and `/readyz`. Live means that the process works: a restart would
/// help otherwise. Ready means that it accepts and stores.
final class CoreOps {
  private static final PortStats NO_PORT = new PortStats(0, Map.of(), Map.of());

  private final Path dataDirectory;
  private final Disk disk;
  private final LocalBroker broker;
  private final KvService kv;
  private final LinkServer link;
  private final Supplier<WireFigures> wire;
  private final Supplier<AuthStats> auth;
  private final Meters<CoreFigures> meters;
  private volatile @Nullable Port port;
  private volatile @Nullable WebDoor web;

  CoreOps(
      Path dataDirectory,
      Disk disk,
      LocalBroker broker,
      KvService kv,
      LinkServer link,
      Supplier<WireFigures> wire,
      Supplier<AuthStats> auth,
      Supplier<KeyStats> keys,
      String version) {
    this.dataDirectory = dataDirectory;
    this.disk = disk;
    this.broker = broker;
    this.kv = kv;
    this.link = link;
    this.wire = wire;
    this.auth = auth;
    this.meters = CoreMeters.of(this::figures, version);
    TlsMeters.register(meters, keys);
    KvMeters.routers(meters, kv.desk()::stats);
  }

  /// Names the port, once it listens: until then the core is not ready.
  void serve(Port listening) {
    port = listening;
  }

  /// Names the doors of the web, where there are any.
  void serve(WebDoor door) {
    web = door;
  }

  Map<String, OpsRoute> routes() {
    return OpsRoutes.of(meters, this::readiness);
  }

  private List<Health.Check> readiness() {
    List<Health.Check> checks = new ArrayList<>();
    checks.add(new Health.Check("port", port != null, "listening"));
    for (EngineStats.Partition partition : broker.stats().engine().partitions()) {
      checks.add(
          new Health.Check("store", partition.condition().equals("open"), partition.condition()));
    }
    checks.add(kv.check());
    checks.add(new Health.Check("disk", true, new ByteSize(freeBytes()) + " free"));
    return checks;
  }

  private CoreFigures figures() {
    Port listening = port;
    WebDoor door = web;
    return new CoreFigures(
        broker.stats(),
        kv.stats(),
        link.stats(),
        wire.get(),
        listening == null ? NO_PORT : listening.stats(),
        door == null ? WebStats.NONE : door.stats(),
        auth.get(),
        freeBytes());
  }

  private long freeBytes() {
    try {
      return disk.freeBytes(dataDirectory);
    } catch (IOException _) {
      return 0; // Told as full: the operator looks at the disk, which is where the fault is.
    }
  }
}
