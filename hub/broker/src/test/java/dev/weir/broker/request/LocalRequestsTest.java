package dev.weir.broker.request;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.IncomingRequest;
import dev.weir.broker.Responder;
import dev.weir.broker.Responding;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import dev.weir.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LocalRequestsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int MAX_BODY = 1 << 10;

  private final LocalRequests requests = new LocalRequests(Clock.SYSTEM, MAX_BODY);

  /// Keeps what it is handed.
  private static final class Hand implements Responder {
    final List<IncomingRequest> requests = new CopyOnWriteArrayList<>();
    final List<WeirException> ends = new CopyOnWriteArrayList<>();

    @Override
    public void deliver(IncomingRequest request) {
      requests.add(request);
    }

    @Override
    public void ended(WeirException cause) {
      ends.add(cause);
    }
  }

  @AfterEach
  void close() {
    requests.close();
  }

  private Responding respond(String filter, int capacity, Responder responder) {
    return requests.respond(TopicFilter.parse(filter), capacity, responder);
  }

  private CompletableFuture<Message> ask(String topic, String body) {
    return requests.ask(Message.of(topic, body), LONG);
  }

  private static ErrorCode code(CompletableFuture<?> failed) {
    try {
      failed.join();
    } catch (CompletionException e) {
      return ((WeirException) Objects.requireNonNull(e.getCause())).code();
    }
    throw new AssertionError("it did not fail");
  }

  @Test
  void aReplyGoesToItsAskerUnderTheTopicOfTheRequest() {
    Hand hand = new Hand();
    Responding responding = respond("svc/+", 10, hand);
    CompletableFuture<Message> first = ask("svc/a", "1");
    CompletableFuture<Message> second = ask("svc/b", "2");
    Message reply = Message.of("elsewhere", "two").withHeaders(Map.of("h", "v"));

    assertThat(hand.requests)
        .extracting(each -> each.message().body().utf8())
        .containsExactly("1", "2");
    assertThat(hand.requests.getFirst().untilMicros()).isGreaterThan(Clock.SYSTEM.epochMicros());
    assertThat(responding.reply(hand.requests.get(1).number(), reply)).isTrue();

    assertThat(second.join().topic()).isEqualTo("svc/b");
    assertThat(second.join().headers()).containsEntry("h", "v");
    assertThat(first).isNotDone();
    assertThat(responding.inHand()).isEqualTo(1);
    assertThat(responding.reply(hand.requests.get(1).number(), reply)).as("twice").isFalse();
  }

  @Test
  void isToldAtOnceThatNobodyAnswers() {
    try (Responding _ = respond("other/#", 10, new Hand())) {
      assertThat(code(ask("svc/a", ""))).isEqualTo(ErrorCode.NO_RESPONDER);
    }
    assertThat(code(ask("other/a", ""))).as("it left").isEqualTo(ErrorCode.NO_RESPONDER);
    assertThat(code(ask("$queue/a", ""))).isEqualTo(ErrorCode.INVALID_TOPIC);
    assertThat(requests.pendingCount()).isZero();
  }

  @Test
  void severalShareTheWorkByWhatTheyHaveInHand() {
    Hand quick = new Hand();
    Hand slow = new Hand();
    Responding one = respond("svc", 100, quick);
    respond("#", 100, slow);
    for (int i = 0; i < 20; i++) {
      CompletableFuture<Message> _ = ask("svc", "" + i);
      int had = quick.requests.size();
      if (had > 0) {
        var _ = one.reply(quick.requests.get(had - 1).number(), Message.of("-", ""));
      }
    }

    assertThat(quick.requests.size() + slow.requests.size()).isEqualTo(20);
    assertThat(slow.requests).hasSizeLessThan(3).isNotEmpty();
  }

  @Test
  void equalsTakeTurns() {
    List<Hand> hands = List.of(new Hand(), new Hand(), new Hand());
    hands.forEach(hand -> respond("svc", 100, hand));
    for (int i = 0; i < 30; i++) {
      CompletableFuture<Message> _ = ask("svc", "");
    }

    assertThat(hands).allSatisfy(hand -> assertThat(hand.requests).hasSize(10));
  }

  @Test
  void refusesWhenAllAreBusyAndGoesOnWhenOneIsNot() {
    Hand hand = new Hand();
    Responding responding = respond("svc", 1, hand);
    CompletableFuture<Message> first = ask("svc", "1");

    assertThat(code(ask("svc", "2"))).isEqualTo(ErrorCode.OVERLOADED);
    responding.capacity(2);
    CompletableFuture<Message> third = ask("svc", "3");
    assertThat(third).isNotDone();
    responding.capacity(0);
    assertThat(responding.fail(hand.requests.getFirst().number(), "x".repeat(5_000))).isTrue();
    assertThat(code(first)).isEqualTo(ErrorCode.REQUEST_FAILED);
    assertThatThrownBy(first::join).message().hasSizeLessThan(1_500).contains("xxx");
    assertThat(code(ask("svc", "4"))).isEqualTo(ErrorCode.OVERLOADED);
  }

  @Test
  void isToldWhenItsTimeIsOverAndALateReplyComesToNothing() {
    Hand hand = new Hand();
    Responding responding = respond("svc", 1, hand);

    assertThat(code(requests.ask(Message.of("svc", ""), Duration.ofMillis(1))))
        .isEqualTo(ErrorCode.TIMED_OUT);
    assertThat(responding.inHand()).isZero();
    assertThat(responding.reply(hand.requests.getFirst().number(), Message.of("-", ""))).isFalse();
    assertThatThrownBy(() -> requests.ask(Message.of("svc", ""), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> requests.ask(Message.of("svc", ""), Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isToldWhenWhoTookItLeft() {
    Hand hand = new Hand();
    Responding responding = respond("svc", 10, hand);
    Responding other = respond("none", 10, new Hand());
    CompletableFuture<Message> asked = ask("svc", "");

    other.close();
    assertThat(asked).isNotDone();
    responding.close();
    responding.close();
    assertThat(code(asked)).isEqualTo(ErrorCode.RESPONDER_LOST);
    assertThat(responding.reply(hand.requests.getFirst().number(), Message.of("-", ""))).isFalse();
  }

  @Test
  void aResponderThatThrowsIsLeftAndItsAskersAreTold() {
    Responding _ =
        respond(
            "svc",
            10,
            new Responder() {
              @Override
              public void deliver(IncomingRequest request) {
                throw new IllegalStateException("a bug of a door");
              }

              @Override
              public void ended(WeirException cause) {}
            });

    assertThat(code(ask("svc", ""))).isEqualTo(ErrorCode.RESPONDER_LOST);
    assertThat(code(ask("svc", ""))).isEqualTo(ErrorCode.NO_RESPONDER);
  }

  @Test
  void nobodyRepliesToWhatAnotherHasInHand() {
    Hand hand = new Hand();
    respond("svc", 10, hand);
    Responding thief = respond("none", 10, new Hand());
    CompletableFuture<Message> asked = ask("svc", "");

    long number = hand.requests.getFirst().number();
    assertThat(thief.reply(number, Message.of("-", "forged"))).isFalse();
    assertThat(thief.fail(number, "forged")).isFalse();
    assertThat(asked).isNotDone();
  }

  @Test
  void aWithdrawnRequestFreesItsPlace() {
    Responding responding = respond("svc", 1, new Hand());
    ask("svc", "").cancel(false);

    assertThat(responding.inHand()).isZero();
    assertThat(requests.pendingCount()).isZero();
    assertThat(ask("svc", "")).isNotDone();
  }

  @Test
  void refusesWhatIsTooLarge() {
    Hand hand = new Hand();
    Responding responding = respond("svc", 1, hand);
    Message large = Message.of("svc", Bytes.wrap(new byte[MAX_BODY + 1]));

    assertThat(code(requests.ask(large, LONG))).isEqualTo(ErrorCode.TOO_LARGE);
    CompletableFuture<Message> asked = ask("svc", "");
    long number = hand.requests.getFirst().number();
    assertThatThrownBy(() -> responding.reply(number, large))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    assertThat(asked).as("it may still be replied to").isNotDone();
    assertThat(responding.reply(number, Message.of("-", ""))).isTrue();
  }

  @Test
  void closingTellsEverybody() {
    Hand hand = new Hand();
    respond("svc", 10, hand);
    CompletableFuture<Message> asked = ask("svc", "");
    requests.close();

    assertThat(code(asked)).isEqualTo(ErrorCode.CONNECTION_LOST);
    assertThat(hand.ends).hasSize(1);
    assertThat(code(ask("svc", ""))).isEqualTo(ErrorCode.CONNECTION_LOST);
    assertThatThrownBy(() -> respond("svc", 1, new Hand())).isInstanceOf(WeirException.class);
  }

  /// Whatever happens in whatever order, and by several threads, each asker is told once.
  @Test
  void everyAskerIsToldOnce() throws InterruptedException {
    RandomGenerator seed = Seeds.random("everyAskerIsToldOnce");
    List<CompletableFuture<Message>> asked = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      SplittableRandom random = new SplittableRandom(seed.nextLong());
      threads.add(Thread.ofPlatform().start(() -> history(random, asked)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    requests.close();

    eventually("all are told", () -> asked.stream().allMatch(CompletableFuture::isDone));
    assertThat(requests.pendingCount()).isZero();
  }

  private void history(SplittableRandom random, List<CompletableFuture<Message>> asked) {
    Hand hand = new Hand();
    Responding responding = respond("svc/#", 5, hand);
    for (int i = 0; i < 500; i++) {
      switch (random.nextInt(8)) {
        case 0 -> {
          responding.close();
          responding = respond("svc/#", random.nextInt(6), hand);
        }
        case 1 -> asked.stream().findFirst().ifPresent(first -> first.cancel(false));
        case 2 -> asked.add(requests.ask(Message.of("svc/b", ""), Duration.ofMillis(1)));
        case 3, 4 -> {
          for (IncomingRequest each : List.copyOf(hand.requests)) {
            var _ = responding.reply(each.number(), Message.of("-", ""));
            hand.requests.remove(each);
          }
        }
        default -> asked.add(ask("svc/a", "" + i));
      }
    }
  }
}
