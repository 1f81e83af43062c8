package dev.weir.client;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SubscriptionTest {
  private final List<ClientState> states = new CopyOnWriteArrayList<>();
  private FakeCore core;
  private WeirClient client;

  @BeforeEach
  void start() throws Exception {
    core = new FakeCore();
    client =
        WeirClient.connect(ClientConfig.of(core.uri()).withStates((_, state) -> states.add(state)));
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    core.close();
    assertThat(core.violations()).isZero();
  }

  @Test
  void readsFromEveryStartToTheTail() {
    store(10);

    assertThat(read(Start.first())).isEqualTo(expected(0, 10));
    assertThat(read(Start.last(3))).isEqualTo(expected(7, 10));
    assertThat(read(Start.at(6))).isEqualTo(expected(6, 10));
    assertThat(read(Start.live())).isEmpty();
  }

  @Test
  void waitsForWhatIsStoredLater() {
    store(3);
    try (Subscription subscription = client.subscribe("a", Start.live())) {
      assertThat(subscription.poll(Duration.ofMillis(20))).isEmpty();
      eventually("it is open", () -> states.contains(new ClientState.Ready()));
      store(2);

      assertThat(subscription.take().text()).isEqualTo("m3");
      Delivered second = subscription.take();
      assertThat(second.position()).hasToString("main/0@4");
      assertThat(second.storedMicros()).isEqualTo(42);
      assertThat(second.missedBefore()).isZero();
    }
  }

  @Test
  void getsOnlyWhatMatchesAndItsOwnOffsets() {
    for (int i = 0; i < 100; i++) {
      core.store(Message.of(i % 3 == 0 ? "a/x" : "b", "" + i));
    }
    List<Long> offsets = new ArrayList<>();

    try (Subscription subscription =
        client.subscribe(SubscribeOptions.of("a/+", Start.first()).endingAtTail())) {
      for (Delivered delivered : subscription) {
        assertThat(delivered.text()).isEqualTo("" + delivered.position().offset());
        offsets.add(delivered.position().offset());
      }
    }

    assertThat(offsets).hasSize(34).allMatch(offset -> offset % 3 == 0).isSorted();
  }

  @Test
  void goesOnWithoutGapOrRepetitionAcrossRestarts() throws Exception {
    store(1_000);
    List<String> read = new ArrayList<>();

    try (Subscription subscription =
        client.subscribe(SubscribeOptions.of("a", Start.first()).withBufferMessages(50))) {
      for (int i = 0; i < 5; i++) {
        for (int j = 0; j < 173; j++) {
          read.add(subscription.take().text());
        }
        core.stop();
        core.start();
        store(100);
      }
      while (read.size() < 1_500) {
        read.add(subscription.take().text());
      }
    }

    assertThat(read).isEqualTo(expected(0, 1_500));
    assertThat(core.subscriptions()).isGreaterThanOrEqualTo(6);
  }

  @Test
  void losesNothingWhenItWasCutBeforeItsFirstMessage() throws Exception {
    store(5);
    try (Subscription subscription = client.subscribe("a", Start.live())) {
      eventually("it is open", () -> states.contains(new ClientState.Ready()));
      core.stop();
      store(2);
      core.start();

      assertThat(subscription.take().text()).isEqualTo("m5");
      assertThat(subscription.take().text()).isEqualTo("m6");
    }
  }

  @Test
  void opensAgainWhenTheCoreEndsTheCall() {
    store(100);
    core.endCallsAfter(10);
    List<String> read = new ArrayList<>();

    try (Subscription subscription = client.subscribe("a", Start.first())) {
      while (read.size() < 100) {
        read.add(subscription.take().text());
      }
    }

    assertThat(read).isEqualTo(expected(0, 100));
    assertThat(core.subscriptions()).isGreaterThanOrEqualTo(7);
  }

  @Test
  void continuesFromTheCursorOfAnyMessage() {
    store(20);
    Cursor cursor;
    try (Subscription subscription = client.subscribe("a", Start.first())) {
      assertThat(subscription.cursor()).isEmpty();
      for (int i = 0; i < 9; i++) {
        subscription.take();
      }
      cursor = subscription.cursor().orElseThrow();
    }

    assertThat(read(Start.from(cursor))).isEqualTo(expected(9, 20));
  }

  @Test
  void saysHowManyMessagesAreGone() {
    store(50);
    Cursor early;
    try (Subscription subscription = client.subscribe("a", Start.first())) {
      early = subscription.take().cursor();
    }
    core.forget(30);

    try (Subscription subscription = client.subscribe("a", Start.from(early))) {
      Delivered next = subscription.take();
      assertThat(next.position().offset()).isEqualTo(30);
      assertThat(next.missedBefore()).isEqualTo(29);
      assertThat(subscription.take().missedBefore()).isZero();
    }
  }

  @Test
  void throwsWhatTheCoreRefusedItWith() {
    core.failSubscriptions(ErrorCode.BEFORE_RETENTION.number());

    try (Subscription subscription = client.subscribe("a", Start.first())) {
      assertThatThrownBy(subscription::take)
          .isInstanceOfSatisfying(
              WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BEFORE_RETENTION))
          .hasMessage("as the test wants it");
      assertThat(subscription.isEnded()).isTrue();
    }
    ClientState halted = new ClientState.Halted(ErrorCode.BEFORE_RETENTION, "as the test wants it");
    eventually("the state is told", () -> states.contains(halted));
  }

  @Test
  void triesAgainWhenTheCoreIsOverloadedForNow() {
    store(1);
    core.failSubscriptions(ErrorCode.OVERLOADED.number());

    try (Subscription subscription = client.subscribe("a", Start.first())) {
      eventually("it was refused", () -> core.subscriptions() > 1);
      core.failSubscriptions(0);
      assertThat(subscription.take().text()).isEqualTo("m0");
    }
  }

  @Test
  void handsNothingOverOnceItIsClosed() {
    store(5);
    Subscription subscription = client.subscribe("a", Start.first());
    subscription.take();

    subscription.close();

    assertThat(subscription.iterator().hasNext()).isFalse();
    assertThat(subscription.poll(Duration.ZERO)).isEmpty();
  }

  @Test
  void releasesAWaitingReaderWhenItIsClosed() {
    Subscription subscription = client.subscribe("a", Start.live());
    CompletableFuture<Boolean> waiting =
        CompletableFuture.supplyAsync(() -> subscription.iterator().hasNext());
    eventually("it is open", () -> states.contains(new ClientState.Ready()));

    subscription.close();
    subscription.close();

    assertThat(waiting.join()).isFalse();
    assertThatThrownBy(subscription::take).isInstanceOf(NoSuchElementException.class);
    assertThat(states).endsWith(new ClientState.Closed());
  }

  @Test
  void refusesABadFilterAtOnce() {
    assertThatThrownBy(() -> client.subscribe("a/#/b", Start.live()))
        .hasMessageContaining("# before its last level");
  }

  private List<String> read(Start start) {
    List<String> bodies = new ArrayList<>();
    try (Subscription subscription =
        client.subscribe(SubscribeOptions.of("a", start).endingAtTail().withBufferMessages(3))) {
      subscription.forEach(delivered -> bodies.add(delivered.text()));
    }
    return bodies;
  }

  /// Messages of topic `a`, numbered in body and time.
  private void store(int count) {
    int first = (int) core.stored();
    for (int i = first; i < first + count; i++) {
      core.store(Message.of("a", "m" + i).withTimeMicros(i));
    }
  }

  private static List<String> expected(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
  }
}
