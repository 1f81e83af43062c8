package dev.weir.auth.guard;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.Action;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Quota;
import dev.weir.auth.Rule;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Consumption;
import dev.weir.broker.Delivery;
import dev.weir.broker.GapReason;
import dev.weir.broker.PublishListener;
import dev.weir.broker.PublishRequest;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.ReceiptsListener;
import dev.weir.broker.Start;
import dev.weir.broker.Subscriber;
import dev.weir.broker.Subscription;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.Receipt;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A real broker on a real disk, seen by sessions whose permissions come and go.
final class AuthorizedBrokerTest extends GuardRig {
  @Test
  void publishesWhereItMayAndNowhereElse() {
    AuthorizedBroker seen = allowing(Rule.allow(Set.of(Action.PUBLISH), "a/#"));

    assertThat(join(seen.publish(message("a/b", "1"))).position().offset()).isZero();
    refused(ErrorCode.NOT_PERMITTED, () -> join(seen.publish(message("b", "2"))));
    Outcome outcome = new Outcome();
    assertThat(seen.offer(PublishRequest.of(message("b", "3"), 1), outcome)).isTrue();
    assertThat(outcome.faults.getFirst().code()).isEqualTo(ErrorCode.NOT_PERMITTED);
    assertThat(broker.topics(TopicFilter.ALL, 10).topics()).hasSize(1);
  }

  @Test
  void refusesASubscriptionWiderThanThePermission() {
    AuthorizedBroker seen = allowing(Rule.allow(Set.of(Action.SUBSCRIBE), "a/+"));
    Watcher watcher = new Watcher();

    assertThatThrownBy(
            () -> seen.subscribe(SubscriptionRequest.of("a/#", new Start.Live()), watcher))
        .hasMessageContaining("'a/#' is wider")
        .hasMessageContaining("a/+");
    refused(
        ErrorCode.NOT_PERMITTED,
        () -> seen.subscribe(SubscriptionRequest.of("a/b", new Start.First()), watcher));
    assertThat(watcher.failures).isEmpty();
  }

  @Test
  void readsThePastWithHistoryOnly() {
    join(broker.publish(message("a/b", "old")));
    AuthorizedBroker seen = allowing(Rule.allow(Set.of(Action.SUBSCRIBE, Action.HISTORY), "a/#"));
    Watcher watcher = new Watcher();

    try (Subscription subscription =
        seen.subscribe(SubscriptionRequest.of("a/#", new Start.First()), watcher)) {
      subscription.grant(100);
      eventually("the old message", () -> watcher.bodies.contains("old"));
    }
  }

  @Test
  void cutsALiveSubscriptionWhenItsPermissionIsTakenBack() {
    Rule rule = Rule.allow(Set.of(Action.SUBSCRIBE), "a/#");
    AuthorizedBroker seen = allowing(rule, Rule.allow(Set.of(Action.SUBSCRIBE), "b/#"));
    Watcher cut = new Watcher();
    Watcher kept = new Watcher();
    seen.subscribe(SubscriptionRequest.of("a/#", new Start.Live()), cut).grant(1_000);
    seen.subscribe(SubscriptionRequest.of("b/#", new Start.Live()), kept).grant(1_000);
    eventually("both are open", () -> cut.isOpen && kept.isOpen);
    join(broker.publish(message("a/x", "before")));
    eventually("the message before", () -> cut.bodies.contains("before"));

    access.replace(book(anna(Rule.allow(Set.of(Action.SUBSCRIBE), "b/#"))));
    join(broker.publish(message("a/x", "after")));
    join(broker.publish(message("b/x", "after")));

    eventually("the end is told", () -> cut.failures.size() == 1);
    assertThat(cut.failures.getFirst().code()).isEqualTo(ErrorCode.NOT_PERMITTED);
    eventually("the other goes on", () -> kept.bodies.contains("after"));
    assertThat(cut.bodies).containsExactly("before");
    assertThat(kept.failures).isEmpty();
    eventually("one is left", () -> broker.stats().subscriptions().size() == 1);
  }

  @Test
  void cutsEverythingWhenTheKeyIsTakenBack() {
    Rule all = Rule.allow(EnumSet.allOf(Action.class), "#");
    Rule queues = Rule.allow(EnumSet.allOf(Action.class), Rule.queuePattern("#"));
    AuthorizedBroker seen = allowing(all, queues);
    join(seen.queues().create(QueueSpec.of("jobs")));
    Watcher watcher = new Watcher();
    Taker taker = new Taker();
    seen.subscribe(SubscriptionRequest.of("#", new Start.Live()), watcher).grant(1_000);
    Consumption consumption = seen.queues().consume("jobs", 10, taker);
    join(seen.queues().publish("jobs", message("x", "work")));
    eventually("work is there", () -> taker.messages.size() == 1);

    access.replace(AuthBook.EMPTY.with(anna(all, queues)).with(KEY.key().revoked()));

    eventually("both are told", () -> watcher.failures.size() == 1 && taker.endings.size() == 1);
    assertThat(taker.endings.getFirst().code()).isEqualTo(ErrorCode.CREDENTIALS_REVOKED);
    consumption.prefetch(0); // As of any consumer that has ended: a door may not know it yet.
    refused(ErrorCode.CREDENTIALS_REVOKED, () -> join(consumption.ack(taker.messages.getFirst())));
    refused(ErrorCode.CREDENTIALS_REVOKED, () -> join(seen.publish(message("a", "1"))));
    Taker other = new Taker();
    broker.queues().consume("jobs", 10, other);
    eventually("the work goes to another", () -> other.messages.size() == 1);
  }

  @Test
  void tellsASubscriberTheEndOnceItsCallReturns() {
    AuthorizedBroker seen = allowing(Rule.allow(Set.of(Action.SUBSCRIBE), "a/#"));
    Watcher stuck = new Watcher();
    stuck.hold = new CountDownLatch(1);
    seen.subscribe(SubscriptionRequest.of("a/#", new Start.Live()), stuck).grant(1_000);
    eventually("it is open", () -> stuck.isOpen);
    join(broker.publish(message("a/x", "1")));
    eventually("its consumer is stuck", () -> stuck.isWithin);

    access.replace(book(anna()));
    assertThat(stuck.failures).isEmpty(); // It is within a call, which is never run into.
    stuck.hold.countDown();

    eventually("the end is told", () -> stuck.failures.size() == 1);
    assertThat(stuck.overlaps.get()).isZero();
  }

  @Test
  void guardsQueuesByTheirNames() throws IOException {
    AuthorizedBroker manager =
        allowing(
            Rule.allow(Set.of(Action.MANAGE), Rule.queuePattern("jobs")),
            Rule.allow(Set.of(Action.SUBSCRIBE), "a/#"));

    join(manager.queues().create(QueueSpec.of("jobs").withFilters("a/#")));
    refused(ErrorCode.NOT_PERMITTED, () -> join(manager.queues().create(QueueSpec.of("other"))));
    refused( // Nobody reads through a queue what it may not read.
        ErrorCode.NOT_PERMITTED,
        () -> join(manager.queues().create(QueueSpec.of("jobs").withFilters("#"))));
    refused(
        ErrorCode.NOT_PERMITTED,
        () -> join(manager.queues().create(QueueSpec.of("jobs").withDeadLetter("graveyard"))));
    refused(ErrorCode.NOT_PERMITTED, () -> manager.queues().consume("jobs", 1, new Taker()));
    refused(ErrorCode.NOT_PERMITTED, () -> manager.queues().peek("jobs", 1));
    refused(ErrorCode.NOT_PERMITTED, () -> join(manager.publish(message("$queue/jobs", "1"))));
    join(broker.queues().create(QueueSpec.of("hidden")));
    assertThat(manager.queues().list()).extracting(q -> q.spec().name()).containsExactly("jobs");
    refused(ErrorCode.NOT_PERMITTED, () -> manager.queues().details("hidden"));
    refused(ErrorCode.NOT_PERMITTED, () -> join(manager.queues().purge("hidden")));
    refused(ErrorCode.NOT_PERMITTED, () -> join(manager.queues().redrive("jobs", "hidden", 1)));
    refused(ErrorCode.NOT_PERMITTED, () -> join(manager.queues().delete("hidden", true)));
    refused(ErrorCode.NOT_PERMITTED, () -> join(manager.queues().delete("hidden")));
    refused( // What is in it may have come from any queue.
        ErrorCode.NOT_PERMITTED, () -> join(manager.queues().redrive("jobs", 1)));
    refused(ErrorCode.NOT_PERMITTED, manager::stats);
    assertThat(join(manager.queues().purge("jobs"))).isZero();
    assertThat(join(manager.queues().delete("jobs", true))).isZero();
    AuthorizedBroker all = allowing(Rule.allow(Set.of(Action.MANAGE), Rule.queuePattern("#")));
    assertThat(join(all.queues().redrive("hidden", 1))).isZero();
  }

  @Test
  void listsOnlyTopicsThatItMaySee() {
    join(broker.publish(message("a/1", "")));
    join(broker.publish(message("b/1", "")));
    join(broker.publish(message("a/2", "")));
    AuthorizedBroker seen = allowing(Rule.allow(Set.of(Action.SUBSCRIBE), "a/#"));

    assertThat(seen.topics(TopicFilter.ALL, 10).topics())
        .extracting(topic -> topic.topic())
        .containsExactly("a/1", "a/2");
    assertThat(seen.topics(TopicFilter.ALL, 1).isComplete()).isFalse();
  }

  @Test
  void holdsPublishersBackToTheirQuotaInOrder() {
    Quota quota =
        new Quota(
            Quota.NO_LIMIT, Quota.NO_LIMIT, Quota.NO_LIMIT, 50, Quota.NO_LIMIT, Quota.NO_LIMIT);
    AuthorizedBroker seen = as(anna(Rule.allow(Set.of(Action.PUBLISH), "a/#")).withQuota(quota));
    long start = Clock.SYSTEM.nanoTime();
    List<CompletionStage<Receipt>> published = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 75; i++) {
      published.add(seen.publish(message("a/b", "" + i)));
    }

    List<Long> offsets = published.stream().map(stage -> join(stage).position().offset()).toList();

    // Fifty at once, the others as the rate allows: never sooner, however slow the machine.
    assertThat(Clock.SYSTEM.nanoTime() - start).isGreaterThan(Duration.ofMillis(400).toNanos());
    assertThat(offsets).isSorted().hasSize(75);
  }

  @Test
  void judgesEachOfTheMessagesThatArePublishedSideBySide() {
    Quota quota =
        new Quota(
            Quota.NO_LIMIT, Quota.NO_LIMIT, Quota.NO_LIMIT, 50, Quota.NO_LIMIT, Quota.NO_LIMIT);
    AuthorizedBroker seen = as(anna(Rule.allow(Set.of(Action.PUBLISH), "a/#")).withQuota(quota));
    Receipts told = new Receipts();
    List<Message> several = List.of(message("a/b", "0"), message("b", "1"), message("a/b", "2"));
    seen.publishEach(several, told);
    seen.publishEach(Collections.nCopies(70, message("a/b", "x")), told);
    seen.publishEach(List.of(message("a/b", "last")), told);

    eventually("all are told", () -> told.stored.size() == 73);

    assertThat(told.faults)
        .extracting(WeirException::code)
        .containsExactly(ErrorCode.NOT_PERMITTED);
    assertThat(told.stored).isSorted();
    seen.close();
  }

  private static final class Receipts implements ReceiptsListener {
    private final List<Long> stored = new CopyOnWriteArrayList<>();
    private final List<WeirException> faults = new CopyOnWriteArrayList<>();

    @Override
    public void stored(int first, int count, Receipt receipt) {
      for (int i = 0; i < count; i++) {
        stored.add(receipt.position().offset() + i);
      }
    }

    @Override
    public void failed(int first, int count, WeirException cause) {
      faults.addAll(Collections.nCopies(count, cause));
    }
  }

  @Test
  void hasNoRoomForABatchBeyondTheQuotaAndTellsWhenItHas() {
    Quota quota =
        new Quota(
            Quota.NO_LIMIT, Quota.NO_LIMIT, Quota.NO_LIMIT, Quota.NO_LIMIT, 10_000, Quota.NO_LIMIT);
    AuthorizedBroker seen = as(anna(Rule.allow(Set.of(Action.PUBLISH), "a/#")).withQuota(quota));
    AtomicInteger news = new AtomicInteger();
    seen.onRoom(news::incrementAndGet);
    PublishRequest large = PublishRequest.of(message("a/b", "x".repeat(12_000)), 1);

    assertThat(seen.offer(large, new Outcome())).isTrue();
    int before = news.get();
    assertThat(seen.offer(large, new Outcome())).isFalse();
    eventually("there is room again", () -> news.get() > before);
    assertThat(seen.offer(large, new Outcome())).isTrue();

    seen.close();
    assertThat(bell.size()).isZero();
  }

  private static final class Outcome implements PublishListener {
    private final List<WeirException> faults = new CopyOnWriteArrayList<>();

    @Override
    public void stored(Receipt receipt, long commitMicros, long queueMicros) {}

    @Override
    public void failed(WeirException cause) {
      faults.add(cause);
    }
  }

  private static final class Taker implements QueueConsumer {
    private final List<QueuedMessage> messages = new CopyOnWriteArrayList<>();
    private final List<WeirException> endings = new CopyOnWriteArrayList<>();

    @Override
    public void deliver(QueuedMessage message) {
      messages.add(message);
    }

    @Override
    public void ended(WeirException cause) {
      endings.add(cause);
    }
  }

  private static final class Watcher implements Subscriber {
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<WeirException> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger overlaps = new AtomicInteger();
    private CountDownLatch hold = new CountDownLatch(0);
    private volatile boolean isOpen;
    private volatile boolean isWithin;

    @Override
    public void opened(Cursor cursor) {
      isOpen = true;
    }

    @Override
    public void deliver(Delivery delivery) throws InterruptedException {
      isWithin = true;
      hold.await();
      delivery.messages().forEach(message -> bodies.add(message.body().utf8()));
      isWithin = false;
    }

    @Override
    public void gap(Position from, long toOffset, GapReason reason) {}

    @Override
    public void endReached(Cursor cursor) {}

    @Override
    public void failed(WeirException cause) {
      overlaps.addAndGet(isWithin ? 1 : 0);
      failures.add(cause);
    }
  }
}
