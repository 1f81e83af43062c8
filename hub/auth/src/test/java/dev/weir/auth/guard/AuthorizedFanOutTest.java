package dev.weir.auth.guard;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.Action;
import dev.weir.auth.Rule;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Delivery;
import dev.weir.broker.GapReason;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.SlowPolicy;
import dev.weir.broker.Start;
import dev.weir.broker.Subscriber;
import dev.weir.broker.Subscription;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.message.Cursor;
import dev.weir.message.Position;
import dev.weir.message.Retain;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Retained messages, batches, policies of slow subscriptions, queues over history and
/// explanations, as sessions with and without the permission see them.
@Timeout(60)
final class AuthorizedFanOutTest extends GuardRig {
  @Test
  void readsRetainedMessagesWhereItMaySubscribe() throws Exception {
    join(broker.publish(Retain.asked(message("a/b", "1"))));
    AuthorizedBroker seen = allowing(Rule.allow(Set.of(Action.SUBSCRIBE), "a/#"));

    assertThat(seen.retained(TopicFilter.parse("a/#"), "", 10).messages()).hasSize(1);
    refused(ErrorCode.NOT_PERMITTED, () -> seen.retained(TopicFilter.parse("#"), "", 10));
    refused(ErrorCode.NOT_PERMITTED, () -> seen.retained(TopicFilter.parse("b"), "", 10));
  }

  /// They are the topic's state of now: a subscription that begins live gets them without history.
  @Test
  void beginsWithRetainedMessagesWithoutHistory() {
    join(broker.publish(Retain.asked(message("a/b", "1"))));
    AuthorizedBroker seen = allowing(Rule.allow(Set.of(Action.SUBSCRIBE), "a/#"));
    Taker taker = new Taker();

    try (Subscription open =
        seen.subscribe(SubscriptionRequest.of("a/#", new Start.Live()).withRetained(), taker)) {
      open.grant(10);
      eventually("the state", () -> taker.bodies.equals(List.of("1")));
    }
    refused(
        ErrorCode.NOT_PERMITTED,
        () ->
            seen.subscribe(SubscriptionRequest.of("a/#", new Start.First()).withRetained(), taker));
  }

  @Test
  void retainsNothingForWhoMayNotPublishThere() throws Exception {
    AuthorizedBroker seen = allowing(Rule.allow(Set.of(Action.PUBLISH), "a/#"));

    join(seen.publish(Retain.asked(message("a/b", "1"))));
    refused(ErrorCode.NOT_PERMITTED, () -> join(seen.publish(Retain.asked(message("b", "2")))));
    refused(ErrorCode.NOT_PERMITTED, () -> join(seen.publish(Retain.clearing("b"))));

    assertThat(broker.retained(TopicFilter.ALL, "", 10).messages())
        .extracting(kept -> kept.message().topic())
        .containsExactly("a/b");
  }

  @Test
  void publishesTogetherWhereItMayAndNothingOfABatchElsewhere() {
    AuthorizedBroker seen =
        allowing(
            Rule.allow(Set.of(Action.PUBLISH), "a/#"), Rule.deny(Set.of(Action.PUBLISH), "a/x"));

    join(seen.publishTogether(List.of(message("a/b", "1"), message("a/b", "2"))));
    for (String closed : List.of("a/x", "b")) {
      refused(
          ErrorCode.NOT_PERMITTED,
          () -> join(seen.publishTogether(List.of(message(closed, "1"), message(closed, "2")))));
    }
    refused(
        ErrorCode.NOT_PERMITTED,
        () -> join(seen.publishTogether(List.of(message("a/b", "1"), message("a/x", "2")))));

    assertThat(broker.stats().storedMessages()).isEqualTo(2);
  }

  @Test
  void holdsPublishersBackForWhoManagesTheTopicOnly() {
    SlowPolicy block = new SlowPolicy(SlowPolicy.Action.BLOCK, 10, Duration.ofSeconds(1));
    SubscriptionRequest wanted = SubscriptionRequest.of("a/#", new Start.Live()).withSlow(block);
    Taker taker = new Taker();
    AuthorizedBroker reader = allowing(Rule.allow(Set.of(Action.SUBSCRIBE), "a/#"));

    refused(ErrorCode.NOT_PERMITTED, () -> reader.subscribe(wanted, taker));
    assertThat(broker.stats().subscriptions()).isEmpty();

    AuthorizedBroker manager = allowing(Rule.allow(Set.of(Action.SUBSCRIBE, Action.MANAGE), "a/#"));
    Subscription open = manager.subscribe(wanted, taker);
    eventually("it is open", () -> taker.isOpen);
    access.replace(book(anna(Rule.allow(Set.of(Action.SUBSCRIBE), "a/#"))));

    eventually("it is cut with the permission", () -> taker.failures.size() == 1);
    eventually("it is over", () -> broker.stats().subscriptions().isEmpty());
    open.close();
  }

  /// Every other policy costs its own subscription alone.
  @Test
  void letsAnyReaderChooseWhatItLosesItself() {
    AuthorizedBroker reader = allowing(Rule.allow(Set.of(Action.SUBSCRIBE), "a/#"));
    for (SlowPolicy.Action action : SlowPolicy.Action.values()) {
      if (action != SlowPolicy.Action.BLOCK) {
        SlowPolicy policy = new SlowPolicy(action, 10, Duration.ofSeconds(1));
        reader
            .subscribe(
                SubscriptionRequest.of("a/#", new Start.Live()).withSlow(policy), new Taker())
            .close();
      }
    }
  }

  @Test
  void beginsAQueueInHistoryWithHistoryOnly() {
    join(broker.publish(message("a/b", "1")));
    QueueSpec spec = QueueSpec.of("jobs").withFilters("a/#");
    Rule manages = Rule.allow(Set.of(Action.MANAGE), Rule.queuePattern("jobs"));
    AuthorizedBroker reader = allowing(manages, Rule.allow(Set.of(Action.SUBSCRIBE), "a/#"));
    List<Start> past =
        List.of(new Start.First(), new Start.Last(1), new Start.AtTime(1), new Start.At(cursor()));
    for (Start start : past) {
      refused(ErrorCode.NOT_PERMITTED, () -> join(reader.queues().create(spec, start)));
    }
    assertThat(broker.queues().list()).isEmpty();

    AuthorizedBroker historian =
        allowing(manages, Rule.allow(Set.of(Action.SUBSCRIBE, Action.HISTORY), "a/#"));
    join(historian.queues().create(spec, new Start.First()));

    eventually("it holds what was", () -> broker.queues().details("jobs").figures().length() == 1);
  }

  private static Cursor cursor() {
    return new Cursor(List.of(new Position("main", 0, 0)));
  }

  @Test
  void explainsToWhoMaySeeFiguresOnly() throws IOException {
    Position position = join(broker.publish(message("a/b", "1"))).position();
    AuthorizedBroker reader =
        allowing(Rule.allow(EnumSet.complementOf(EnumSet.of(Action.MANAGE)), "#"));

    refused(ErrorCode.NOT_PERMITTED, reader::explanations);

    AuthorizedBroker operator = allowing(Rule.allow(Set.of(Action.MANAGE), AuthorizedBroker.STATS));
    assertThat(operator.explanations().message(position).message()).isPresent();
  }

  private static final class Taker implements Subscriber {
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<WeirException> failures = new CopyOnWriteArrayList<>();
    private volatile boolean isOpen;

    @Override
    public void opened(Cursor cursor) {
      isOpen = true;
    }

    @Override
    public void deliver(Delivery delivery) {
      delivery.messages().forEach(message -> bodies.add(message.body().utf8()));
    }

    @Override
    public void gap(Position from, long toOffset, GapReason reason) {}

    @Override
    public void endReached(Cursor cursor) {}

    @Override
    public void failed(WeirException cause) {
      failures.add(cause);
    }
  }
}
