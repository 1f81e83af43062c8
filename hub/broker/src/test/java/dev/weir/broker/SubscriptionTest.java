package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.log.FileDisk;
import dev.weir.message.Batch;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.TopicFilter;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SubscriptionTest {
  @TempDir Path directory;
  private Core core = unset();

  /// Set before each test.
  @SuppressWarnings("NullAway") // the runner calls open() first
  private static Core unset() {
    return null;
  }

  @BeforeEach
  void open() {
    core = Core.in(directory);
  }

  @AfterEach
  void close() {
    core.close();
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  @Test
  void deliversLiveWhatIsStoredAfterItBegan() {
    core.publish(Batches.numbered("a", 0, 5));
    Recorder live = core.subscribe("a", new Start.Live(), 1_000);

    core.publish(Batches.numbered("a", 5, 5));

    assertThat(live.awaitMessages(5).bodies()).isEqualTo(numbers(5, 10));
    assertThat(live.offsets()).containsExactly(5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void passesABatchOnUnchangedWhenAllOfItMatches() {
    Batch batch = Batches.numbered("a", 0, 100);
    core.publish(batch);

    Recorder all = core.read("a", new Start.First());

    assertThat(all.deliveries()).hasSize(1);
    Delivery delivery = all.deliveries().getFirst();
    assertThat(delivery.batch().payload()).isEqualTo(batch.payload());
    assertThat(delivery.offsets().isContiguous()).isTrue();
    assertThat(delivery.nextOffset()).isEqualTo(100);
  }

  @Test
  void selectsWhatMatchesAndNamesItsOffsets() {
    core.publish(
        Batches.of(
            Message.of("a/1", "0"),
            Message.of("b", "1"),
            Message.of("a/2", "2"),
            Message.of("b", "3"),
            Message.of("a/1", "4")));

    Recorder some = core.read("a/+", new Start.First());

    assertThat(some.bodies()).containsExactly("0", "2", "4");
    assertThat(some.offsets()).containsExactly(0L, 2L, 4L);
    assertThat(some.deliveries().getFirst().nextOffset()).isEqualTo(5);
    assertThat(some.deliveries().getFirst().base()).isEqualTo(new Position("main", 0, 0));
  }

  @Test
  void startsWithTheLastThatMatch() {
    for (int i = 0; i < 30; i++) {
      core.publish(
          Batches.of(Message.of("a", "a" + i), Message.of("b", "b" + i), Message.of("a", "A" + i)));
    }

    assertThat(core.read("a", new Start.Last(3)).bodies()).containsExactly("A28", "a29", "A29");
    assertThat(core.read("b", new Start.Last(2)).bodies()).containsExactly("b28", "b29");
    assertThat(core.read("a", new Start.Last(1_000)).bodies()).hasSize(60);
    assertThat(core.read("none", new Start.Last(5)).bodies()).isEmpty();
  }

  @Test
  void findsTheLastFarBehindMuchElse() {
    core.publish(Batches.numbered("rare", 0, 10));
    for (int i = 0; i < 20; i++) {
      core.publish(Batches.numbered("busy", 0, 1_000));
    }

    assertThat(core.read("rare", new Start.Last(4)).bodies()).isEqualTo(numbers(6, 10));
  }

  @Test
  void startsAtATime() {
    core.publish(Batches.numbered("a", 0, 3));
    long after = core.read("a", new Start.First()).deliveries().getFirst().storedMicros() + 1;
    Eventually.eventually("the clock moves", () -> Clock.SYSTEM.epochMicros() > after + 1_000);
    core.publish(Batches.numbered("a", 3, 3));

    assertThat(core.read("a", new Start.AtTime(after)).bodies()).isEqualTo(numbers(3, 6));
    assertThat(core.read("a", new Start.AtTime(0)).bodies()).isEqualTo(numbers(0, 6));
  }

  @Test
  void goesOnFromACursorInsideABatch() {
    core.publish(Batches.numbered("a", 0, 10));
    Recorder first = core.subscribe("a", new Start.First(), 4);
    first.awaitMessages(4);
    Cursor cursor = first.subscription().cursor();

    Recorder second = core.read("a", new Start.At(Cursor.parse(cursor.token())));

    assertThat(first.bodies()).isEqualTo(numbers(0, 4));
    assertThat(second.bodies()).isEqualTo(numbers(4, 10));
    assertThat(second.offsets().getFirst()).isEqualTo(4);
  }

  @Test
  void refusesCursorsOfAnotherStream() {
    for (Position position :
        List.of(
            new Position("other", 0, 0), new Position("main", 1, 0), new Position("main", 0, 9))) {
      Recorder recorder = new Recorder();
      Start start = new Start.At(Cursor.of(position));
      core.broker.subscribe(SubscriptionRequest.of("#", start), recorder).grant(1);
      assertThat(recorder.awaitFailure().code()).isEqualTo(ErrorCode.INVALID_CURSOR);
    }
  }

  @Test
  void endsAtTheTailWithoutCreditForMore() {
    core.publish(Batches.numbered("a", 0, 3));
    core.publish(Batches.numbered("b", 0, 3));
    Recorder recorder = new Recorder();
    SubscriptionRequest request = SubscriptionRequest.of("a", new Start.First()).endingAtTail();

    core.broker.subscribe(request, recorder).grant(3);

    Cursor end = recorder.awaitEnd();
    assertThat(end.positions().getFirst().offset()).isEqualTo(6);
    assertThat(recorder.bodies()).isEqualTo(numbers(0, 3));
  }

  @Test
  void endsAtOnceWhenThereIsNothing() {
    assertThat(core.bodies("#")).isEmpty();
    core.publish(Batches.numbered("a", 0, 3));
    assertThat(core.read("#", new Start.Live()).bodies()).isEmpty();
  }

  @Test
  void splitsABatchThatIsLargerThanTheCredit() {
    core.publish(Batches.numbered("a", 0, 100));
    Recorder recorder = core.subscribe("a", new Start.First(), 30);

    recorder.awaitMessages(30);
    Eventually.eventually(
        "it waits for credit",
        () ->
            recorder.subscription().stats().state() == SubscriptionStats.State.WAITING_FOR_CREDIT);
    assertThat(recorder.bodies()).isEqualTo(numbers(0, 30));

    recorder.subscription().grant(31);
    recorder.awaitMessages(31);
    recorder.subscription().grant(20); // never lowers it
    recorder.subscription().grant(100);

    assertThat(recorder.awaitMessages(100).bodies()).isEqualTo(numbers(0, 100));
    assertThat(recorder.offsets())
        .isEqualTo(IntStream.range(0, 100).mapToObj(Long::valueOf).toList());
  }

  @Test
  void deliversNothingWithoutCredit() {
    Recorder recorder = core.subscribe("a", new Start.Live(), 0);

    core.publish(Batches.numbered("a", 0, 3));

    Eventually.eventually(
        "it waits for credit",
        () ->
            recorder.subscription().stats().state() == SubscriptionStats.State.WAITING_FOR_CREDIT);
    assertThat(recorder.messages()).isEmpty();
    recorder.subscription().grant(3);
    recorder.awaitMessages(3);
  }

  @Test
  void deliversOnceWhenSeveralFiltersMatch() {
    core.publish(Batches.of(Message.of("a/b", "1"), Message.of("c", "2")));
    Recorder recorder = new Recorder();
    SubscriptionRequest request =
        new SubscriptionRequest(
            List.of(TopicFilter.parse("a/#"), TopicFilter.parse("+/b"), TopicFilter.parse("c")),
            new Start.First(),
            true);

    core.broker.subscribe(request, recorder).grant(10);

    recorder.awaitEnd();
    assertThat(recorder.bodies()).containsExactly("1", "2");
  }

  @Test
  void jumpsOverWhatDidNotMatchWhileItSlept() {
    Recorder rare = core.subscribe("rare", new Start.Live(), 1_000);
    for (int i = 0; i < 20; i++) {
      core.publish(Batches.numbered("busy", 0, 100));
    }
    Eventually.eventually(
        "its cursor follows",
        () -> rare.subscription().cursor().positions().getFirst().offset() == 2_000);

    core.publish(Batches.numbered("rare", 0, 1));

    rare.awaitMessages(1);
    assertThat(rare.offsets()).containsExactly(2_000L);
  }

  @Test
  void aSlowOneReadsTheLogAndCatchesUpAgain() {
    core.close();
    LocalBrokerConfig limits =
        LocalBrokerConfig.defaults()
            .withRecentBytes(ByteSize.ofKibibytes(4))
            .withHeldBytes(new ByteSize(0));
    core = new Core(EmbeddedEngineConfig.of(directory), limits, new FileDisk(), Clock.SYSTEM);
    Recorder slow = core.subscribe("a", new Start.Live(), 1);
    Recorder fast = core.subscribe("a", new Start.Live(), Long.MAX_VALUE);
    for (int i = 0; i < 200; i++) {
      core.publish(Batches.numbered("a", 10 * i, 10));
    }
    assertThat(fast.awaitMessages(2_000).bodies()).isEqualTo(numbers(0, 2_000));
    assertThat(slow.messages()).hasSize(1);

    for (int credit = 7; credit < 2_000; credit += 13) {
      slow.subscription().grant(credit);
    }
    slow.subscription().grant(Long.MAX_VALUE);
    slow.awaitMessages(2_000);
    core.publish(Batches.numbered("a", 2_000, 10));

    assertThat(slow.awaitMessages(2_010).bodies()).isEqualTo(numbers(0, 2_010));
    assertThat(slow.gaps()).isEmpty();
  }

  @Test
  void aHundredGetEverythingInOrder() {
    List<Recorder> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(core.subscribe(i % 2 == 0 ? "a/#" : "a/+", new Start.Live(), Long.MAX_VALUE));
    }
    for (int i = 0; i < 50; i++) {
      core.publish(Batches.of(Message.of("a/x", "x" + i), Message.of("a", "y" + i)));
    }

    for (int i = 0; i < 100; i++) {
      List<String> expected = new ArrayList<>();
      for (int j = 0; j < 50; j++) {
        expected.add("x" + j);
        if (i % 2 == 0) {
          expected.add("y" + j);
        }
      }
      assertThat(all.get(i).awaitMessages(expected.size()).bodies()).isEqualTo(expected);
    }
    assertThat(core.broker.stats().subscriptions()).hasSize(100);
    all.forEach(recorder -> recorder.subscription().close());
    Eventually.eventually("all are gone", () -> core.broker.stats().subscriptions().isEmpty());
  }

  @Test
  void isNotCalledAfterItsClose() {
    Recorder recorder = core.subscribe("a", new Start.Live(), 1_000);
    recorder.subscription().close();
    Eventually.eventually("it is gone", () -> core.broker.stats().subscriptions().isEmpty());

    core.publish(Batches.numbered("a", 0, 3));

    assertThat(recorder.messages()).isEmpty();
    assertThat(recorder.subscription().stats().state()).isEqualTo(SubscriptionStats.State.ENDED);
  }

  @Test
  void aSubscriberThatThrowsEndsItsOwnSubscriptionOnly() {
    Recorder good = core.subscribe("a", new Start.Live(), 1_000);
    Recorder thrown = new Recorder();
    Subscriber bad =
        new Subscriber() {
          @Override
          public void opened(Cursor cursor) {
            thrown.opened(cursor);
          }

          @Override
          public void deliver(Delivery delivery) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public void gap(Position from, long toOffset, GapReason reason) {}

          @Override
          public void endReached(Cursor cursor) {}

          @Override
          public void failed(WeirException cause) {}
        };
    core.broker.subscribe(SubscriptionRequest.of("a", new Start.Live()), bad).grant(1_000);
    thrown.awaitOpen();

    core.publish(Batches.numbered("a", 0, 3));

    good.awaitMessages(3);
    Eventually.eventually("one is left", () -> core.broker.stats().subscriptions().size() == 1);
    assertThat(core.broker.stats().failedSubscribers()).isEqualTo(1);
  }

  @Test
  void isToldWhenTheCoreCloses() {
    Recorder recorder = core.subscribe("a", new Start.Live(), 1_000);

    core.close();

    assertThat(recorder.awaitFailure().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
  }

  @Test
  void passesOverMessagesWhoseTimeToLiveEnded() {
    core.close();
    var clock = new ManualClock();
    core =
        new Core(
            EmbeddedEngineConfig.of(directory),
            LocalBrokerConfig.defaults(),
            new FileDisk(),
            clock);
    core.publish(
        Batches.of(
            Message.of("a", "short").withTtl(Duration.ofSeconds(1)),
            Message.of("a", "long").withTtl(Duration.ofSeconds(100)),
            Message.of("a", "ever")));

    assertThat(core.bodies("a")).containsExactly("short", "long", "ever");
    clock.advanceMillis(1_000);
    assertThat(core.bodies("a")).containsExactly("long", "ever");
    clock.advanceMillis(99_000);
    assertThat(core.bodies("a")).containsExactly("ever");
  }
}
