package dev.weir.client;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Somebody who answers requests, and comes back by itself after a lost connection. What was in
/// hand then is lost: who asked was told so, and the handler's reply comes to nothing.
///
/// Threads: `weir-client-responder-N` (virtual), one a request; requests come on the client's event
/// loop.
public final class Responder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

  private final RequestHandler handler;
  private final Executor callbacks;
  private final Consumer<Responder> onClosed;
  private final Redial<ServeSession> redial;
  private final Duration drain;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();

  /// Handlers at work; guarded by the lock.
  private int handlers;

  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /// @param redials makes what connects again and again, from what makes calls
  Responder(
      RespondOptions options,
      RequestHandler handler,
      Executor callbacks,
      Function<Supplier<ServeSession>, Redial<ServeSession>> redials,
      Consumer<Responder> onClosed) {
    this.handler = handler;
    this.drain = options.drain();
    this.callbacks = callbacks;
    this.onClosed = onClosed;
    this.redial = redials.apply(() -> new ServeSession(this, options));
  }

  void start() {
    redial.dial();
  }

  /// Completes when it answers for the first time; fails as [#ended] does.
  public CompletableFuture<Void> opened() {
    return opened.copy();
  }

  /// Completes when it was closed; fails with a [WeirException] when the server refuses for good:
  /// NOT_PERMITTED, say.
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  void onOpened(ServeSession session) {
    redial.opened(session);
    tell(() -> opened.complete(null));
  }

  void onRequest(ServeSession session, long number, Message request) {
    count(1);
    Thread.ofVirtual()
        .name("weir-client-responder-" + number)
        .start(() -> {
          try {
            answer(session, number, request);
          } finally {
            count(-1);
          }
        });
  }

  private void count(int more) {
    lock.lock();
    try {
      handlers += more;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void answer(ServeSession session, long number, Message request) {
    try {
      session.reply(number, handler.handle(request));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      session.fail(number, "interrupted");
    } catch (Exception e) {
      LOG.warn("a handler failed at a request to {}", request.topic(), e);
      session.fail(number, String.valueOf(e.getMessage()));
    }
  }

  void onFailed(ServeSession session, WeirException cause) {
    if (Requests.isPassing(cause.code())) {
      redial.lost(session, String.valueOf(cause.getMessage()));
    } else {
      halt(session, cause);
    }
  }

  void onEnded(ServeSession session, Status status, Metadata trailers) {
    if (Requests.isFinal(status)) {
      halt(session, Refusals.of(status, trailers));
    } else {
      redial.lost(session, status.isOk() ? "the server ended the call" : Requests.reason(status));
    }
  }

  private void halt(ServeSession session, WeirException cause) {
    if (session != redial.current()) {
      return;
    }
    var _ = redial.end(new ClientState.Halted(cause.code(), String.valueOf(cause.getMessage())));
    session.cancel();
    onClosed.accept(this);
    tell(() -> {
      opened.completeExceptionally(cause);
      ended.completeExceptionally(cause);
    });
  }

  /// Completes futures, which may have foreign code behind them, on the callback thread.
  private void tell(Runnable task) {
    try {
      callbacks.execute(task);
    } catch (RejectedExecutionException _) {
      task.run(); // The client is closing; nobody is left to be held up.
    }
  }

  /// Takes nothing more and waits for the handlers that are at work, within the drain time; what is
  /// in hand then is lost, and who asked is told so. Idempotent.
  @Override
  public void close() {
    ServeSession session = redial.current();
    if (session != null) {
      session.capacity(0);
    }
    awaitHandlers();
    ServeSession last = redial.end(new ClientState.Closed());
    if (last != null) {
      var _ = last.finish().completeOnTimeout(null, drain.toMillis(), TimeUnit.MILLISECONDS).join();
      last.cancel();
    }
    onClosed.accept(this);
    tell(() -> {
      opened.completeExceptionally(
          new WeirException(ErrorCode.CONNECTION_LOST, "The responder was closed before."));
      ended.complete(null);
    });
  }

  private void awaitHandlers() {
    lock.lock();
    try {
      long leftNanos = drain.toNanos();
      while (handlers > 0 && leftNanos > 0) {
        leftNanos = change.awaitNanos(leftNanos);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
