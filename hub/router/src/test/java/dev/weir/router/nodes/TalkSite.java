package dev.weir.router.nodes;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.flow.Backoff;
import dev.weir.kv.KvClient;
import dev.weir.kv.KvConfig;
import dev.weir.kv.KvRoute;
import dev.weir.kv.KvServer;
import dev.weir.kv.KvStore;
import dev.weir.router.Router;
import dev.weir.router.RouterLimits;
import dev.weir.router.SlotMap;
import dev.weir.router.StorageNode;
import dev.weir.testkit.SimDisk;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.ReplyHandler;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import dev.weir.wire.WireServices;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Storage nodes, routers that talk to them, and clients, over sockets of this machine.
final class TalkSite implements AutoCloseable {
  static final String BUCKET = "b";

  private static final Backoff SOON = new Backoff(1_000_000, 50_000_000);

  private static final RouterLimits LIMITS =
      new RouterLimits(
          RouterLimits.STANDARD.calls(),
          RouterLimits.STANDARD.heldPerNode(),
          RouterLimits.STANDARD.unreadReplies(),
          SOON);

  final WireLoops loops = WireLoops.start("test-talks", 2, Transport.best());
  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicLong starts = new AtomicLong();

  /// A storage node that can be killed and started again at its port.
  final class Storage implements AutoCloseable {
    final String id;
    private final KvStore store;
    volatile String fault = "";
    NodeDesk desk;
    WireServer server;

    Storage(String id) {
      this.id = id;
      try {
        this.store = KvStore.open(KvConfig.of(id, Path.of("/kv")), new SimDisk(), Clock.SYSTEM);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      this.desk = freshDesk();
      this.server = serve(0);
      open.add(this);
    }

    private NodeDesk freshDesk() {
      return new NodeDesk(
          "host-of-" + id,
          () -> new NodeReport.Figures(fault, store.stats().revisions(), 1, 2, 3),
          Clock.SYSTEM);
    }

    private WireServer serve(int port) {
      WireServices services =
          new KvServer(store, desk::require)
              .in(WireServices.NONE)
              .with(Router.NODES, desk.service());
      return WireServer.start(loops, WireContext.of(id), address(port), () -> services);
    }

    StorageNode node() {
      return new StorageNode(id, address(server.port()));
    }

    long revisions() {
      return store.stats().revisions();
    }

    void kill() {
      server.close();
    }

    /// A process that knows nothing of what the one before was told.
    void restart(int port) {
      desk = freshDesk();
      server = serve(port);
    }

    @Override
    public void close() {
      server.close();
      store.close();
    }
  }

  /// A router and its talks.
  final class Routing implements AutoCloseable {
    final Router router;
    final NodeTalks talks;

    Routing(String name, SlotMap map, Duration period) {
      router = Router.start(loops, WireContext.of(name), address(0), map, LIMITS);
      talks =
          NodeTalks.start(
              new TalkOptions(name, starts.incrementAndGet(), period, SOON),
              router,
              new WireConnector(loops, WireContext.of(name)));
      open.add(this);
    }

    void update(SlotMap map) {
      router.update(map).join();
      talks.announce(map);
    }

    NodeView view(String id) {
      return talks.nodes().stream()
          .filter(view -> view.node().id().equals(id))
          .findFirst()
          .orElseThrow();
    }

    KvClient client(Duration timeout) {
      KvClient client =
          new KvClient(
              new WireConnector(loops, WireContext.of("client")), address(router.port()), timeout);
      open.add(client);
      return client;
    }

    /// How one call for a key ends, without another attempt: OK, or why not.
    WireStatus ask(Bytes key) {
      WireConnection connection =
          new WireConnector(loops, WireContext.of("client"))
              .connect(address(router.port()), new ConnectionHandler() {})
              .toCompletableFuture()
              .join();
      Asked asked = new Asked();
      WireStream stream = connection.open(OpenRequest.of(KvServer.CALLS), asked);
      var _ = stream.call(getting(key), KvRoute.of(BUCKET, key), -1, asked);
      WireStatus end = asked.end.orTimeout(30, TimeUnit.SECONDS).join();
      connection.close();
      return end;
    }

    @Override
    public void close() {
      talks.close();
      router.close();
    }
  }

  /// A request for the newest value of a key, as KvCodec pictures it.
  private static ByteBuf getting(Bytes key) {
    ByteBuf body = Unpooled.buffer();
    body.writeByte(1).writeByte(1).writeByte(BUCKET.length());
    body.writeCharSequence(BUCKET, StandardCharsets.UTF_8);
    body.writeShort(key.length()).writeBytes(key.toArray());
    return body.writeLong(0);
  }

  /// The end of a call.
  private static final class Asked implements StreamHandler, ReplyHandler {
    final CompletableFuture<WireStatus> end = new CompletableFuture<>();

    @Override
    public void onReply(MessageView reply) {
      end.complete(WireStatus.OK);
    }

    @Override
    public void onFailure(int mid, WireStatus status) {
      end.complete(status);
    }

    @Override
    public void onMessage(WireStream stream, MessageView message) {}

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }

  static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /// A key whose slot a node keeps.
  static Bytes keyOf(SlotMap map, StorageNode node) {
    for (int i = 0; ; i++) {
      Bytes key = Bytes.utf8("key-" + i);
      if (node.equals(map.nodeOf(KvRoute.of(BUCKET, key)))) {
        return key;
      }
    }
  }

  /// The next map, in which the first node keeps everything and the second is left out.
  static SlotMap allToFirst(SlotMap before) {
    return before.move(0, SlotMap.SLOTS, before.nodes().getFirst());
  }

  @Override
  public void close() {
    for (AutoCloseable each : open.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    loops.close();
  }
}
