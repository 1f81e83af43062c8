package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static dev.weir.testkit.Eventually.eventuallyPresent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.flow.Backoff;
import dev.weir.message.BatchSource;
import dev.weir.proto.Hello;
import dev.weir.proto.RejectReason;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import dev.weir.testkit.ManualClock;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/// How sessions begin, and how they are refused.
@ParameterizedClass
@ArgumentsSource(Over.Paths.class)
@Over(DirectPath.class)
public class LinkSessionTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x1234);
  private static final Backoff FAST = new Backoff(1_000_000, 20_000_000);

  private final LinkPath path;
  private final MemoryStore store = new MemoryStore(1_000);
  private final MemoryLane lane = new MemoryLane(0);

  protected LinkSessionTest(LinkPath path) {
    this.path = path;
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private static LinkServerConfig config() {
    return LinkServerConfig.of("core-1");
  }

  private LinkClient connect(LinkCore core, Clock clock, LaneSource lane, LinkListener listener) {
    LinkClientConfig config = path.config(List.of(core.uri()), SOURCE).withBackoff(FAST);
    return LinkClient.start(config, List.of(lane), clock, new SplittableRandom(1), listener);
  }

  @Test
  void haltsOneOfTwoLinksThatShareAnIdentity() {
    ManualClock clock = new ManualClock();
    LinkServerConfig rarelyBeating =
        config().withTimes(Duration.ofMinutes(5), Duration.ofSeconds(10));
    MemoryLane copy = new MemoryLane(0);
    States first = new States();
    States second = new States();
    try (LinkCore core = path.start(rarelyBeating, store, clock);
        LinkClient one = connect(core, clock, lane, first)) {
      eventually("the first is welcome", () -> one.stats().sessions() == 1);
      try (LinkClient two = connect(core, clock, copy, second)) {
        eventually(
            "one of them halts",
            () -> {
              clock.advanceMillis(5);
              return first.isLast(LinkState.Halted.class) || second.isLast(LinkState.Halted.class);
            });

        List<LinkState> seen = first.isLast(LinkState.Halted.class) ? first.seen() : second.seen();
        assertThat(((LinkState.Halted) seen.getLast()).code())
            .isEqualTo(ErrorCode.DUPLICATE_IDENTITY);
        assertThat(core.link().stats().superseded()).isBetween(3L, 6L);
        assertThat(core.link().stats().sessions()).isLessThanOrEqualTo(1);
        assertThat(one.stats().sessions() + two.stats().sessions()).isGreaterThanOrEqualTo(4);
      }
    }
  }

  @Test
  void theNewerSessionTakesOverWithoutLossOrCopies() {
    try (LinkCore core = path.start(config(), store, Clock.SYSTEM);
        RawStream older = new RawStream(path, core.port());
        RawStream newer = new RawStream(path, core.port())) {
      older.hello("twin", 7);
      store.pause(true);
      older.sendFrame(RawStream.frame(1, "one"));
      older.sendFrame(RawStream.frame(2, "two"));
      eventually("the store has them", () -> store.queued() == 2);
      newer.hello("twin", 7);
      eventually("the older one ended", () -> older.end() != null);
      newer.sendFrame(RawStream.frame(1, "one"));
      newer.sendFrame(RawStream.frame(2, "two"));
      newer.sendFrame(RawStream.frame(3, "three"));
      store.pause(false);

      eventually("all are acked", () -> newer.acked() == 3);
      assertThat(store.bodies()).containsExactly("one", "two", "three");
      assertThat(older.responses().getLast().getReject().getReason())
          .isEqualTo(RejectReason.REJECT_REASON_SUPERSEDED);
      eventually("nothing is queued", () -> core.link().stats().queuedBytes() == 0);
    }
  }

  @Test
  void haltsWhenTheCoreKnowsMoreThanTheSpool() {
    States states = new States();
    for (int i = 0; i < 5; i++) {
      lane.add("t", "m" + i);
    }
    try (LinkCore core = path.start(config(), store, Clock.SYSTEM)) {
      try (LinkClient client = connect(core, Clock.SYSTEM, lane, LinkListener.NONE)) {
        eventually("settled", lane::isSettled);
        assertThat(client.stats().protocolErrors()).isZero();
      }
      MemoryLane restored = new MemoryLane(0);
      restored.add("t", "another first");
      try (LinkClient client = connect(core, Clock.SYSTEM, restored, states)) {
        eventually("halted", () -> states.isLast(LinkState.Halted.class));
        assertThat(client.stats().sentFrames()).isZero();
      }
    }
    assertThat(store.bodies()).hasSize(5);
  }

  @Test
  void comesBackWhenAllStreamsAreTaken() {
    States states = new States();
    lane.add("t", "patient");
    try (LinkCore core = path.start(config().withMaxSessions(1), store, Clock.SYSTEM)) {
      RawStream other = new RawStream(path, core.port());
      other.hello("other", 1);
      try (LinkClient client = connect(core, Clock.SYSTEM, lane, states)) {
        eventually("refused", () -> states.count(LinkState.BackingOff.class) > 0);
        assertThat(states.seen().toString()).contains("All 1 streams are taken.");
        other.close();

        eventually("settled", lane::isSettled);
        assertThat(client.stats().sessions()).isEqualTo(1);
      }
    }
  }

  @Test
  void tellsWhyTheCoreDoesNotLetItIn() {
    States states = new States();
    store.refuse(new WeirException(ErrorCode.CREDENTIALS_EXPIRED, "It was good till noon."));
    lane.add("t", "m");
    try (LinkCore core = path.start(config(), store, Clock.SYSTEM);
        LinkClient client = connect(core, Clock.SYSTEM, lane, states)) {
      eventually("refused", () -> states.count(LinkState.BackingOff.class) > 0);

      assertThat(states.first(LinkState.BackingOff.class).refusal())
          .hasMessage("It was good till noon.")
          .extracting(WeirException::code)
          .isEqualTo(ErrorCode.CREDENTIALS_EXPIRED);
      assertThat(client.stats().ackedFrames()).isZero();
    }
  }

  @Test
  void refusesAHelloThatIsNotOne() {
    Hello good = Hello.newBuilder().setAgent("a").setIncarnation(1).build();
    List<Hello> bad =
        List.of(
            good, // No lanes.
            Hello.newBuilder(good).setIncarnation(0).addLanes(lane(0, 1, 1)).build(),
            Hello.newBuilder(good).setAgent("").addLanes(lane(0, 1, 1)).build(),
            Hello.newBuilder(good).setAgent("x".repeat(256)).addLanes(lane(0, 1, 1)).build(),
            Hello.newBuilder(good).addLanes(lane(0, 0, 1)).build(),
            Hello.newBuilder(good).addLanes(lane(0, 3, 2)).build(),
            Hello.newBuilder(good).addLanes(lane(-1, 1, 1)).build(),
            Hello.newBuilder(good).addLanes(lane(4, 1, 1)).addLanes(lane(4, 1, 1)).build());
    try (LinkCore core = path.start(config(), store, Clock.SYSTEM)) {
      for (Hello hello : bad) {
        try (RawStream client = new RawStream(path, core.port())) {
          client.send(Request.newBuilder().setVersion(2).setHello(hello).build());
          eventually("refused: " + hello, () -> client.end() != null);
          Response answer = client.responses().getFirst();
          assertThat(answer.getReject().getReason())
              .isEqualTo(RejectReason.REJECT_REASON_INCOMPATIBLE);
          assertThat(answer.getReject().getDetail()).contains("The hello is not valid");
        }
      }
      assertThat(core.link().stats().rejected()).isEqualTo(bad.size());
    }
  }

  private static dev.weir.proto.LaneState lane(int number, long first, long next) {
    return dev.weir.proto.LaneState.newBuilder()
        .setLane(number)
        .setFirstUnacked(first)
        .setNextSequence(next)
        .build();
  }

  @Test
  void closesAStreamThatSaysNothing() {
    ManualClock clock = new ManualClock();
    try (LinkCore core = path.start(config(), store, clock);
        RawStream client = new RawStream(path, core.port())) {
      eventually(
          "closed",
          () -> {
            clock.advanceMillis(100);
            return client.end() != null;
          });
      Status end = eventuallyPresent("a status", client::end);
      assertThat(end.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(end.getDescription()).startsWith("WEIR-2002");
    }
  }

  @Test
  void refusesAnUnknownVersionWithItsCode() {
    try (LinkCore core = path.start(config(), store, Clock.SYSTEM)) {
      for (int version : new int[] {0, 3, -1, Integer.MAX_VALUE}) {
        try (RawStream client = new RawStream(path, core.port())) {
          client.send(Request.newBuilder().setVersion(version).build());
          Status end = eventuallyPresent("the end", client::end);
          assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
          assertThat(end.getDescription()).startsWith("WEIR-700");
        }
      }
    }
  }

  @Test
  void refusesFramesBeforeTheWelcomeAndWithinLanesThatWereNotNamed() {
    try (LinkCore core = path.start(config(), store, Clock.SYSTEM);
        RawStream early = new RawStream(path, core.port());
        RawStream astray = new RawStream(path, core.port())) {
      early.sendFrame(RawStream.frame(1, "no hello"));
      eventuallyPresent("the end", early::end);

      astray.hello("a", 1);
      astray.sendFrame(RawStream.frame(2, "wrong lane").setLane(9));
      Status end = eventuallyPresent("the end", astray::end);
      assertThat(end.getDescription()).contains("Lane 9 was not named");
      assertThat(store.bodies()).isEmpty();
    }
  }
}
