package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Requests;
import dev.weir.broker.Responder;
import dev.weir.broker.Responding;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// Requests as one session may use them.
///
/// | what | needs |
/// |---|---|
/// | ask | publish on the topic; the reply needs nothing more |
/// | respond | consume on the filter: who answers takes requests from others, which who may only listen must not |
///
/// A request counts as a message of the publishing quota, and waits for it within its own time. Any
/// thread.
final class AuthorizedRequests implements Requests {
  /// As many as publishes.
  private static final int MAX_WAITING = 1_024;

  private final Requests requests;
  private final Session session;

  /// How many wait for the quota.
  private final AtomicInteger waiting = new AtomicInteger();

  AuthorizedRequests(Requests requests, Session session) {
    this.requests = requests;
    this.session = session;
  }

  @Override
  public CompletableFuture<Message> ask(Message request, Duration timeout) {
    try {
      session.require(Action.PUBLISH, request.topic());
    } catch (WeirException e) {
      return CompletableFuture.failedFuture(e);
    }
    long wait = session.pace(1, request.body().length());
    if (wait <= 0) {
      return requests.ask(request, timeout);
    }
    CompletableFuture<Message> answer = new CompletableFuture<>();
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      answer.completeExceptionally(beyond());
    } else {
      askLater(wait, request, timeout, answer);
    }
    return answer;
  }

  private WeirException beyond() {
    return new WeirException(
        ErrorCode.QUOTA_EXCEEDED,
        "The user '" + session.identity().user() + "' asks faster than its publishing rate.");
  }

  /// The time that it waits is taken from the time for the reply.
  private void askLater(
      long wait, Message request, Duration timeout, CompletableFuture<Message> answer) {
    Duration left = timeout.minusNanos(wait);
    if (left.compareTo(Duration.ofMillis(1)) < 0 || answer.isDone() || session.end().isPresent()) {
      waiting.decrementAndGet();
      answer.completeExceptionally(session.end().orElseGet(this::beyond));
      return;
    }
    session.later(
        wait,
        () -> {
          long more = session.pace(1, request.body().length());
          if (more > 0) {
            askLater(more, request, left, answer);
            return;
          }
          waiting.decrementAndGet();
          pass(requests.ask(request, left), answer);
        });
  }

  private static void pass(CompletableFuture<Message> from, CompletableFuture<Message> to) {
    var _ =
        from.whenComplete((reply, fault) -> {
          if (fault != null) {
            to.completeExceptionally(fault);
          } else {
            to.complete(reply);
          }
        });
    var _ =
        to.whenComplete((_, _) -> {
          if (to.isCancelled()) {
            from.cancel(false);
          }
        });
  }

  /// @throws WeirException with NOT_PERMITTED or QUOTA_EXCEEDED as well
  @Override
  public Responding respond(TopicFilter filter, int capacity, Responder responder) {
    return GuardedResponding.open(requests, session, filter, capacity, responder);
  }
}
