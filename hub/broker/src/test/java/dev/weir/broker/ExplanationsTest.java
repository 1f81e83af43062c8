package dev.weir.broker;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.explain.ClientTrace;
import dev.weir.broker.explain.Explanations;
import dev.weir.broker.explain.MessageSearch;
import dev.weir.broker.explain.MessageTrace;
import dev.weir.broker.explain.MessageTrace.Fate;
import dev.weir.broker.explain.MessageTrace.Retained;
import dev.weir.broker.explain.OpenPublisher;
import dev.weir.broker.explain.PublisherTrace;
import dev.weir.broker.explain.QueueEvent;
import dev.weir.broker.explain.QueueEvent.Kind;
import dev.weir.broker.explain.QueueTrace;
import dev.weir.broker.explain.QueueTrace.State;
import dev.weir.broker.explain.ResponderTrace;
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
import java.util.concurrent.CompletableFuture;
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

  /// A responder that keeps what it gets in hand.
  private record Idle(String origin) implements Responder {
    @Override
    public void deliver(IncomingRequest request) {
      // It never replies.
    }

    @Override
    public void ended(WeirException cause) {
      // The test is over.
    }
  }

  @Test
  void tellsWhoAnswersAndWhatNobodyAnswered() {
    Message unanswered = Message.of("price/eur", "?").withId(Bytes.utf8("r-1"));
    assertThat(core.broker.requests().ask(unanswered, Duration.ofSeconds(1)))
        .failsWithin(Duration.ofSeconds(5));
    try (Responding _ =
        core.broker.requests().respond(TopicFilter.parse("price/#"), 2, new Idle("10.0.0.9:77"))) {
      CompletableFuture<Message> waiting =
          core.broker.requests().ask(Message.of("price/usd", "?"), Duration.ofMinutes(1));

      Explanations explanations = core.broker.explanations();
      ResponderTrace answering = new ResponderTrace("price/#", 2, 1);
      assertThat(explanations.responders("price/chf")).containsExactly(answering);
      assertThat(explanations.responders("other")).isEmpty();
      assertThat(explanations.client("10.0.0.9:77").responders()).containsExactly(answering);
      assertThat(explanations.client("10.0.0.9:78").responders()).isEmpty();
      waiting.cancel(false);
    }
    assertThat(requests("price/#", "", "")).containsExactly("price/eur NO_RESPONDER");
    assertThat(requests("#", "r-1", "")).containsExactly("price/eur NO_RESPONDER");
    assertThat(requests("other", "", "")).isEmpty();
    assertThat(requests("#", "", "k")).isEmpty();
  }

  private List<String> requests(String filter, String id, String key) {
    return core
        .broker
        .explanations()
        .requests(TopicFilter.parse(filter), Bytes.utf8(id), Bytes.utf8(key))
        .stream()
        .map(request -> request.topic() + " " + request.code())
        .toList();
  }

  @Test
  void forgetsTheOldestRequestsThatCameToNothing() {
    for (int i = 0; i < 1_100; i++) {
      assertThat(core.broker.requests().ask(Message.of("none/" + i, "?"), Duration.ofSeconds(1)))
          .isCompletedExceptionally();
    }

    assertThat(requests("#", "", "")).hasSize(10).first().isEqualTo("none/1099 NO_RESPONDER");
    assertThat(requests("none/0", "", "")).isEmpty();
    assertThat(requests("none/100", "", "")).hasSize(1);
  }

  @Test
  void tellsWhatAClientShowsOfItselfAndFollows() {
    String here = "10.0.0.9:77";
    PresenceWatcher following =
        new PresenceWatcher() {
          @Override
          public String origin() {
            return here;
          }

          @Override
          public void began(PresenceView view) {
            // Only that it follows is looked at.
          }

          @Override
          public void changed(PresenceChange change) {
            // Likewise.
          }

          @Override
          public void ended(WeirException cause) {
            // The test is over.
          }
        };
    try (PresenceHolder holder = core.broker.presence().hold("anna", here);
        PresenceHolder other = core.broker.presence().hold("anna", "10.0.0.9:78");
        PresenceWatch _ = core.broker.presence().watch("rooms/2", 0, following)) {
      holder.enter("rooms/1", "a", Bytes.EMPTY, Duration.ofSeconds(7)).toCompletableFuture().join();
      other.enter("rooms/1", "a", Bytes.EMPTY, Duration.ofSeconds(7)).toCompletableFuture().join();
      other.enter("rooms/1", "b", Bytes.EMPTY, Duration.ofSeconds(7)).toCompletableFuture().join();

      ClientTrace known = core.broker.explanations().client(here);

      assertThat(known.memberships())
          .singleElement()
          .satisfies(membership -> {
            assertThat(membership.topic()).isEqualTo("rooms/1");
            assertThat(membership.member()).isEqualTo("a");
            assertThat(membership.user()).isEqualTo("anna");
            assertThat(membership.holders()).isEqualTo(2);
            assertThat(membership.grace()).isEqualTo(Duration.ofSeconds(7));
          });
      assertThat(known.watches()).containsExactly("rooms/2");
    }
    assertThat(core.broker.explanations().client(here).memberships()).isEmpty();
  }

  /// A stream of publishes that waits for its log.
  private record Waiting(String origin, PublisherTrace trace) implements OpenPublisher {}

  @Test
  void namesTheSubscriptionThatHoldsAPublisherBack() {
    Recorder recorder = new Recorder();
    SlowPolicy blocking = new SlowPolicy(SlowPolicy.Action.BLOCK, 1, SlowPolicy.MAX_HOLD);
    recorder.subscription(
        core.broker.subscribe(
            SubscriptionRequest.of("a/#", new Start.Live()).withSlow(blocking), recorder));
    recorder.awaitOpen();
    eventually(
        "it is at the tail",
        () -> recorder.subscription().stats().state() == SubscriptionStats.State.LIVE);
    publish("a/b", "1");
    publish("a/b", "2");
    publish("a/b", "3");
    Waiting held =
        new Waiting(
            "10.0.0.9:77",
            new PublisherTrace("grpc", "a/b", 1, 5, PublisherTrace.State.COMMITTING, List.of()));
    Waiting free =
        new Waiting(
            "10.0.0.9:78",
            new PublisherTrace("grpc", "b", 1, 5, PublisherTrace.State.COMMITTING, List.of()));
    core.broker.publishers().add(held);
    core.broker.publishers().add(free);

    eventually(
        "it is held back",
        () -> publisher("10.0.0.9:77").state() == PublisherTrace.State.HELD_BACK);
    assertThat(publisher("10.0.0.9:77").blockers())
        .containsExactly(recorder.subscription().stats().id());
    assertThat(publisher("10.0.0.9:78").state()).isEqualTo(PublisherTrace.State.COMMITTING);
    core.broker.publishers().remove(held);
    assertThat(core.broker.explanations().client("10.0.0.9:77").publishers()).isEmpty();
  }

  private PublisherTrace publisher(String origin) {
    return core.broker.explanations().client(origin).publishers().getFirst();
  }

  private List<Position> find(String filter, String id, String key, long within)
      throws IOException {
    return core.broker
        .explanations()
        .find(
            new MessageSearch(TopicFilter.parse(filter), Bytes.utf8(id), Bytes.utf8(key), within));
  }
}
