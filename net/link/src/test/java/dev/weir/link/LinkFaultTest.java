package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.flow.Backoff;
import dev.weir.message.BatchSource;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.Seeds;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/// Paths that break.
@ParameterizedClass
@ArgumentsSource(Over.Paths.class)
@Over(DirectPath.class)
public class LinkFaultTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x1234);
  private static final Backoff FAST = new Backoff(1_000_000, 20_000_000);
  private static final Duration BEAT = Duration.ofSeconds(5);

  private final LinkPath path;
  private final MemoryStore store = new MemoryStore(1_000);
  private final States states = new States();

  protected LinkFaultTest(LinkPath path) {
    this.path = path;
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private LinkCore core(Clock clock) {
    return path.start(LinkServerConfig.of("core-1"), store, clock);
  }

  private LinkClient connect(URI target, Clock clock, LaneSource... lanes) {
    LinkClientConfig config = path.config(List.of(target), SOURCE).withBackoff(FAST);
    return LinkClient.start(config, List.of(lanes), clock, new SplittableRandom(1), states);
  }

  @Test
  void keepsOrderAndStoresOnceThroughCutsAtAnyByte() {
    RandomGenerator random = Seeds.random("LinkFaultTest");
    MemoryLane[] lanes = {new MemoryLane(0), new MemoryLane(1), new MemoryLane(7)};
    for (int i = 0; i < 500; i++) {
      MemoryLane lane = lanes[random.nextInt(lanes.length)];
      lane.add("t", lane.lane() + ":" + lane.nextSequence() + "x".repeat(random.nextInt(6_000)));
    }
    try (LinkCore core = core(Clock.SYSTEM);
        Relay relay = new Relay(core.port())) {
      relay.cutAfter(() -> 1 + random.nextLong(200_000));
      try (LinkClient client = connect(path.uri(relay.port()), Clock.SYSTEM, lanes)) {
        for (MemoryLane lane : lanes) {
          eventually("lane " + lane.lane() + " is settled", lane::isSettled);
        }
        eventually("the counters follow", () -> client.stats().ackedFrames() > 0);
        assertThat(relay.connections()).isGreaterThan(5);
        assertThat(client.stats().protocolErrors()).isZero();
      }
      assertThat(core.link().stats().protocolErrors()).isZero();
      assertThat(core.link().stats().nacks()).isZero();
    }
    assertThat(store.bodies()).hasSize(500);
    for (MemoryLane lane : lanes) {
      List<Long> all = LongStream.range(1, lane.nextSequence()).boxed().toList();
      assertThat(store.order(SOURCE, lane.lane())).isEqualTo(all);
      assertThat(lane.refused()).isEmpty();
    }
  }

  @Test
  void noticesThatWhatItSendsNoLongerArrives() {
    ManualClock clock = new ManualClock();
    MemoryLane lane = new MemoryLane(0);
    try (LinkCore core = core(clock);
        Relay relay = new Relay(core.port());
        LinkClient client = connect(path.uri(relay.port()), clock, lane)) {
      eventually("connected", () -> client.stats().sessions() == 1);
      relay.stallToCore();
      lane.add("t", "lost on the way");
      client.wake();
      eventually("it was sent", () -> client.stats().sentFrames() == 1);

      long beats = beatsUntilLost(clock, client, LinkStats::heartbeatsHeard);

      // One counts the hello, which arrived; two convict.
      assertThat(beats).isEqualTo(3);
      assertThat(lastLoss()).contains("what is sent to it does not arrive");
      recover(clock, lane);
      assertThat(store.bodies()).containsExactly("lost on the way");
    }
  }

  @Test
  void noticesThatNothingComesAnyMore() {
    ManualClock clock = new ManualClock();
    MemoryLane lane = new MemoryLane(0);
    try (LinkCore core = core(clock);
        Relay relay = new Relay(core.port());
        LinkClient client = connect(path.uri(relay.port()), clock, lane)) {
      eventually("connected", () -> client.stats().sessions() == 1);
      relay.stallToClient();
      lane.add("t", "stored, its ack lost");
      client.wake();
      eventually("it is stored", () -> store.bodies().size() == 1);

      long beats = beatsUntilLost(clock, client, LinkStats::heartbeats);

      // One that has heard the welcome, and three silent ones.
      assertThat(beats).isEqualTo(4);
      recover(clock, lane);
      assertThat(store.bodies()).containsExactly("stored, its ack lost");
      assertThat(client.stats().heartbeatsMissed()).isGreaterThan(0);
    }
  }

  @Test
  void theCoreLetsGoOfAClientThatFellSilent() {
    ManualClock clock = new ManualClock();
    try (LinkCore core = core(clock);
        RawStream client = new RawStream(path, core.port())) {
      client.hello("silent", 1);
      for (int i = 0; i < 4; i++) {
        assertThat(client.end()).isNull();
        int known = client.responses().size();
        clock.advance(BEAT);
        eventually(
            "a beat or the end", () -> client.responses().size() > known || client.end() != null);
      }

      eventually("the end", () -> client.end() != null);
      eventually("the session is gone", () -> core.link().stats().sessions() == 0);
      assertThat(core.link().stats().lost()).isEqualTo(1);
    }
  }

  /// Steps one heartbeat at a time, each only once the client is done with the one before. The link
  /// publishes its figures when it has nothing left to do, so that what they count was dealt with.
  ///
  /// @param seen counts the beats by which the client judges the path
  private static long beatsUntilLost(
      ManualClock clock, LinkClient client, ToLongFunction<LinkStats> seen) {
    long beats = 0;
    while (!isLost(client.stats())) {
      long before = seen.applyAsLong(client.stats());
      clock.advance(BEAT);
      beats++;
      eventually(
          "the beat was dealt with, or the loss was noticed",
          () -> {
            LinkStats stats = client.stats();
            return seen.applyAsLong(stats) > before || isLost(stats);
          });
    }
    return beats;
  }

  private static boolean isLost(LinkStats stats) {
    return stats.state() instanceof LinkState.BackingOff;
  }

  private String lastLoss() {
    return states.seen().stream()
        .filter(LinkState.BackingOff.class::isInstance)
        .map(state -> ((LinkState.BackingOff) state).reason())
        .toList()
        .getLast();
  }

  private static void recover(ManualClock clock, MemoryLane lane) {
    eventually(
        "settled on a new connection",
        () -> {
          clock.advanceMillis(1);
          return lane.isSettled();
        });
  }

  @Test
  void pingsAndThenReconnectsWhenAnAckNeverComes() {
    ManualClock clock = new ManualClock();
    MemoryLane lane = new MemoryLane(0);
    store.pause(true);
    LinkServerConfig rarelyBeating =
        LinkServerConfig.of("core-1").withTimes(Duration.ofMinutes(5), Duration.ofSeconds(10));
    try (LinkCore core = path.start(rarelyBeating, store, clock);
        LinkClient client = connect(core.uri(), clock, lane)) {
      lane.add("t", "late");
      client.wake();
      eventually("the store has it", () -> store.queued() == 1);
      eventually(
          "the link gave up",
          () -> {
            clock.advanceMillis(20);
            return states.count(LinkState.BackingOff.class) > 0;
          });
      assertThat(lastLoss()).contains("still not acked");

      store.pause(false);
      recover(clock, lane);
      assertThat(store.bodies()).containsExactly("late");
    }
  }
}
