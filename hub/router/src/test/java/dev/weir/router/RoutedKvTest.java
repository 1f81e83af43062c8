package dev.weir.router;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.kv.BlockingKv;
import dev.weir.kv.KvClient;
import dev.weir.kv.KvConfig;
import dev.weir.kv.KvEntry;
import dev.weir.kv.KvEvent;
import dev.weir.kv.KvHead;
import dev.weir.kv.KvServer;
import dev.weir.kv.KvStore;
import dev.weir.kv.KvWatcher;
import dev.weir.kv.KvWatching;
import dev.weir.testkit.SimDisk;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Client, router and two stores.
final class RoutedKvTest {
  private final WireLoops loops = WireLoops.start("test-routed", 2, Transport.best());
  private final List<KvStore> stores = new ArrayList<>();
  private final List<WireServer> servers = new ArrayList<>();
  private Router router;
  private KvClient client;
  private BlockingKv kv;

  @BeforeEach
  void start() throws IOException {
    List<StorageNode> nodes = new ArrayList<>();
    for (String id : List.of("n1", "n2")) {
      KvStore store = KvStore.open(KvConfig.of(id, Path.of("/kv")), new SimDisk(), Clock.SYSTEM);
      stores.add(store);
      servers.add(serve(store, 0));
      nodes.add(new StorageNode(id, address(servers.getLast().port())));
    }
    router =
        Router.start(
            loops,
            WireContext.of("router"),
            address(0),
            SlotMap.even(nodes),
            RouterLimits.STANDARD);
    client =
        new KvClient(
            new WireConnector(loops, WireContext.of("client")),
            address(router.port()),
            Duration.ofMinutes(1));
    kv = new BlockingKv(client);
  }

  private WireServer serve(KvStore store, int port) {
    return WireServer.start(
        loops, WireContext.of("storage"), address(port), () -> new KvServer(store));
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @AfterEach
  void stop() {
    client.close();
    router.close();
    servers.forEach(WireServer::close);
    loops.close();
    stores.forEach(KvStore::close);
  }

  private static Bytes text(String text) {
    return Bytes.utf8(text);
  }

  @Test
  void spreadsABucketOverTheNodes() throws Exception {
    for (int i = 0; i < 50; i++) {
      kv.put("b", text("k" + i), text("v" + i));
    }

    for (int i = 0; i < 50; i++) {
      assertThat(kv.get("b", text("k" + i))).map(e -> e.value().utf8()).contains("v" + i);
    }
    assertThat(kv.keys("b", text("k4"), Bytes.EMPTY, 100).stream().map(KvHead::key))
        .startsWith(text("k4"), text("k40"), text("k41"))
        .hasSize(11);
    assertThat(stores).allMatch(store -> store.stats().revisions() > 0);
  }

  @Test
  void watchesEveryNodeOverTheLossOfOne() throws Exception {
    List<String> events = new CopyOnWriteArrayList<>();
    try (KvWatching _ = client.watch("b", Bytes.EMPTY, 0, new Recorder(events)).join()) {
      eventually("both are synced", () -> events.size() == 2);
      for (int i = 0; i < 20; i++) {
        kv.put("b", text("k" + i), text("1"));
      }
      eventually("all changes", () -> changes(events) == 20);

      int port = servers.getFirst().port();
      servers.getFirst().close();
      servers.set(0, serve(stores.getFirst(), port));
      for (int i = 0; i < 20; i++) {
        kv.put("b", text("n" + i), text("2"));
      }

      eventually("all changes once", () -> changes(events) == 40);
    }
    eventually(
        "no watcher is left", () -> stores.stream().allMatch(s -> s.stats().watchers() == 0));
  }

  private static long changes(List<String> events) {
    assertThat(events.stream().filter(e -> e.contains("="))).doesNotHaveDuplicates();
    return events.stream().filter(e -> e.contains("=")).count();
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
}
