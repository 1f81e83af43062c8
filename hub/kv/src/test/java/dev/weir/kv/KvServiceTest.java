package dev.weir.kv;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.SimDisk;
import dev.weir.wire.StatusCode;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import dev.weir.wire.WireStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The service over a real connection, the store on a simulated disk.
final class KvServiceTest {
  private final SimDisk disk = new SimDisk();
  private final WireLoops loops = WireLoops.start("test-kv", 2, Transport.best());
  private final WireContext context = WireContext.of("storage");
  private KvStore store;
  private WireServer server;
  private KvClient client;
  private BlockingKv kv;

  @BeforeEach
  void start() throws Exception {
    store =
        KvStore.open(
            KvConfig.of("test", Path.of("/kv")).withSegmentBytes(ByteSize.ofMebibytes(8)),
            disk,
            Clock.SYSTEM);
    serve(0);
    client =
        new KvClient(
            new WireConnector(loops, WireContext.of("client")),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
            Duration.ofMinutes(1));
    kv = new BlockingKv(client);
  }

  private void serve(int port) {
    server =
        WireServer.start(
            loops,
            context,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            () -> new KvServer(store));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    loops.close();
    store.close();
  }

  private static Bytes text(String text) {
    return Bytes.utf8(text);
  }

  @Test
  void doesEveryOperation() throws Exception {
    kv.configure("b", new BucketConfig(2, Duration.ZERO));
    WriteResult stored = kv.put("b", text("a"), text("1"));
    long revision = ((WriteResult.Stored) stored).receipt().revision();

    assertThat(kv.get("b", text("a"))).map(e -> e.value().utf8()).contains("1");
    assertThat(kv.get("b", text("none"))).isEmpty();
    assertThat(kv.put("b", text("a"), text("2"), revision + 7, Optional.empty()))
        .isEqualTo(new WriteResult.Conflict(revision));
    assertThat(kv.put("b", text("a"), text("2"), revision, Optional.of(Duration.ofHours(1))))
        .isInstanceOf(WriteResult.Stored.class);
    assertThat(kv.history("b", text("a"))).hasSize(2);
    assertThat(kv.keys("b", text(""), text(""), 10)).hasSize(1);
    assertThat(kv.delete("b", text("a"), KvStore.ANY)).isInstanceOf(WriteResult.Stored.class);
    assertThat(kv.delete("b", text("a"), KvStore.ANY)).isEqualTo(new WriteResult.Absent());
  }

  @Test
  void carriesTheLargestValue() throws Exception {
    Bytes value = Bytes.wrap(new byte[1 << 20]);

    kv.put("b", text("large"), value);

    assertThat(kv.get("b", text("large"))).map(KvEntry::value).contains(value);
    assertThatThrownBy(() -> kv.put("b", text("k"), Bytes.wrap(new byte[(1 << 20) + 1])))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED));
  }

  @Test
  void answersManyCallsInFlight() {
    client.put("b", text("first"), text("0")).join(); // Until it is connected, calls have no order.
    List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      writes.add(client.put("b", text("k" + i % 100), text("v" + i)));
    }

    writes.forEach(w -> assertThat(w.join()).isInstanceOf(WriteResult.Stored.class));
    assertThat(client.get("b", text("k99"), 0).join()).map(e -> e.value().utf8()).contains("v1999");
  }

  @Test
  void watchesOverALostConnection() throws Exception {
    List<String> events = new CopyOnWriteArrayList<>();
    kv.put("b", text("a"), text("1"));
    try (KvWatching _ = client.watch("b", text(""), 0, new Recorder(events)).join()) {
      eventually("synced", () -> events.contains("synced"));
      int port = server.port();

      server.close();
      store.put("b", text("a"), text("2")).join();
      serve(port);

      eventually("the change meanwhile", () -> events.contains("a=2"));
      kv.put("b", text("b"), text("3"));
      eventually("a live change", () -> events.contains("b=3"));
    }
    assertThat(events.stream().filter(e -> e.contains("="))).containsExactly("a=1", "a=2", "b=3");
    eventually("no watcher is left", () -> store.stats().watchers() == 0);
  }

  private record Recorder(List<String> events) implements KvWatcher {
    @Override
    public void onEvent(KvEvent event) {
      events.add(
          switch (event) {
            case KvEvent.Change(KvEntry e) -> e.key().utf8() + "=" + e.value().utf8();
            case KvEvent.Forgotten _ -> "forgotten";
            case KvEvent.Synced _ -> "synced";
          });
    }

    @Override
    public void onFailure(WeirException cause) {
      events.add("failed");
    }
  }

  @Test
  void refusesAWatchOfABadName() {
    List<String> events = new CopyOnWriteArrayList<>();

    var _ = client.watch("a+b", text(""), 0, new Recorder(events)).join();

    eventually("the refusal", () -> events.contains("failed"));
  }

  @Test
  void finishesARequestOnceTheKeyIsTheStores() throws Exception {
    Bytes key = Bytes.utf8("key");
    AtomicBoolean isOthers = new AtomicBoolean(true);
    AtomicInteger refused = new AtomicInteger();
    KvPlaces places =
        route -> {
          if (isOthers.get() && route == KvRoute.of("b", key)) {
            refused.incrementAndGet();
            throw new WeirException(ErrorCode.SLOT_MOVED, "Slot 7 is not a's.");
          }
        };
    kv.put("b", key, Bytes.utf8("of before"));
    WireServer gated =
        WireServer.start(
            loops,
            context,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            () -> new KvServer(store, places));
    KvClient asking =
        new KvClient(
            new WireConnector(loops, WireContext.of("client")),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), gated.port()),
            Duration.ofMinutes(1));
    try (gated;
        asking) {
      asksUntilItIsServed(asking, isOthers, refused);
    }
  }

  private void asksUntilItIsServed(KvClient asking, AtomicBoolean isOthers, AtomicInteger refused)
      throws Exception {
    Bytes key = Bytes.utf8("key");
    List<CompletableFuture<?>> asked =
        List.of(
            asking.put("b", key, Bytes.utf8("value")),
            asking.delete("b", key, KvStore.ANY),
            asking.get("b", key, 0),
            asking.history("b", key));
    eventually("each was refused, some more than once", () -> refused.get() >= 8);
    assertThat(asked).noneMatch(CompletableFuture::isDone);
    assertThat(store.stats().revisions()).isEqualTo(1);
    assertThat(asking.keys("b", Bytes.EMPTY, Bytes.EMPTY, 10).join()).as("of many keys").hasSize(1);
    asking.configure("b", new BucketConfig(2, Duration.ZERO)).join();
    asking.put("b", Bytes.utf8("own"), Bytes.utf8("value")).join();

    isOthers.set(false);

    CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new)).join();
  }

  @Test
  void namesWhatAStoreOrARouterSaysOfAKeysPlace() {
    for (ErrorCode code : List.of(ErrorCode.SLOT_MOVED, ErrorCode.NODE_SET_ASIDE)) {
      String detail = new WeirException(code, "It is so.").explanation();

      WeirException told = KvFailure.of(WireStatus.unprocessed(StatusCode.UNAVAILABLE, detail));

      assertThat(told.code()).isEqualTo(code);
      assertThat(told.getMessage()).isEqualTo("It is so.");
    }
    String other = new WeirException(ErrorCode.LOG_POISONED, "It is so.").explanation();
    assertThat(KvFailure.of(WireStatus.unprocessed(StatusCode.UNAVAILABLE, other)).code())
        .isEqualTo(ErrorCode.UNREACHABLE);
  }
}
