package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.kv.KvClient;
import dev.weir.kv.KvEntry;
import dev.weir.kv.KvRoute;
import dev.weir.kv.WriteResult;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.Offer;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.ReplyHandler;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireLimits;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Storage nodes that are killed, stand still, and drain, behind a router, with clients at work.
final class RoutedFaultsTest {
  private static final String BUCKET = "load";

  /// Of the slots, which the first node keeps the lower half of.
  private static final int SLOTS = 1 << 14;

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private KvSite site;

  @BeforeEach
  void start() throws IOException {
    site = new KvSite(directory);
  }

  @AfterEach
  void stop() {
    site.close();
  }

  /// Puts distinct keys until it is told to stop, some at a time, and remembers what was acked.
  private static final class Load {
    private static final int IN_FLIGHT = 64;

    final Map<String, Long> acked = new ConcurrentHashMap<>();
    final AtomicInteger failed = new AtomicInteger();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final KvClient client;
    private final Thread thread;

    Load(KvClient client) {
      this.client = client;
      this.thread = Thread.ofVirtual().start(this::run);
    }

    private void run() {
      Semaphore room = new Semaphore(IN_FLIGHT);
      try {
        for (int i = 0; !isOver.get(); i++) {
          room.acquire();
          String key = "key-" + i;
          var _ =
              client
                  .put(BUCKET, Bytes.utf8(key), Bytes.utf8("value of " + key))
                  .whenComplete((result, _) -> {
                    if (result instanceof WriteResult.Stored(var receipt)) {
                      acked.put(key, receipt.revision());
                    } else {
                      failed.incrementAndGet();
                    }
                    room.release();
                  });
        }
        room.acquire(IN_FLIGHT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void stop() throws InterruptedException {
      isOver.set(true);
      assertThat(thread.join(LONG)).as("every put has an end").isTrue();
    }
  }

  @Test
  void noAckedPutIsLostWhenStorageIsKilledUnderLoad() throws Exception {
    Load load = new Load(site.client());
    for (int round = 0; round < 2; round++) {
      int before = load.acked.size();
      eventually("puts are acked", LONG, () -> load.acked.size() > before + 2_000);

      site.storage("a").process().kill();
      site.restartStorage("a");
    }
    int before = load.acked.size();
    eventually("puts are acked again", LONG, () -> load.acked.size() > before + 1_000);
    load.stop();

    System.out.printf("%,d puts acked, %,d failed%n", load.acked.size(), load.failed.get());
    holdsAll(load);
  }

  @Test
  void noPutFailsWhenStorageAndRouterAreSentAway() throws Exception {
    Load load = new Load(site.client());
    eventually("puts are acked", LONG, () -> load.acked.size() > 1_000);

    assertThat(site.storage("b").process().terminate()).isIn(0, 143);
    site.restartStorage("b");

    int before = load.acked.size();
    eventually("puts are acked again", LONG, () -> load.acked.size() > before + 1_000);
    load.stop();
    assertThat(load.failed.get()).isZero();
    holdsAll(load);
    long startNanos = System.nanoTime();
    assertThat(site.router().process().terminate()).isIn(0, 143);
    assertThat(System.nanoTime() - startNanos).isLessThan(TimeUnit.SECONDS.toNanos(30));
  }

  private void holdsAll(Load load) throws Exception {
    KvClient reader = site.client();
    for (Map.Entry<String, Long> put : load.acked.entrySet()) {
      Optional<KvEntry> entry =
          reader.get(BUCKET, Bytes.utf8(put.getKey()), 0).get(60, TimeUnit.SECONDS);
      assertThat(entry.map(KvEntry::revision)).as(put.getKey()).contains(put.getValue());
      assertThat(entry.orElseThrow().value().utf8()).isEqualTo("value of " + put.getKey());
    }
  }

  /// A client that pushes puts to one node without waiting.
  private static final class Pusher implements StreamHandler, ReplyHandler {
    final AtomicInteger ends = new AtomicInteger();

    @Override
    public void onReply(MessageView reply) {
      ends.incrementAndGet();
    }

    @Override
    public void onFailure(int mid, WireStatus status) {
      ends.incrementAndGet();
    }

    @Override
    public void onMessage(WireStream stream, MessageView message) {}

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }

  @Test
  void aNodeThatStandsStillCostsItsOwnKeysAndTheWindows() throws Exception {
    int clients = 50;
    long windows = clients * WireLimits.STANDARD.streamWindow().bytes();
    String frozenKey = keyOf(true);
    KvClient other = site.client();
    put(other, keyOf(false), "before");
    double atRest = site.router().metric("weir_wire_buffer_bytes");
    site.storage("a").process().freeze();

    long mostHeld = 0;
    double mostBuffers = 0;
    List<WireStream> streams = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      streams.add(
          site.connector()
              .connect(site.routerAddress(), new ConnectionHandler() {})
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS)
              .open(OpenRequest.of("kv"), new Pusher()));
    }
    Pusher pusher = new Pusher();
    long route = KvRoute.of(BUCKET, Bytes.utf8(frozenKey));
    for (int round = 0; round < 40; round++) {
      for (WireStream stream : streams) {
        push(stream, route, pusher);
      }
      if (round % 5 == 4) {
        put(other, keyOf(false), "round " + round);
        mostHeld = Math.max(mostHeld, (long) site.router().metric("weir_wire_held_bytes"));
        mostBuffers =
            Math.max(mostBuffers, site.router().metric("weir_wire_buffer_bytes") - atRest);
      }
    }

    System.out.printf(
        "%d clients push to a node that stands still: the router holds %,d KiB of frames in %,d KiB"
            + " of buffers; the sum of windows is %,d KiB%n",
        clients, mostHeld >> 10, (long) mostBuffers >> 10, windows >> 10);
    assertThat(mostHeld).isPositive().isLessThanOrEqualTo(windows + windows / 10);
    assertThat(mostBuffers).isLessThanOrEqualTo(windows * 1.1);
    site.storage("a").process().thaw();
    eventually("every call has an end", LONG, () -> pusher.ends.get() == pushed.get());
    eventually("nothing is held", LONG, () -> site.router().metric("weir_wire_held_bytes") == 0);
    put(other, frozenKey, "after");
  }

  private final AtomicInteger pushed = new AtomicInteger();

  private void push(WireStream stream, long route, Pusher pusher) {
    for (int i = 0; i < 5; i++) {
      ByteBuf body = Unpooled.wrappedBuffer(new byte[16_000]);
      if (stream.call(body, route, -1, pusher) == Offer.REFUSED) {
        body.release();
      } else {
        pushed.incrementAndGet();
      }
    }
  }

  private static void put(KvClient client, String key, String value) throws Exception {
    WriteResult result =
        client.put(BUCKET, Bytes.utf8(key), Bytes.utf8(value)).get(60, TimeUnit.SECONDS);
    assertThat(result).isInstanceOf(WriteResult.Stored.class);
  }

  /// A key that the first node keeps, or the second.
  private static String keyOf(boolean isFirst) {
    for (int i = 0; ; i++) {
      long slot = KvRoute.of(BUCKET, Bytes.utf8("k" + i)) & (SLOTS - 1);
      if (slot < SLOTS / 2 == isFirst) {
        return "k" + i;
      }
    }
  }

  @Test
  void aNewMapOfTheConfigurationIsInForceWithoutARestart() throws Exception {
    KvClient client = site.client();
    String key = keyOf(true);
    put(client, key, "on a");

    site.writeMap(2, "  - {name: b, address: 127.0.0.1:%2$d}\n");

    eventually(
        "the router goes by it", LONG, () -> site.router().metric("weir_router_map_version") == 2);
    assertThat(client.get(BUCKET, Bytes.utf8(key), 0).get(60, TimeUnit.SECONDS)).isEmpty();
    put(client, key, "on b");
    site.router().process().awaitError(java.util.regex.Pattern.compile("map version 2, 1 of 1"));
  }
}
