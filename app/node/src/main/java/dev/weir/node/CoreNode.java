package dev.weir.node;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.broker.Broker;
import dev.weir.broker.EngineStats;
import dev.weir.broker.LocalBroker;
import dev.weir.broker.LocalBrokerConfig;
import dev.weir.broker.embedded.EmbeddedEngine;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.config.FlowConfig;
import dev.weir.config.HostPort;
import dev.weir.config.StoreConfig;
import dev.weir.config.WeirConfig;
import dev.weir.gateway.grpc.BrokerLinkStore;
import dev.weir.gateway.grpc.GrpcDoor;
import dev.weir.gateway.port.Connections;
import dev.weir.gateway.port.Peer;
import dev.weir.gateway.port.Port;
import dev.weir.gateway.port.PortServices;
import dev.weir.gateway.web.WebConfig;
import dev.weir.gateway.web.WebDoor;
import dev.weir.gateway.web.http.WebLimits;
import dev.weir.link.LinkServer;
import dev.weir.link.LinkServerConfig;
import dev.weir.link.LinkStore;
import dev.weir.log.FileDisk;
import dev.weir.log.Retention;
import dev.weir.tls.KeyWatch;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireDoor;
import dev.weir.wire.WireSecurity;
import dev.weir.wire.WireServices;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A core: the embedded engine behind the broker behind the doors of gRPC and wire behind one port.
///
/// Owns what it starts and closes it in reverse, so that what was acked is on disk and what was not
/// is answered. Any thread may call the methods.
public final class CoreNode implements ServerNode {
  /// Where messages of version 1 clients go, which name no topic.
  static final String VERSION_ONE_TOPIC = "ingest";

  /// A slow mobile handshake takes a few seconds.
  private static final Duration HELLO_TIMEOUT = Duration.ofSeconds(10);

  /// Senders resume elsewhere within this; a process manager kills after ten seconds.
  private static final Duration DRAIN = Duration.ofSeconds(3);

  /// What a frame and its gRPC message add to the largest message.
  private static final int FRAME_ROOM_BYTES = 512 << 10;

  private final Path dataDirectory;
  private final WireSetup setup;
  private final KeyWatch keys;
  private final EmbeddedEngine engine;
  private final LocalBroker broker;
  private final CoreAuth auth;
  private final KvService kv;
  private final LinkServer link;
  private final GrpcDoor grpc;
  private final WireDoor wire;
  private final @Nullable WebDoor web;
  private final Port port;
  private final String host;

  private CoreNode(
      WeirConfig config,
      WireSetup setup,
      KeyWatch keys,
      EmbeddedEngine engine,
      LocalBroker broker,
      CoreAuth auth,
      KvService kv,
      LinkServer link,
      GrpcDoor grpc,
      WireDoor wire,
      @Nullable WebDoor web,
      Port port) {
    this.dataDirectory = config.server().dataDir();
    this.host = config.server().listen().host();
    this.setup = setup;
    this.keys = keys;
    this.engine = engine;
    this.broker = broker;
    this.auth = auth;
    this.kv = kv;
    this.link = link;
    this.grpc = grpc;
    this.wire = wire;
    this.web = web;
    this.port = port;
  }

  /// Opens the log, recovers it and listens.
  ///
  /// @throws WeirException with ADDRESS_IN_USE or DATA_DIRECTORY_LOCKED
  /// @throws IOException when the data directory cannot be used
  public static CoreNode start(WeirConfig config, String version, Clock clock) throws IOException {
    return start(config, version, new FileDisk(), clock);
  }

  /// As above, on a disk of the caller's: a slower one, or one that fails.
  public static CoreNode start(WeirConfig config, String version, Disk disk, Clock clock)
      throws IOException {
    WireSetup setup = WireSetup.serving(config.server(), config.wire());
    EmbeddedEngine engine = openEngine(config, disk, clock);
    LocalBroker broker = openBroker(config, engine, clock);
    CoreAuth auth = null;
    KvService kv = null;
    KeyWatch keys = null;
    LinkServer link = null;
    WebDoor web = null;
    boolean isStarted = false;
    try {
      auth = CoreAuth.open(config.auth(), broker, clock);
      kv = KvService.open(config, disk, clock);
      LinkStore store = new BrokerLinkStore(broker, clock);
      link = openLink(config, auth.guarding(store), clock);
      keys = KeyWatch.start(setup.keyFiles(), clock, KeyWatch.STANDARD_PERIOD);
      WireContext context = wireContext(config, auth.guarding(setup.security()), clock);
      WireServices services = auth.services(link, store, kv);
      WireDoor wire = WireDoor.of(context, () -> services);
      CoreOps ops =
          new CoreOps(
              config.server().dataDir(),
              disk,
              broker,
              kv,
              link,
              () -> WireFigures.of(context, wire.connectionCount()),
              auth::stats,
              keys::stats,
              version);
      Connections connections = new Connections(clock);
      GrpcDoor grpc = openGrpc(broker, auth, link, connections, clock);
      web = openWeb(config, broker, auth, ops, clock);
      Port port = openPort(config, setup, auth, link, grpc, wire, web, ops, connections);
      isStarted = true;
      return new CoreNode(
          config, setup, keys, engine, broker, auth, kv, link, grpc, wire, web, port);
    } finally {
      if (!isStarted) {
        if (keys != null) {
          keys.close();
        }
        closeAll(web, link, kv, auth, broker);
      }
    }
  }

  private static void closeAll(
      @Nullable WebDoor web,
      @Nullable LinkServer link,
      @Nullable KvService kv,
      @Nullable CoreAuth auth,
      LocalBroker broker) {
    if (web != null) {
      web.close();
    }
    if (link != null) {
      link.close();
    }
    if (kv != null) {
      kv.close();
    }
    if (auth != null) {
      auth.close();
    }
    broker.close();
  }

  private static EmbeddedEngine openEngine(WeirConfig config, Disk disk, Clock clock)
      throws IOException {
    StoreConfig store = config.store();
    EmbeddedEngineConfig sizes =
        EmbeddedEngineConfig.of(config.server().dataDir())
            .withSizes(store.segmentBytes(), store.queueBytes())
            .withRetention(retention(store))
            .withIds(store.duplicateWindow(), Math.max(1, store.duplicateIds()));
    return EmbeddedEngine.open(sizes, disk, clock);
  }

  private static LocalBroker openBroker(WeirConfig config, EmbeddedEngine engine, Clock clock) {
    LocalBrokerConfig limits =
        LocalBrokerConfig.defaults()
            .withMaxMessageBytes(config.server().maxMessage())
            .withMaxRetainedTopics(config.store().retainedTopics());
    return LocalBroker.open(engine, clock, limits);
  }

  private static Retention retention(StoreConfig store) {
    return new Retention(
        store.retention().bytes().orElse(Retention.FOREVER.bytes()),
        store.retention().age().orElse(Retention.FOREVER.age()),
        store.retention().freeDiskFloor(),
        false);
  }

  private static LinkServer openLink(WeirConfig config, LinkStore store, Clock clock) {
    FlowConfig flow = config.flow();
    long maxMessage = config.server().maxMessage().bytes();
    LinkServerConfig link =
        LinkServerConfig.of(config.server().listen().toString())
            .withLimits(
                new ByteSize(Math.max(64 << 10, maxMessage + (64 << 10))),
                config.server().maxMessage(),
                new ByteSize(Math.max(1 << 20, flow.creditBytes().bytes())))
            .withTimes(flow.heartbeat(), HELLO_TIMEOUT)
            .withVersionOne(flow.v1Queue(), overflow(flow), VERSION_ONE_TOPIC);
    return new LinkServer(link, store, clock);
  }

  private static LinkServerConfig.Overflow overflow(FlowConfig flow) {
    return switch (flow.v1Overflow()) {
      case CREDIT -> LinkServerConfig.Overflow.CREDIT;
      case DROP_OLDEST -> LinkServerConfig.Overflow.DROP_OLDEST;
    };
  }

  private static WireContext wireContext(WeirConfig config, WireSecurity security, Clock clock) {
    WireContext common =
        WireEnds.offering(WireContext.of(config.server().listen().toString()), config.wire());
    return new WireContext(
        common.nodeId(),
        common.limits().withMessage(maxMessage(config)),
        common.budget(),
        common.counters(),
        clock,
        common.features(),
        security);
  }

  private static @Nullable WebDoor openWeb(
      WeirConfig config, LocalBroker broker, CoreAuth auth, CoreOps ops, Clock clock) {
    if (!config.server().web().isEnabled()) {
      return null;
    }
    WebConfig web =
        new WebConfig(
            config.server().web().origins(),
            config.server().listen().isLoopback(),
            WebLimits.of(config.server().maxMessage())
                .withStreams(config.server().web().streams()));
    WebDoor door =
        new WebDoor(auth.entrance(broker), broker, clock, web, auth.guarding(ops.routes()));
    ops.serve(door);
    return door;
  }

  private static GrpcDoor openGrpc(
      LocalBroker broker, CoreAuth auth, LinkServer link, Connections connections, Clock clock) {
    GrpcDoor grpc =
        new GrpcDoor(auth.seen(broker), link.services(), connections, auth.sessions(), clock);
    broker.onFault(_ -> grpc.serving(false));
    broker.onResumed(() -> grpc.serving(true));
    return grpc;
  }

  private static Port openPort(
      WeirConfig config,
      WireSetup setup,
      CoreAuth auth,
      LinkServer link,
      GrpcDoor grpc,
      WireDoor wire,
      @Nullable WebDoor web,
      CoreOps ops,
      Connections connections) {
    PortServices services =
        PortServices.of(auth.guarding(ops.routes()))
            .withConnections(connections)
            .withGrpc(auth.guarding(grpc.services()), List.of(link.tracerFactory()))
            .withWire(channel -> wire.open(channel, Peer.of(channel).address()));
    Port port =
        Port.start(
            PortSetup.of(config.server(), setup, maxMessage(config)),
            web == null ? services : services.withHttp(web::open));
    ops.serve(port);
    return port;
  }

  /// The largest message of a protocol that carries frames.
  private static ByteSize maxMessage(WeirConfig config) {
    long largest = Math.max(config.server().maxMessage().bytes(), config.kv().maxValue().bytes());
    return new ByteSize(largest + FRAME_ROOM_BYTES);
  }

  @Override
  public List<String> introduction() {
    return List.of(
        "core, data in " + dataDirectory, recovery() + ", " + kv.recovery(), auth.introduction());
  }

  @Override
  public String offer() {
    return "publish with `weir pub TOPIC BODY`, keep with `weir kv put BUCKET/KEY VALUE`,"
        + (setup.keyFiles().isEmpty() ? " metrics at http://" : " over TLS; metrics at https://")
        + address()
        + "/metrics";
  }

  /// Reads certificates and tokens again, and takes another retention.
  @Override
  public String reconfigure(WeirConfig config) {
    setup.refresh();
    engine.setRetention(retention(config.store()));
    return "";
  }

  /// Calls back, on the log's thread, when the disk fails for good: the process should end.
  @Override
  public void onFatal(Consumer<WeirException> callback) {
    broker.onFault(fault -> {
      if (fault.code() == ErrorCode.LOG_POISONED) { // A full disk passes; a failing one does not.
        callback.accept(fault);
      }
    });
  }

  public Path dataDirectory() {
    return dataDirectory;
  }

  /// Where it listens, with the port that it got.
  @Override
  public HostPort address() {
    return new HostPort(host, port.port());
  }

  public Broker broker() {
    return broker;
  }

  /// What opening the log came to, for people.
  public String recovery() {
    StringBuilder text = new StringBuilder();
    for (EngineStats.Partition partition : broker.stats().engine().partitions()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%,d messages kept (%s in %d segments)%s",
              partition.endOffset() - partition.firstOffset(),
              new ByteSize(partition.bytes()),
              partition.segments(),
              partition.holes() == 0 ? "" : ", " + partition.holes() + " holes"));
    }
    return text.toString();
  }

  /// Stops listening, answers what was taken, closes the log. Idempotent, never throws.
  @Override
  public void close() {
    keys.close();
    kv.desk().drain();
    CompletionStage<Void> drained = wire.drain(DRAIN);
    link.drain(DRAIN);
    if (web != null) {
      web.close();
    }
    grpc.drain();
    WireEnds.drained(drained);
    port.close();
    closeAll(web, link, kv, auth, broker);
  }
}
