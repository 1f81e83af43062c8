package dev.weir.broker;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.explain.MessageSearch;
import dev.weir.broker.explain.MessageTrace;
import dev.weir.broker.explain.MessageTrace.Fate;
import dev.weir.broker.explain.MessageTrace.Retained;
import dev.weir.broker.explain.QueueEvent;
import dev.weir.broker.explain.QueueEvent.Kind;
import dev.weir.broker.explain.QueueTrace;
import dev.weir.broker.explain.QueueTrace.State;
import dev.weir.broker.explain.SubscriptionTrace;
import dev.weir.broker.explain.SubscriptionTrace.Relation;
import dev.weir.broker.queue.Ordering;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.broker.queue.RemovalReason;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.Retain;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Why a message was or was not delivered, over a real log.
@Timeout(60)
final class ExplanationsTest {
  @TempDir Path directory;
  private Core core;

  @BeforeEach
  void open() {
    core = Core.in(directory);
  }

  @AfterEach
  void close() {
    core.close();
  }

  private Position publish(Message message) {
    return core.broker.publish(message).toCompletableFuture().join().position();
  }

  private Position publish(String topic, String body) {
    return publish(Message.of(topic, body));
  }

  private MessageTrace trace(Position position) throws IOException {
    return core.broker.explanations().message(position);
  }

  private List<Relation> relations(Position position) throws IOException {
    return trace(position).subscriptions().stream().map(SubscriptionTrace::relation).toList();
  }

  private void create(QueueSpec spec) {
    core.broker.queues().create(spec).toCompletableFuture().join();
  }

  private QueueTrace queue(String name, Position position) throws IOException {
    return trace(position).queues().stream()
        .filter(trace -> trace.queue().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void tellsWhatIsAtAPosition() throws IOException {
    Position first = publish(Message.of("a/b", "hello").withTtl(Duration.ofHours(1)));

    MessageTrace found = trace(first);

    assertThat(found.fate()).isEqualTo(Fate.STORED);
    assertThat(found.message().orElseThrow().topic()).isEqualTo("a/b");
    assertThat(found.expiryMicros() - found.storedMicros()).isEqualTo(3_600_000_000L);
    assertThat(trace(new Position("main", 0, first.offset() + 1)).fate()).isEqualTo(Fate.NOT_YET);
  }

  @Test
  void refusesAPlaceThatThereIsNot() {
    for (Position wrong : List.of(new Position("other", 0, 0), new Position("main", 7, 0))) {
      assertThatThrownBy(() -> trace(wrong))
          .isInstanceOfSatisfying(
              WeirException.class,
              cause -> assertThat(cause.code()).isEqualTo(ErrorCode.INVALID_CURSOR))
          .hasMessageContaining("the stream is main with 1 partitions");
    }
  }

  @Test
  void tellsHowSubscriptionsStandToIt() throws IOException {
    Position early = publish("a/b", "1");
    Recorder waiting = core.subscribe("a/#", new Start.First(), 1);
    Recorder late = core.subscribe("a/b", new Start.Live(), 100);
    Recorder other = core.subscribe("b", new Start.First(), 100);
    eventually("the first comes", () -> waiting.bodies().equals(List.of("1")));
    Position second = publish("a/b", "2");
    eventually("the second comes", () -> late.bodies().equals(List.of("2")));
    eventually("one waits for credit", () -> relations(second).contains(Relation.BEHIND));

    assertThat(relations(early)).containsExactly(Relation.PASSED, Relation.BEGAN_LATER);
    assertThat(relations(second)).containsExactly(Relation.BEHIND, Relation.PASSED);
    eventually(
        "its state says what it waits for",
        () ->
            trace(second).subscriptions().getFirst().stats().state()
                == SubscriptionStats.State.WAITING_FOR_CREDIT);
    other.subscription().close();
  }

  @Test
  void tellsAGapThatASubscriptionWasTold() throws IOException {
    Recorder recorder = new Recorder();
    SlowPolicy dropping = new SlowPolicy(SlowPolicy.Action.DROP_OLDEST, 3, Duration.ofSeconds(5));
    recorder.subscription(
        core.broker.subscribe(
            SubscriptionRequest.of("a", new Start.Live()).withSlow(dropping), recorder));
    recorder.awaitOpen();
    eventually(
        "it is at the tail",
        () -> recorder.subscription().stats().state() == SubscriptionStats.State.LIVE);
    Position first = publish("a", "0");
    for (int i = 1; i < 20; i++) {
      publish("a", "" + i);
    }
    recorder.subscription().grant(100);

    eventually("the gap is told", () -> relations(first).equals(List.of(Relation.GAP)));
    assertThat(trace(first).subscriptions().getFirst().gap()).contains(GapReason.DROPPED);
  }

  @Test
  void tellsWhetherItIsRetained() throws IOException {
    Position old = publish(Retain.asked(Message.of("s", "1")));
    Position kept = publish(Retain.asked(Message.of("s", "2")));
    Position plain = publish("s", "3");
    Position other = publish(Retain.asked(Message.of("t", "1")));
    Position clearing = publish(Retain.clearing("t"));

    assertThat(trace(old).retained()).isEqualTo(Retained.REPLACED);
    assertThat(trace(kept).retained()).isEqualTo(Retained.KEPT);
    assertThat(trace(plain).retained()).isEqualTo(Retained.NOT_ASKED);
    assertThat(trace(other).retained()).isEqualTo(Retained.REPLACED);
    assertThat(trace(clearing).retained()).isEqualTo(Retained.CLEARING);
  }

  @Test
  void followsAMessageThroughItsQueueToTheDead() throws IOException {
    create(QueueSpec.of("dead"));
    create(
        QueueSpec.of("jobs")
            .withFilters("jobs/#")
            .withDeadLetter("dead")
            .withSettings(
                QueueSettings.defaults().withRetry(2, Duration.ofDays(2), Duration.ofDays(2))));
    Position position = publish("jobs/1", "x");
    eventually("it is seen", () -> queue("jobs", position).state() == State.WAITING);

    try (Taker taker = Taker.at(core, "jobs", 1)) {
      taker.awaitCount(1);
      assertThat(queue("jobs", position).state()).isEqualTo(State.HELD);
      taker.nack(taker.message(0));
      assertThat(queue("jobs", position).state()).isEqualTo(State.DELAYED);
      assertThat(queue("jobs", position).deliveries()).isEqualTo(1);
    }
    Position rejected = publish("jobs/2", "y");
    try (Taker taker = Taker.at(core, "jobs", 1)) {
      taker.awaitCount(1);
      taker.reject(taker.message(0));
    }

    assertThat(queue("jobs", rejected).state()).isEqualTo(State.GONE);
    assertThat(queue("jobs", rejected).events())
        .extracting(QueueEvent::kind)
        .containsExactly(Kind.HANDED_OUT, Kind.REJECTED);
    QueueTrace dead = queue("dead", rejected);
    assertThat(dead.state()).isEqualTo(State.WAITING);
    assertThat(dead.dead().orElseThrow().reason()).isEqualTo(RemovalReason.REJECTED);
    assertThat(dead.dead().orElseThrow().queue()).isEqualTo("jobs");
    assertThat(trace(position).queues()).extracting(QueueTrace::queue).containsExactly("jobs");
  }

  @Test
  void tellsWhoWaitsBehindItsKey() throws IOException {
    create(
        QueueSpec.of("keyed")
            .withFilters("k")
            .withSettings(QueueSettings.defaults().withOrdering(Ordering.KEY)));
    publish(Message.of("k", "1").withKey(Bytes.utf8("a")));
    Position second = publish(Message.of("k", "2").withKey(Bytes.utf8("a")));

    eventually("it waits", () -> queue("keyed", second).state() == State.BEHIND_ITS_KEY);
  }

  @Test
  void findsMessagesByIdAndKey() throws IOException {
    Position wanted =
        publish(Message.of("a", "1").withId(Bytes.utf8("one")).withKey(Bytes.utf8("k")));
    Position newer = publish(Message.of("b", "2").withKey(Bytes.utf8("k")));
    publish("a", "3");

    assertThat(find("#", "one", "", 100)).containsExactly(wanted);
    assertThat(find("#", "", "k", 100)).containsExactly(newer, wanted);
    assertThat(find("a", "", "k", 100)).containsExactly(wanted);
    assertThat(find("#", "", "k", 2)).containsExactly(newer);
    assertThat(find("#", "two", "", 100)).isEmpty();
  }

  private List<Position> find(String filter, String id, String key, long within)
      throws IOException {
    return core.broker
        .explanations()
        .find(
            new MessageSearch(TopicFilter.parse(filter), Bytes.utf8(id), Bytes.utf8(key), within));
  }
}
