package dev.weir.client;

import dev.weir.base.WeirException;
import dev.weir.proto.v1.PresenceChange;
import dev.weir.proto.v1.PresenceView;
import dev.weir.proto.v1.WatchPresenceResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Follows a topic's members, and comes back by itself after a lost connection, from the sequence
/// that it has seen last: when nothing was missed, its listener notices nothing.
///
/// The listener is called on the client's event loop, which owns the sequence.
public final class PresenceWatch implements AutoCloseable {
  private final String topic;
  private final PresenceListener listener;
  private final Executor callbacks;
  private final Consumer<PresenceWatch> onClosed;
  private final Redial<WatchSession> redial;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile long sequence;

  /// @param redials makes what connects again and again, from what makes calls
  PresenceWatch(
      String topic,
      PresenceListener listener,
      Executor callbacks,
      Function<Supplier<WatchSession>, Redial<WatchSession>> redials,
      Consumer<PresenceWatch> onClosed) {
    this.topic = topic;
    this.listener = listener;
    this.callbacks = callbacks;
    this.onClosed = onClosed;
    this.redial = redials.apply(() -> new WatchSession(this, topic, sequence));
  }

  void start() {
    redial.dial();
  }

  /// Completes when it was closed; fails with a [WeirException] when the server refuses for good.
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  void onResponse(WatchSession session, WatchPresenceResponse response) {
    if (session != redial.current()) {
      return;
    }
    switch (response.getResponseCase()) {
      case VIEW -> begin(session, response.getView());
      case CHANGE -> change(session, response.getChange());
      case FAILED -> onFailed(session, Refusals.of(response.getFailed()));
      case RESPONSE_NOT_SET -> {} // A later version's answer.
    }
  }

  private void begin(WatchSession session, PresenceView view) {
    redial.opened(session);
    if (view.getHasMissed()) {
      sequence = view.getSequence();
      listener.members(PresenceWords.members(view), sequence);
    }
  }

  /// A change that does not follow the last one is none to go on with: it begins again.
  private void change(WatchSession session, PresenceChange change) {
    if (change.getPrevious() != sequence) {
      redial.lost(session, "a change of presence is missing at '" + topic + "'");
      return;
    }
    sequence = change.getSequence();
    listener.changed(PresenceWords.change(change));
  }

  void onEnded(WatchSession session, Status status, Metadata trailers) {
    if (Requests.isFinal(status)) {
      onFailed(session, Refusals.of(status, trailers));
    } else {
      redial.lost(session, status.isOk() ? "the server ended the call" : Requests.reason(status));
    }
  }

  private void onFailed(WatchSession session, WeirException cause) {
    if (Requests.isPassing(cause.code())) {
      redial.lost(session, String.valueOf(cause.getMessage()));
    } else if (session == redial.current()) {
      var _ = redial.end(new ClientState.Halted(cause.code(), String.valueOf(cause.getMessage())));
      session.cancel();
      onClosed.accept(this);
      tell(() -> ended.completeExceptionally(cause));
    }
  }

  /// Completes futures, which may have foreign code behind them, on the callback thread.
  private void tell(Runnable task) {
    try {
      callbacks.execute(task);
    } catch (RejectedExecutionException _) {
      task.run(); // The client is closing; nobody is left to be held up.
    }
  }

  /// Idempotent; a call of the listener that is running may end after it.
  @Override
  public void close() {
    WatchSession last = redial.end(new ClientState.Closed());
    if (last != null) {
      last.cancel();
    }
    onClosed.accept(this);
    tell(() -> ended.complete(null));
  }
}
