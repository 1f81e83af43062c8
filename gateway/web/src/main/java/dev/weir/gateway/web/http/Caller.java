package dev.weir.gateway.web.http;

import dev.weir.auth.Action;
import dev.weir.auth.Credentials;
import dev.weir.auth.Rule;
import dev.weir.auth.Session;
import dev.weir.auth.Standing;
import dev.weir.auth.guard.AuthorizedBroker;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.Queues;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who asks, and the core as he may use it. Routes reach the broker through it alone, so that one
/// which forgets to ask lets nobody in. Any thread.
public final class Caller implements AutoCloseable {
  /// Whom no entrance has let in.
  static final Caller NOBODY = new Caller(null, null);

  private final @Nullable Broker broker;
  private final @Nullable Session session;

  private Caller(@Nullable Broker broker, @Nullable Session session) {
    this.broker = broker;
    this.session = session;
  }

  /// Anybody, who may do everything.
  static Caller anyone(Broker broker) {
    return new Caller(broker, null);
  }

  /// Somebody known. Closing closes both.
  public static Caller of(AuthorizedBroker seen, Session session) {
    return new Caller(seen, session);
  }

  public Broker broker() {
    if (broker == null) {
      throw new WeirException(ErrorCode.CREDENTIALS_MISSING, "The request was let in by nobody.");
    }
    return broker;
  }

  public Queues queues() {
    return broker().queues();
  }

  /// Demands what is not asked for at the broker: pulls of all callers are one consumer there.
  ///
  /// @throws WeirException with NOT_PERMITTED, or why the session is over
  public void requireConsume(String queue) {
    var _ = broker();
    if (session != null) {
      session.require(Action.CONSUME, Rule.queuePattern(queue));
    }
  }

  /// Calls back when [#requireConsume] would refuse: perhaps several times, on the thread of
  /// whoever changes the permissions, and at once when the session is over.
  public void onConsumeLost(String queue, Runnable task) {
    if (session == null) {
      return;
    }
    Session known = session;
    known.watch(
        new Standing() {
          @Override
          public void recheck() {
            if (!known.allows(Action.CONSUME, Rule.queuePattern(queue))) {
              task.run();
            }
          }

          @Override
          public void end(WeirException cause) {
            task.run();
          }
        });
  }

  /// Shows a newer token of the same user, so that what stands in his session outlives the older
  /// one. Where nobody is asked who he is, nothing happens.
  ///
  /// @return fails as a login does; the session stays as it was
  public CompletionStage<Void> renew(String token) {
    return session == null
        ? CompletableFuture.completedFuture(null)
        : session.renew(Credentials.ofToken(token));
  }

  /// Calls back when the credential expires or is taken back, on the thread of whoever finds out;
  /// at once when that is past.
  public void onEnd(Consumer<WeirException> callback) {
    if (session == null) {
      return;
    }
    session.watch(
        new Standing() {
          @Override
          public void recheck() {
            // Each thing that is done is judged as it comes.
          }

          @Override
          public void end(WeirException cause) {
            callback.accept(cause);
          }
        });
  }

  /// He is gone: what stands in his session ends. Idempotent.
  @Override
  public void close() {
    if (session != null) {
      broker().close(); // His view of it alone.
      session.close();
    }
  }
}
