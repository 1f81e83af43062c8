package dev.weir.auth.guard;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.Action;
import dev.weir.auth.Quota;
import dev.weir.auth.Rule;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.IncomingRequest;
import dev.weir.broker.Responder;
import dev.weir.broker.Responding;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class AuthorizedRequestsTest extends GuardRig {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Rule ASK = Rule.allow(Set.of(Action.PUBLISH), "svc/#");
  private static final Rule ANSWER = Rule.allow(Set.of(Action.CONSUME), "svc/#");

  /// Replies to nothing by itself.
  private static final class Hand implements Responder {
    final List<IncomingRequest> requests = new CopyOnWriteArrayList<>();
    final List<ErrorCode> ends = new CopyOnWriteArrayList<>();

    @Override
    public void deliver(IncomingRequest request) {
      requests.add(request);
    }

    @Override
    public void ended(WeirException cause) {
      ends.add(cause.code());
    }
  }

  private static Responding respond(AuthorizedBroker seen, String filter, Hand hand) {
    return seen.requests().respond(TopicFilter.parse(filter), 100, hand);
  }

  private static CompletableFuture<Message> ask(AuthorizedBroker seen, String topic) {
    return seen.requests().ask(Message.of(topic, "?"), LONG);
  }

  @Test
  void asksWithPublishAndAnswersWithConsume() {
    AuthorizedBroker seen = as(anna(ASK, ANSWER));
    Hand hand = new Hand();
    Responding responding = respond(seen, "svc/+", hand);
    CompletableFuture<Message> asked = ask(seen, "svc/a");

    long number = hand.requests.getFirst().number();
    assertThat(responding.reply(number, Message.of("-", "!"))).isTrue();
    assertThat(asked.join().body().utf8()).isEqualTo("!");
  }

  @Test
  void whoMayListenMayNotAnswer() {
    AuthorizedBroker seen = as(anna(Rule.allow(Set.of(Action.SUBSCRIBE), "#"), ASK));

    refused(ErrorCode.NOT_PERMITTED, () -> respond(seen, "svc/a", new Hand()));
    refused(ErrorCode.NO_RESPONDER, () -> ask(seen, "svc/a").join());
    refused(ErrorCode.NOT_PERMITTED, () -> ask(seen, "other").join());
  }

  @Test
  void isCutWithItsPermissionAndItsAskersAreTold() {
    AuthorizedBroker seen = as(anna(ASK, ANSWER));
    Hand hand = new Hand();
    Responding responding = respond(seen, "svc/#", hand);
    CompletableFuture<Message> asked = ask(seen, "svc/a");

    allow(anna(ASK));
    refused(ErrorCode.RESPONDER_LOST, asked::join);
    assertThat(hand.ends).containsExactly(ErrorCode.NOT_PERMITTED);
    long number = hand.requests.getFirst().number();
    assertThat(responding.reply(number, Message.of("-", "!"))).isFalse();
    refused(ErrorCode.NO_RESPONDER, () -> ask(seen, "svc/a").join());
  }

  @Test
  void countsAsPublishingAndWaitsForItsRateWithinItsTime() {
    Quota slow = new Quota(10, 10, 10, 1, Quota.NO_LIMIT, Quota.NO_LIMIT);
    AuthorizedBroker seen = as(anna(ASK, ANSWER).withQuota(slow));
    Hand hand = new Hand();
    respond(seen, "svc/#", hand);
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Message> _ = ask(seen, "svc/a");
    }

    assertThat(hand.requests).hasSizeLessThan(3);
    refused(
        ErrorCode.QUOTA_EXCEEDED,
        () -> seen.requests().ask(Message.of("svc/a", "?"), Duration.ofMillis(1)).join());
    eventually("the others follow", () -> hand.requests.size() == 3);
  }
}
