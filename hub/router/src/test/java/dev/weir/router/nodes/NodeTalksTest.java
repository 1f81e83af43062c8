package dev.weir.router.nodes;

import static dev.weir.router.nodes.TalkSite.BUCKET;
import static dev.weir.router.nodes.TalkSite.allToFirst;
import static dev.weir.router.nodes.TalkSite.keyOf;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.kv.BlockingKv;
import dev.weir.kv.KvClient;
import dev.weir.kv.WriteResult;
import dev.weir.remote.RemoteCounters;
import dev.weir.router.ClientNames;
import dev.weir.router.Router;
import dev.weir.router.SlotMap;
import dev.weir.router.StorageNode;
import dev.weir.router.nodes.TalkSite.Routing;
import dev.weir.router.nodes.TalkSite.Storage;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Routers and storage nodes that talk to each other over sockets, and what clients see of it.
@Timeout(60)
final class NodeTalksTest {
  /// A busy machine must not make anybody silent: that takes three of these.
  private static final Duration OFTEN = Duration.ofMillis(500);

  /// So long that nothing is said again during a test: what is seen was said at once.
  private static final Duration RARELY = Duration.ofSeconds(60);

  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Bytes VALUE = Bytes.utf8("value");

  private final TalkSite site = new TalkSite();
  private final Storage first = site.new Storage("a");
  private final Storage second = site.new Storage("b");
  private final SlotMap map = SlotMap.even(List.of(first.node(), second.node()));
  private final Bytes secondsKey = keyOf(map, second.node());

  @AfterEach
  void stop() {
    site.close();
  }

  private Routing routing(String name, SlotMap by, Duration period) {
    Routing routing = site.new Routing(name, by, period);
    eventually(
        "every node has answered",
        () -> by.nodes().stream().allMatch(node -> routing.view(node.id()).report().isPresent()));
    return routing;
  }

  private static void refused(ErrorCode code, String because, WireStatus end) {
    assertThat(end.code()).isEqualTo(StatusCode.UNAVAILABLE);
    assertThat(end.isUnprocessed()).isTrue();
    assertThat(end.detail()).contains(code.label(), because);
  }

  @Test
  void tellEachOtherWhoTheyAreAndHowTheyFare() {
    Routing r1 = routing("r1", map, OFTEN);

    NodeDesk.Stats heard = second.desk.stats();
    assertThat(heard.routers()).singleElement().extracting(Announcement::router).isEqualTo("r1");
    assertThat(heard.counting()).map(said -> said.slots().count()).contains(SlotMap.SLOTS / 2);
    NodeReport report = r1.view("b").report().orElseThrow();
    assertThat(report.node()).isEqualTo("host-of-b");
    assertThat(report.mapRouter()).isEqualTo("r1");
    assertThat(report.mapHash()).isEqualTo(map.fingerprint());
    assertThat(report.figures().queueBytes()).isEqualTo(2);
    assertThat(r1.view("b").state()).isEqualTo(NodeView.State.SERVING);
    assertThat(r1.talks.disputes()).isEmpty();
  }

  @Test
  void refuseKeysThatMovedByTheMapOfAnotherRouter() throws Exception {
    Routing old = routing("old", map, OFTEN);
    new BlockingKv(old.client(LONG)).put(BUCKET, secondsKey, VALUE);
    long revisions = second.revisions();

    Routing newer = movedBy("newer");

    refused(ErrorCode.SLOT_MOVED, "version 2 of the map, which router newer", old.ask(secondsKey));
    assertThat(second.revisions()).as("nothing was written").isEqualTo(revisions);
    assertThat(second.desk.stats().moved()).isPositive();
    assertThat(second.desk.stats().differing()).isEqualTo(1);
    eventually("the old router knows", () -> old.talks.disputes().containsKey("b"));
    assertThat(old.talks.disputes().get("b")).contains("newer", "version 2", "old", "version 1");
    assertThat(old.talks.newestVersion()).isEqualTo(2);
    assertThat(new BlockingKv(newer.client(LONG)).put(BUCKET, secondsKey, VALUE))
        .isInstanceOf(WriteResult.Stored.class);
  }

  /// A router by whose map the second node keeps nothing any more; both nodes know.
  private Routing movedBy(String name) {
    Routing newer = routing(name, map, RARELY);
    newer.update(allToFirst(map));
    for (Storage storage : List.of(first, second)) {
      eventually(
          "the node knows the newer map",
          () -> storage.desk.stats().counting().map(Announcement::mapVersion).orElse(0L) == 2);
    }
    return newer;
  }

  @Test
  void finishACallOnceItsRouterHasTheNewerMap() throws Exception {
    Routing old = routing("old", map, OFTEN);
    movedBy("newer");
    KvClient client = old.client(LONG);
    CompletableFuture<WriteResult> put = client.put(BUCKET, secondsKey, VALUE);
    eventually("it was refused", () -> second.desk.stats().moved() > 0);
    assertThat(put).isNotDone();

    old.update(allToFirst(map));

    assertThat(put.get(20, TimeUnit.SECONDS)).isInstanceOf(WriteResult.Stored.class);
    assertThat(first.revisions()).isEqualTo(1);
    assertThat(second.revisions()).isZero();
    eventually("nobody differs", () -> second.desk.stats().differing() == 0);
  }

  @Test
  void sayAtOnceThatTheMapChanged() {
    Routing r1 = routing("r1", map, RARELY);

    r1.update(allToFirst(map));

    eventually(
        "the node that was left out knows",
        () -> second.desk.stats().counting().map(said -> said.slots().count()).orElse(-1) == 0);
    eventually(
        "the other knows",
        () ->
            first.desk.stats().counting().map(said -> said.slots().count()).orElse(-1)
                == SlotMap.SLOTS);
  }

  @Test
  void keepTheSlotsOfANodeThatHasAnotherAddress() {
    Routing r1 = routing("r1", map, OFTEN);
    int port = second.server.port();
    StorageNode elsewhere =
        new StorageNode("b", InetSocketAddress.createUnresolved("localhost", port));
    SlotMap next = new SlotMap(2, List.of(first.node(), elsewhere), map.owners());

    r1.update(next);

    eventually(
        "version 2 is known",
        () -> second.desk.stats().counting().map(Announcement::mapVersion).orElse(0L) == 2);
    long taken = second.desk.stats().announcements();
    eventually("it is said again", () -> second.desk.stats().announcements() > taken + 3);
    assertThat(second.desk.stats().counting())
        .map(said -> said.slots().count())
        .contains(SlotMap.SLOTS / 2);
  }

  @Test
  void sendNoCallsToANodeThatCannotStore() throws Exception {
    Routing r1 = routing("r1", map, OFTEN);
    BlockingKv kv = new BlockingKv(r1.client(LONG));
    kv.put(BUCKET, secondsKey, VALUE);
    second.fault = "its disk is full";
    eventually("it was told", () -> r1.view("b").state() == NodeView.State.CANNOT_STORE);
    long calls = r1.router.counters().calls();
    long refusals = r1.router.counters().refusals();

    refused(ErrorCode.NODE_SET_ASIDE, "its disk is full", r1.ask(secondsKey));
    assertThat(r1.router.counters().calls()).as("none was passed on").isEqualTo(calls);
    assertThat(r1.router.counters().refusals()).isGreaterThan(refusals);
    kv.put(BUCKET, keyOf(map, first.node()), VALUE);

    second.fault = "";
    kv.put(BUCKET, secondsKey, VALUE);
  }

  @Test
  void sendNoCallsToANodeThatDrains() throws Exception {
    Routing r1 = routing("r1", map, RARELY);
    BlockingKv kv = new BlockingKv(r1.client(LONG));
    kv.put(BUCKET, secondsKey, VALUE);
    long revisions = second.revisions();
    int port = second.server.port();

    second.desk.drain();
    second.server.drain(Duration.ofSeconds(30));
    eventually("it is known", () -> r1.view("b").state() == NodeView.State.DRAINING);
    refused(ErrorCode.NODE_SET_ASIDE, "draining", r1.ask(secondsKey));
    assertThat(second.revisions()).isEqualTo(revisions);

    second.kill();
    second.restart(port);
    kv.put(BUCKET, secondsKey, VALUE);
    assertThat(second.revisions()).isGreaterThanOrEqualTo(revisions);
    eventually("it is told again", () -> second.desk.stats().routers().size() == 1);
  }

  @Test
  void goOnOverReconnectsAndSayNothingTwice() {
    Routing r1 = routing("r1", map, OFTEN);
    for (int round = 1; round <= 20; round++) {
      long taken = second.desk.stats().announcements();
      long made = counters(r1).connected();
      r1.talks.reconnect();
      eventually("another connection", () -> counters(r1).connected() > made);
      eventually("another announcement", () -> second.desk.stats().announcements() > taken);
    }

    eventually(
        "what was sent was taken once",
        () -> second.desk.stats().announcements() == counters(r1).sent());
    long taken = second.desk.stats().announcements();
    assertThat(taken).isGreaterThanOrEqualTo(20).isLessThanOrEqualTo(counters(r1).sent());
    assertThat(second.desk.stats().routers()).hasSize(1);
  }

  private static RemoteCounters counters(Routing routing) {
    return Objects.requireNonNull(routing.talks.counters().get("b"));
  }

  @Test
  void goOnWithANodeThatWasKilledAndIsBack() throws Exception {
    Routing r1 = routing("r1", map, OFTEN);
    int port = second.server.port();
    NodeDesk before = second.desk;
    second.kill();
    eventually("it is silent", () -> r1.view("b").state() == NodeView.State.SILENT);
    long taken = before.stats().announcements();

    second.restart(port);

    eventually("it hears again", () -> second.desk.stats().announcements() > 3);
    assertThat(before.stats().announcements()).isEqualTo(taken);
    assertThat(second.desk.stats().routers()).hasSize(1);
    eventually("it is heard again", () -> r1.view("b").state() == NodeView.State.SERVING);
    new BlockingKv(r1.client(LONG)).put(BUCKET, secondsKey, VALUE);
  }

  @Test
  void hearNoClientInARoutersPlace() throws Exception {
    Routing r1 = routing("r1", map, RARELY);
    long taken = first.desk.stats().announcements() + second.desk.stats().announcements();

    assertThat(ended(r1.router.port(), Metadata.EMPTY).code()).isEqualTo(StatusCode.UNIMPLEMENTED);
    assertThat(ended(second.server.port(), Metadata.of(ClientNames.METADATA, "")).code())
        .isEqualTo(StatusCode.PERMISSION_DENIED);
    assertThat(ended(second.server.port(), Metadata.EMPTY).code())
        .isEqualTo(StatusCode.INVALID_ARGUMENT);
    assertThat(first.desk.stats().announcements() + second.desk.stats().announcements())
        .isEqualTo(taken);
  }

  /// Opens a stream as a router would, pinned to the first slot, and says how it ends.
  private WireStatus ended(int port, Metadata more) throws Exception {
    List<Metadata.Entry> entries = new ArrayList<>(more.entries());
    entries.add(
        new Metadata.Entry("weir-route", Bytes.wrap(ByteBuffer.allocate(Long.BYTES).array())));
    WireConnection connection =
        new WireConnector(site.loops, WireContext.of("client"))
            .connect(TalkSite.address(port), new ConnectionHandler() {})
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    Ended ended = new Ended();
    var _ = connection.open(OpenRequest.of(Router.NODES).with(new Metadata(entries)), ended);
    eventually("it is over", () -> ended.status != null);
    connection.close();
    return Objects.requireNonNull(ended.status);
  }

  private static final class Ended implements StreamHandler {
    private volatile @Nullable WireStatus status;

    @Override
    public void onMessage(WireStream stream, MessageView message) {}

    @Override
    public void onClosed(WireStream stream, WireStatus how, Metadata trailers) {
      status = how;
    }
  }
}
