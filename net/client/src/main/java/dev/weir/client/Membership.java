package dev.weir.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.proto.v1.EnterPresence;
import dev.weir.proto.v1.JoinRequest;
import dev.weir.proto.v1.JoinResponse;
import dev.weir.proto.v1.LeavePresence;
import dev.weir.proto.v1.UpdatePresence;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A member that is present for as long as this is open. After a lost connection it enters again by
/// itself, with what it said last; within its grace nobody notices. Any thread.
///
/// What it says is numbered; a request carries the number of the word that it says, and its answer
/// repeats it. So an answer to an earlier word is never taken for one to the last.
public final class Membership implements AutoCloseable {
  private final String topic;
  private final String member;
  private final Duration grace;
  private final Duration patience;
  private final Executor callbacks;
  private final Consumer<Membership> onClosed;
  private final Redial<JoinSession> redial;
  private final CompletableFuture<Void> entered = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private Bytes data;

  /// The number of what it says now.
  private long word;

  private @Nullable CompletableFuture<Void> change;

  /// @param patience how long [#close] waits for the core's word
  /// @param redials makes what connects again and again, from what makes calls
  Membership(
      String topic,
      String member,
      Bytes data,
      Duration grace,
      Duration patience,
      Executor callbacks,
      Function<Supplier<JoinSession>, Redial<JoinSession>> redials,
      Consumer<Membership> onClosed) {
    this.topic = topic;
    this.member = member;
    this.data = data;
    this.grace = grace;
    this.patience = patience;
    this.callbacks = callbacks;
    this.onClosed = onClosed;
    this.redial = redials.apply(() -> new JoinSession(this));
  }

  void start() {
    redial.dial();
  }

  /// Completes once it is present for the first time; fails with a [WeirException] when the server
  /// refuses it for good: NOT_PERMITTED, say.
  public CompletableFuture<Void> entered() {
    return entered.copy();
  }

  /// Says something else of itself. Over a lost connection the last word counts.
  ///
  /// @return completes once that is durable; an older one when a newer one is
  public CompletableFuture<Void> update(Bytes newData) {
    lock.lock();
    try {
      data = newData;
      word++;
      CompletableFuture<Void> done =
          change == null || change.isDone() ? new CompletableFuture<>() : change;
      change = done;
      JoinSession session = redial.current();
      if (session != null) {
        sayLastWord(session);
      }
      return done.copy();
    } finally {
      lock.unlock();
    }
  }

  /// Under the lock, so that words go in their order. Before the call has entered, its first answer
  /// leads here again.
  private void sayLastWord(JoinSession session) {
    if (session.isEntered() && session.saysNow(word)) {
      session.send(request().setUpdate(UpdatePresence.newBuilder().setData(shared(data))).build());
    }
  }

  /// Under the lock.
  private JoinRequest.Builder request() {
    return JoinRequest.newBuilder().setNumber(word).setTopic(topic).setMember(member);
  }

  /// The first word of a call.
  JoinRequest enter(JoinSession session) {
    lock.lock();
    try {
      var _ = session.saysNow(word);
      return request()
          .setEnter(
              EnterPresence.newBuilder().setData(shared(data)).setGraceMillis(grace.toMillis()))
          .build();
    } finally {
      lock.unlock();
    }
  }

  private static ByteString shared(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.arrayOffset(), bytes.length());
  }

  void onAnswer(JoinSession session, JoinResponse response) {
    if (response.hasFailure()) {
      onFailed(session, Refusals.of(response.getFailure()));
      return;
    }
    redial.opened(session);
    CompletableFuture<Void> changed;
    lock.lock();
    try {
      session.entered();
      sayLastWord(session);
      changed = response.getNumber() == word ? change : null;
    } finally {
      lock.unlock();
    }
    tell(() -> {
      entered.complete(null);
      if (changed != null) {
        changed.complete(null);
      }
    });
  }

  void onEnded(JoinSession session, Status status, Metadata trailers) {
    if (Requests.isFinal(status)) {
      onFailed(session, Refusals.of(status, trailers));
    } else {
      redial.lost(session, status.isOk() ? "the server ended the call" : Requests.reason(status));
    }
  }

  private void onFailed(JoinSession session, WeirException cause) {
    if (Requests.isPassing(cause.code())) {
      redial.lost(session, String.valueOf(cause.getMessage()));
    } else if (session == redial.current()) {
      var _ = redial.end(new ClientState.Halted(cause.code(), String.valueOf(cause.getMessage())));
      session.cancel();
      onClosed.accept(this);
      fail(cause);
    }
  }

  private void fail(WeirException cause) {
    CompletableFuture<Void> changed;
    lock.lock();
    try {
      changed = change;
    } finally {
      lock.unlock();
    }
    tell(() -> {
      entered.completeExceptionally(cause);
      if (changed != null) {
        changed.completeExceptionally(cause);
      }
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

  /// Leaves at once, where the core can be reached; else after its grace. Idempotent.
  @Override
  public void close() {
    JoinSession last = redial.end(new ClientState.Closed());
    if (last != null) {
      lock.lock();
      try {
        last.send(request().setLeave(LeavePresence.getDefaultInstance()).build());
      } finally {
        lock.unlock();
      }
      try {
        var _ =
            last.finish()
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
      } catch (CompletionException _) {
        // It is gone either way.
      }
      last.cancel();
    }
    onClosed.accept(this);
    fail(new WeirException(ErrorCode.CONNECTION_LOST, "The membership is closed."));
  }
}
