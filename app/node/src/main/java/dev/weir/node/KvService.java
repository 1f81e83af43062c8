package dev.weir.node;

import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.config.KvStoreConfig;
import dev.weir.config.WeirConfig;
import dev.weir.kv.KvConfig;
import dev.weir.kv.KvServer;
import dev.weir.kv.KvStats;
import dev.weir.kv.KvStore;
import dev.weir.log.LogCondition;
import dev.weir.log.LogStats;
import dev.weir.router.Router;
import dev.weir.router.nodes.NodeDesk;
import dev.weir.router.nodes.NodeReport;
import dev.weir.wire.WireServices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The key/value buckets of a core or a storage node: a store in the directory `kv` beside the log
/// of messages, and what serves it over wire.
final class KvService implements AutoCloseable {
  private static final String DIRECTORY = "kv";

  private final KvStore store;
  private final Path directory;
  private final NodeDesk desk;

  private KvService(KvStore store, Path directory, String name, Clock clock) {
    this.store = store;
    this.directory = directory;
    this.desk = new NodeDesk(name, this::figures, clock);
  }

  /// @throws IOException when the directory cannot be used
  /// @throws WeirException DATA_DIRECTORY_LOCKED
  static KvService open(WeirConfig config, Disk disk, Clock clock) throws IOException {
    Path directory = config.server().dataDir().resolve(DIRECTORY);
    KvStoreConfig kv = config.kv();
    KvConfig limits =
        new KvConfig(
            "main",
            directory,
            kv.segmentBytes(),
            kv.queueBytes(),
            kv.cacheBytes(),
            kv.maxValue(),
            kv.maxBuckets(),
            kv.tombstones());
    String name = NodeName.of(config.server().listen().port());
    return new KvService(KvStore.open(limits, disk, clock), directory, name, clock);
  }

  private NodeReport.Figures figures() {
    KvStats stats = store.stats();
    LogStats log = stats.log();
    return new NodeReport.Figures(
        fault(log.condition()),
        stats.revisions(),
        log.bytes(),
        log.queueBytes(),
        log.commitLatency().p99Nanos() / 1_000);
  }

  private static String fault(LogCondition condition) {
    return switch (condition) {
      case OPEN -> "";
      case DISK_FULL -> "its disk is full";
      case POISONED -> "its disk fails";
      case CLOSED -> "its store is closed";
    };
  }

  /// What is served over wire: buckets, and what routers tell storage nodes.
  ///
  /// @param guard who lets clients in; null lets everybody do everything
  WireServices services(@Nullable WireGuard guard) {
    KvServer server = new KvServer(store, desk::require);
    if (guard == null) {
      return server.in(WireServices.NONE).with(Router.NODES, desk.service());
    }
    return WireServices.NONE
        .with(Router.NODES, guard.forRouters(desk.service()))
        .with(
            KvServer.CALLS,
            guard.serving((stream, _, session) -> server.calls(stream, new BucketRights(session))))
        .with(
            KvServer.WATCH,
            guard.serving((_, _, session) -> server.watch(new BucketRights(session))));
  }

  /// What routers say here.
  NodeDesk desk() {
    return desk;
  }

  KvStats stats() {
    return store.stats();
  }

  /// Whether writes are taken.
  Health.Check check() {
    LogCondition condition = store.stats().log().condition();
    return new Health.Check(
        "kv", condition == LogCondition.OPEN, condition.name().toLowerCase(Locale.ROOT));
  }

  Path directory() {
    return directory;
  }

  /// What opening it came to, for people.
  String recovery() {
    KvStats stats = store.stats();
    return String.format(
        Locale.ROOT, "%,d key revisions in %,d buckets", stats.revisions(), stats.buckets());
  }

  @Override
  public void close() {
    store.close();
  }
}
