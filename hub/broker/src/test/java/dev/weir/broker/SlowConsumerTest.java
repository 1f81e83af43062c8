package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class SlowConsumerTest {
  @TempDir Path directory;

  private static Recorder subscribe(Core core, String filter, SlowPolicy policy, long credit) {
    Recorder recorder = new Recorder();
    SubscriptionRequest request = SubscriptionRequest.of(filter, new Start.Live()).withSlow(policy);
    recorder.subscription(core.broker.subscribe(request, recorder));
    recorder.subscription().grant(credit);
    recorder.awaitOpen();
    Eventually.eventually(
        "it has caught up",
        () -> recorder.subscription().stats().state() == SubscriptionStats.State.LIVE);
    return recorder;
  }

  private static void publish(Core core, String topic, String key, String body) {
    Message message = Message.of(topic, body).withKey(Bytes.utf8(key));
    core.broker.publish(message).toCompletableFuture().join();
  }

  private static void publish(Core core, int from, int to) {
    for (int i = from; i < to; i++) {
      publish(core, "a", "", "" + i);
    }
  }

  @Test
  void keepsEverythingInTheLogByDefault() {
    try (Core core = Core.in(directory)) {
      Recorder recorder = subscribe(core, "a", SlowPolicy.SPILL.withMaxBehind(1), 1);

      publish(core, 0, 50);
      recorder.subscription().grant(50);

      assertThat(recorder.awaitMessages(50).gaps()).isEmpty();
    }
  }

  @Test
  void passesOverTheOldestAndTellsWhich() {
    try (Core core = Core.in(directory)) {
      SlowPolicy policy = SlowPolicy.of(SlowPolicy.Action.DROP_OLDEST).withMaxBehind(10);
      Recorder recorder = subscribe(core, "a", policy, 1);

      publish(core, 0, 50);
      recorder.subscription().grant(100);
      recorder.awaitMessages(11);

      assertThat(recorder.bodies()).first().isEqualTo("0");
      assertThat(recorder.bodies().subList(1, 11)).first().isEqualTo("40");
      assertThat(recorder.bodies()).last().isEqualTo("49");
      assertThat(recorder.gaps())
          .containsExactly(new Recorder.GapSeen(new Position("main", 0, 1), 40, GapReason.DROPPED));
      assertThat(core.broker.stats().slow().droppedMessages()).isEqualTo(39);
    }
  }

  @Test
  void dropsNothingOfTheHistoryThatItAsksFor() {
    try (Core core = Core.in(directory)) {
      publish(core, 0, 50);
      Recorder recorder = new Recorder();
      SlowPolicy policy = SlowPolicy.of(SlowPolicy.Action.DROP_OLDEST).withMaxBehind(1);
      Subscription subscription =
          core.broker.subscribe(
              SubscriptionRequest.of("a", new Start.First()).withSlow(policy), recorder);
      subscription.grant(Long.MAX_VALUE);

      assertThat(recorder.awaitMessages(50).gaps()).isEmpty();
    }
  }

  @Test
  void endsAndResumesWhereItWas() {
    try (Core core = Core.in(directory)) {
      SlowPolicy policy = SlowPolicy.of(SlowPolicy.Action.DISCONNECT).withMaxBehind(10);
      Recorder recorder = subscribe(core, "a", policy, 1);

      publish(core, 0, 50);

      WeirException failure = recorder.awaitFailure();
      assertThat(failure.code()).isEqualTo(ErrorCode.SLOW_CONSUMER);
      Cursor cursor = recorder.subscription().cursor();
      assertThat(core.subscribe("a", new Start.At(cursor), 100).awaitMessages(49).bodies())
          .first()
          .isEqualTo("1");
      assertThat(core.broker.stats().slow().disconnected()).isEqualTo(1);
    }
  }

  @RepeatedTest(10)
  void deliversTheNewestOfEachKeyInOrder() {
    RandomGenerator random = Seeds.random("SlowConsumerTest");
    try (Core core = Core.in(directory)) {
      SlowPolicy policy = SlowPolicy.of(SlowPolicy.Action.CONFLATE).withMaxBehind(5);
      Recorder recorder = subscribe(core, "+", policy, 0);
      Map<String, Integer> newest = new HashMap<>();
      int count = random.nextInt(50, 400);
      for (int i = 0; i < count; i++) {
        String topic = "t" + random.nextInt(2);
        String key = "k" + random.nextInt(4);
        publish(core, topic, key, "" + i);
        newest.put(topic + key, i);
      }
      long granted = 0;
      List<Integer> seen = List.of();
      while (seen.isEmpty() || seen.getLast() < count - 1) {
        granted += random.nextInt(1, 4);
        recorder.subscription().grant(granted);
        int expected = (int) Math.min(granted, recorder.messages().size() + 1L);
        Eventually.eventually(
            "more",
            () ->
                (recorder.messages().size() >= Math.min(expected, 1)
                        && recorder.subscription().stats().creditLeft() == 0)
                    || isLast(recorder, count));
        seen = new ArrayList<>(recorder.bodies().stream().map(Integer::valueOf).toList());
      }

      assertThat(seen).isSorted().doesNotHaveDuplicates();
      assertThat(seen).containsAll(newest.values());
      assertThat(seen.size()).isLessThan(count);
      assertThat(recorder.gaps()).isNotEmpty();
      assertThat(recorder.gaps()).allMatch(gap -> gap.reason() == GapReason.CONFLATED);
      assertThat(core.broker.stats().slow().conflatedMessages()).isEqualTo(count - seen.size());
    }
  }

  private static boolean isLast(Recorder recorder, int count) {
    List<String> bodies = recorder.bodies();
    return !bodies.isEmpty() && bodies.getLast().equals("" + (count - 1));
  }

  @Test
  void holdsPublishersBackUntilItHasCaughtUp() throws InterruptedException {
    try (Core core = Core.in(directory)) {
      SlowPolicy policy =
          SlowPolicy.of(SlowPolicy.Action.BLOCK)
              .withMaxBehind(10)
              .withMaxHold(Duration.ofMinutes(1));
      Recorder recorder = subscribe(core, "a", policy, 1);
      publish(core, 0, 12);
      PublishRequest more = PublishRequest.of(Message.of("a", "more"), 1);
      Eventually.eventually("publishers wait", () -> !core.broker.offer(more, new Outcome()));
      CountDownLatch room = new CountDownLatch(1);
      core.broker.onRoom(room::countDown);

      core.offer(PublishRequest.of(Message.of("elsewhere", "free"), 1)).receipt();
      recorder.subscription().grant(1_000);
      room.await(); // Perhaps for room of another kind, which comes and goes.

      Outcome outcome = new Outcome();
      Eventually.eventually("publishers go on", () -> core.broker.offer(more, outcome));
      outcome.receipt();
      assertThat(core.broker.stats().slow().heldOffers()).isPositive();
    }
  }

  @Test
  void neverHoldsPublishersBackLongerThanItsTime() {
    try (Core core = Core.in(directory)) {
      SlowPolicy policy =
          SlowPolicy.of(SlowPolicy.Action.BLOCK)
              .withMaxBehind(10)
              .withMaxHold(Duration.ofMillis(50));
      Recorder recorder = subscribe(core, "a", policy, 0);

      publish(core, 0, 100);

      assertThat(core.broker.stats().slow().holdsGivenUp()).isEqualTo(1);
      recorder.subscription().grant(1_000);
      assertThat(recorder.awaitMessages(100).gaps()).isEmpty();
    }
  }

  @Test
  void letsPublishersGoWhenItEnds() throws InterruptedException {
    try (Core core = Core.in(directory)) {
      SlowPolicy policy =
          SlowPolicy.of(SlowPolicy.Action.BLOCK)
              .withMaxBehind(1)
              .withMaxHold(Duration.ofMinutes(1));
      Recorder recorder = subscribe(core, "a", policy, 0);
      publish(core, 0, 3);
      PublishRequest more = PublishRequest.of(Message.of("a", "more"), 1);
      Eventually.eventually("publishers wait", () -> !core.broker.offer(more, new Outcome()));
      CountDownLatch room = new CountDownLatch(1);
      core.broker.onRoom(room::countDown);

      recorder.subscription().close();
      room.await(); // Perhaps for room of another kind, which comes and goes.

      Outcome outcome = new Outcome();
      Eventually.eventually("publishers go on", () -> core.broker.offer(more, outcome));
      outcome.receipt();
    }
  }

  @Test
  void holdsNobodyBackForACommitThatIsToldAfterItsEnd() {
    try (Core core = Core.in(directory)) {
      SlowPolicy policy =
          SlowPolicy.of(SlowPolicy.Action.BLOCK)
              .withMaxBehind(1)
              .withMaxHold(Duration.ofMinutes(1));
      Recorder recorder = subscribe(core, "a", policy, 0);
      LocalSubscription subscription = (LocalSubscription) recorder.subscription();
      subscription.close();
      Eventually.eventually("it has ended", () -> core.broker.stats().subscriptions().isEmpty());

      subscription.signal(0, 100, 100, "a"); // The tail had it in its list still.

      Outcome outcome = new Outcome();
      PublishRequest request = PublishRequest.of(Message.of("a", "more"), 1);
      assertThat(core.broker.offer(request, outcome)).isTrue();
      outcome.receipt();
    }
  }
}
