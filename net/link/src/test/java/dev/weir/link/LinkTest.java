package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.flow.Backoff;
import dev.weir.message.BatchSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

@ParameterizedClass
@ArgumentsSource(Over.Paths.class)
@Over(DirectPath.class)
public class LinkTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x1234);
  private static final Backoff FAST = new Backoff(1_000_000, 20_000_000);

  private final LinkPath path;
  private final MemoryStore store = new MemoryStore(1_000);
  private final MemoryLane lane = new MemoryLane(0);
  private final States states = new States();

  protected LinkTest(LinkPath path) {
    this.path = path;
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private LinkCore core() {
    return path.start(LinkServerConfig.of("core-1"), store, Clock.SYSTEM);
  }

  private LinkClient connect(List<URI> targets, LaneSource... lanes) {
    LinkClientConfig config = path.config(targets, SOURCE).withBackoff(FAST);
    return LinkClient.start(config, List.of(lanes), Clock.SYSTEM, new SplittableRandom(1), states);
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      lane.add("t/a", "m" + lane.nextSequence());
    }
  }

  private static List<String> bodies(long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(i -> "m" + i).toList();
  }

  @Test
  void movesFramesInOrderAndSettlesThemWithTheirOffsets() {
    add(100);
    try (LinkCore core = core();
        LinkClient client = connect(List.of(core.uri()), lane)) {
      eventually("the first hundred are settled", lane::isSettled);
      add(100);
      client.wake();

      eventually("all are settled", lane::isSettled);
      assertThat(store.bodies()).isEqualTo(bodies(1, 200));
      assertThat(lane.offsets())
          .isEqualTo(LongStream.rangeClosed(1, 200).map(i -> i * 10).boxed().toList());
      eventually("the counters agree", () -> client.stats().ackedFrames() == 200);
      assertThat(client.stats().sentFrames()).isEqualTo(200);
      assertThat(client.stats().inFlightBytes()).isZero();
      assertThat(client.stats().commitMicros()).isEqualTo(700);
      assertThat(core.link().stats().storedFrames()).isEqualTo(200);
      assertThat(client.drain(Duration.ofSeconds(5))).isTrue();
      eventually("the core let go", () -> core.link().stats().sessions() == 0);
      assertThat(core.link().stats().queuedBytes()).isZero();
    }
  }

  @Test
  void carriesManyLanesOnOneConnection() {
    MemoryLane[] lanes = new MemoryLane[200];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = new MemoryLane(i);
      for (int k = 1; k <= 20; k++) {
        lanes[i].add("t/" + i, i + ":" + k);
      }
    }
    try (LinkCore core = core();
        Relay relay = new Relay(core.port());
        LinkClient client = connect(List.of(path.uri(relay.port())), lanes)) {
      for (MemoryLane each : lanes) {
        eventually("lane " + each.lane() + " is settled", each::isSettled);
      }

      assertThat(relay.connections()).isEqualTo(1);
      assertThat(client.stats().resentFrames()).isZero();
      for (MemoryLane each : lanes) {
        assertThat(store.order(SOURCE, each.lane()))
            .isEqualTo(LongStream.rangeClosed(1, 20).boxed().toList());
      }
    }
  }

  @Test
  void goesOnBehindWhatIsDurableAfterTheCoreRestarts() {
    add(50);
    LinkCore first = core();
    try (Relay relay = new Relay(first.port());
        LinkClient client = connect(List.of(path.uri(relay.port())), lane)) {
      eventually("the first part is settled", lane::isSettled);
      store.pause(true);
      add(50);
      client.wake();
      eventually("some of it waits in the store", () -> store.queued() > 0);
      first.close();
      store.pause(false);
      add(50);
      eventually("the loss was noticed", () -> states.count(LinkState.BackingOff.class) > 0);

      try (LinkCore second = core()) {
        relay.retarget(second.port());
        eventually("all are settled", lane::isSettled);

        assertThat(store.bodies()).isEqualTo(bodies(1, 150));
        assertThat(client.stats().sessions()).isEqualTo(2);
      }
    }
  }

  @Test
  void trimsWhatWasStoredWhenItsAckWasLost() {
    try (LinkCore core = core();
        Relay relay = new Relay(core.port());
        LinkClient client = connect(List.of(path.uri(relay.port())), lane)) {
      eventually("connected", () -> client.stats().sessions() == 1);
      relay.stallToClient();
      add(20);
      client.wake();
      eventually("all are stored", () -> store.bodies().size() == 20);
      assertThat(lane.firstUnacked()).isEqualTo(1);
      relay.cutAll();

      eventually("all are settled", lane::isSettled);
      assertThat(store.bodies()).isEqualTo(bodies(1, 20));
      assertThat(client.stats().resentFrames()).isZero();
    }
  }

  @Test
  void takesTheNextCoreWhenThePreferredOneIsDown() {
    add(10);
    MemoryStore other = new MemoryStore(1_000);
    LinkCore gone = core();
    URI down = gone.uri();
    gone.close();
    try (LinkCore core = path.start(LinkServerConfig.of("core-2"), other, Clock.SYSTEM);
        LinkClient client = connect(List.of(down, core.uri()), lane)) {
      eventually("all are settled", lane::isSettled);

      assertThat(other.bodies()).isEqualTo(bodies(1, 10));
      assertThat(client.stats().target()).isEqualTo(core.uri().toString());
      assertThat(states.seen()).contains(new LinkState.Ready(core.uri(), "core-2"));
    } finally {
      other.close();
    }
  }

  @Test
  void leavesAGapOnACoreThatNeverSawWhatAnotherOneStored() {
    add(10);
    MemoryStore other = new MemoryStore(1_000);
    LinkCore first = core();
    try (LinkCore second = path.start(LinkServerConfig.of("core-2"), other, Clock.SYSTEM);
        LinkClient client = connect(List.of(first.uri(), second.uri()), lane)) {
      eventually("the first core has ten", lane::isSettled);
      first.close();
      add(10);
      client.wake();
      eventually("the second core has ten", lane::isSettled);

      assertThat(store.bodies()).isEqualTo(bodies(1, 10));
      assertThat(other.bodies()).isEqualTo(bodies(11, 20));
      eventually("the gap is counted", () -> client.stats().skippedFrames() == 10);
    } finally {
      other.close();
    }
  }

  @Test
  void goesElsewhereWhenTheCoreDrains() {
    MemoryStore other = new MemoryStore(1_000);
    try (LinkCore first = core();
        LinkCore second = path.start(LinkServerConfig.of("core-2"), other, Clock.SYSTEM);
        LinkClient client = connect(List.of(first.uri(), second.uri()), lane)) {
      eventually("connected", () -> client.stats().sessions() == 1);
      store.pause(true);
      add(5);
      client.wake();
      eventually("the store has them", () -> store.queued() > 0);
      Thread drain = Thread.ofVirtual().start(() -> first.link().drain(Duration.ofSeconds(20)));
      eventually("told to go", () -> states.count(LinkState.Draining.class) == 1);
      add(5);
      client.wake();
      store.pause(false);
      eventually("drained", () -> !drain.isAlive());

      eventually("all are settled", lane::isSettled);
      assertThat(store.bodies()).isEqualTo(bodies(1, 5));
      assertThat(other.bodies()).isEqualTo(bodies(6, 10));
      assertThat(states.seen())
          .filteredOn(LinkState.SentAway.class::isInstance)
          .isNotEmpty() // The one that drains may be asked again before the other one is.
          .allMatch(state -> state.toString().contains("The core is shutting down."));
    } finally {
      other.close();
    }
  }

  @Test
  void drainWaitsForACoreThatIsNotThereYet() {
    add(10);
    LinkCore gone = core();
    gone.close();
    try (Relay relay = new Relay(gone.port());
        LinkClient client = connect(List.of(path.uri(relay.port())), lane)) {
      eventually("it tried", () -> states.count(LinkState.BackingOff.class) > 0);
      CompletableFuture<Boolean> drained = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> drained.complete(client.drain(Duration.ofSeconds(20))));
      try (LinkCore core = core()) {
        relay.retarget(core.port());
        assertThat(drained.join()).isTrue();
        assertThat(store.bodies()).isEqualTo(bodies(1, 10));
      }
    }
    assertThat(states.isLast(LinkState.Closed.class)).isTrue();
  }

  @Test
  void drainGivesUpAtItsDeadlineAndSaysSo() {
    add(10);
    store.pause(true);
    try (LinkCore core = core();
        LinkClient client = connect(List.of(core.uri()), lane)) {
      eventually("sent", () -> client.stats().sentFrames() == 10);

      assertThat(client.drain(Duration.ofMillis(50))).isFalse();
      assertThat(lane.firstUnacked()).isEqualTo(1);
    }
  }

  @Test
  void endsItsThreadsAndMayBeClosedTwice() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    add(10);
    LinkCore core = core();
    LinkClient client = connect(List.of(core.uri()), lane);
    eventually("all are settled", lane::isSettled);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .contains("weir-link-edge-1", "weir-io-edge-1-1")
        .anyMatch(name -> name.startsWith(path.coreThreads()));
    client.close();
    client.close();
    core.close();

    eventually(
        "no thread is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .noneMatch(name -> name.startsWith("weir-") || name.startsWith("grpc-")));
  }

  @Test
  void restsAndSaysWhyWhenALaneCannotBeRead() {
    try (LinkCore core = core();
        LinkClient client = connect(List.of(core.uri()), lane)) {
      eventually("connected", () -> client.stats().sessions() == 1);
      lane.breakDown();
      add(1);
      client.wake();

      eventually("halted", () -> states.isLast(LinkState.Halted.class));
      assertThat(states.seen().getLast().toString()).contains("the test broke the lane");
    }
  }
}
