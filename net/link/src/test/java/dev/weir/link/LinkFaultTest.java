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
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Paths that break.
final class LinkFaultTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x1234);
  private static final Backoff FAST = new Backoff(1_000_000, 20_000_000);
  private static final Duration BEAT = Duration.ofSeconds(5);

  /// The least that a heartbeat is on the wire: 9 bytes of HTTP/2, 5 of gRPC, 8 of its own.
  private static final int BEAT_BYTES = 22;

  private static final int BEAT_AND_ANSWER_BYTES = 2 * BEAT_BYTES;

  private final MemoryStore store = new MemoryStore(1_000);
  private final States states = new States();

  @AfterEach
  void closeStore() {
    store.close();
  }

  private TestCore core(Clock clock) {
    return TestCore.start(LinkServerConfig.of("core-1"), store, clock);
  }

  private LinkClient connect(URI target, Clock clock, LaneSource... lanes) {
    LinkClientConfig config = LinkClientConfig.of(List.of(target), SOURCE).withBackoff(FAST);
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
    try (TestCore core = core(Clock.SYSTEM);
        Relay relay = new Relay(core.port())) {
      relay.cutAfter(() -> 1 + random.nextLong(200_000));
      try (LinkClient client = connect(relay.uri(), Clock.SYSTEM, lanes)) {
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
    try (TestCore core = core(clock);
        Relay relay = new Relay(core.port());
        LinkClient client = connect(relay.uri(), clock, lane)) {
      eventually("connected", () -> client.stats().sessions() == 1);
      beat(clock, relay, BEAT_AND_ANSWER_BYTES);
      relay.stallToCore();
      lane.add("t", "lost on the way");
      client.wake();
      eventually("it was sent", () -> client.stats().sentFrames() == 1);

      int beats = beatsUntilLost(clock, relay, BEAT_AND_ANSWER_BYTES);

      // One may still count what arrived before, two convict, and one may be heard too late.
      assertThat(beats).isLessThanOrEqualTo(4);
      assertThat(lastLoss()).contains("what is sent to it does not arrive");
      recover(clock, lane);
      assertThat(store.bodies()).containsExactly("lost on the way");
    }
  }

  @Test
  void noticesThatNothingComesAnyMore() {
    ManualClock clock = new ManualClock();
    MemoryLane lane = new MemoryLane(0);
    try (TestCore core = core(clock);
        Relay relay = new Relay(core.port());
        LinkClient client = connect(relay.uri(), clock, lane)) {
      eventually("connected", () -> client.stats().sessions() == 1);
      relay.stallToClient();
      lane.add("t", "stored, its ack lost");
      client.wake();
      eventually("it is stored", () -> store.bodies().size() == 1);

      int beats = beatsUntilLost(clock, relay, BEAT_BYTES);

      // Four that hear nothing more, and one that the client may have slept through.
      assertThat(beats).isLessThanOrEqualTo(5);
      recover(clock, lane);
      assertThat(store.bodies()).containsExactly("stored, its ack lost");
      assertThat(client.stats().heartbeatsMissed()).isGreaterThan(0);
    }
  }

  @Test
  void theCoreLetsGoOfAClientThatFellSilent() {
    ManualClock clock = new ManualClock();
    try (TestCore core = core(clock);
        RawStream client = new RawStream(core.port())) {
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

  /// Steps one heartbeat at a time, until the client has sent what it says at each.
  ///
  /// @param saidBytes the least that this is: a beat of its own, and an answer if it hears the core
  private int beatsUntilLost(ManualClock clock, Relay relay, int saidBytes) {
    int beats = 0;
    while (states.count(LinkState.BackingOff.class) == 0) {
      beat(clock, relay, saidBytes);
      beats++;
    }
    return beats;
  }

  private void beat(ManualClock clock, Relay relay, int saidBytes) {
    long before = relay.fromClientBytes();
    clock.advance(BEAT);
    eventually(
        "the beat was heard, or the loss was noticed",
        () ->
            relay.fromClientBytes() >= before + saidBytes
                || states.count(LinkState.BackingOff.class) > 0);
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
    try (TestCore core = TestCore.start(rarelyBeating, store, clock);
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
