package dev.weir.client;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.proto.v1.PublishRequest;
import dev.weir.proto.v1.PublishResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Publishes messages one by one, each answered with a receipt or a refusal: unlike a [Publisher],
/// whose lane keeps its order and so waits for a queue that is full, it is told OVERLOADED.
///
/// What is not answered is sent again after a lost connection, under an id of its own where the
/// message has none, so that the core stores it once: for as long as the core remembers ids, ten
/// minutes by default.
///
/// Any thread publishes; answers come on the client's event loop. The lock guards what is not
/// answered and keeps requests in order.
final class QueuePublisher {
  private static final int MAX_MESSAGES = 1_024;
  private static final long MAX_BYTES = 16L << 20;

  /// How grpc-java's server says so; other exhausted resources pass.
  private static final String TOO_LARGE_WORDS = "exceeds maximum size";

  /// A message without an id gets 128 random bits.
  private static final int ID_BYTES = 16;

  /// A request that waits for its answer.
  private record Sent(PublishRequest request, CompletableFuture<Receipt> answer) {
    long bytes() {
      return request.getMessage().getBody().size();
    }
  }

  private final Clock clock;
  private final RandomGenerator random;
  private final Executor callbacks;
  private final Redial<PublishSession> redial;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final Map<Long, Sent> unanswered = new LinkedHashMap<>();
  private @Nullable PublishSession session;
  private long lastNumber;
  private long bytes;
  private boolean isDialed;
  private @Nullable WeirException end;

  /// @param random safe for use by several threads
  QueuePublisher(
      Clock clock,
      RandomGenerator random,
      Executor callbacks,
      Function<Supplier<PublishSession>, Redial<PublishSession>> redials) {
    this.clock = clock;
    this.random = random;
    this.callbacks = callbacks;
    this.redial = redials.apply(() -> new PublishSession(this));
  }

  /// Waits for room, 1,024 messages or 16 MiB without an answer.
  CompletableFuture<Receipt> publish(Message message) {
    dev.weir.proto.v1.Message words = QueueWords.message(stamped(message));
    CompletableFuture<Receipt> answer = new CompletableFuture<>();
    boolean isFirst;
    lock.lock();
    try {
      while (end == null && (unanswered.size() >= MAX_MESSAGES || bytes >= MAX_BYTES)) {
        change.await();
      }
      if (end != null) {
        return CompletableFuture.failedFuture(end);
      }
      Sent sent =
          new Sent(
              PublishRequest.newBuilder().setNumber(++lastNumber).setMessage(words).build(),
              answer);
      unanswered.put(lastNumber, sent);
      bytes += sent.bytes();
      if (session != null) {
        session.send(sent.request());
      }
      isFirst = !isDialed;
      isDialed = true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(Feed.interrupted());
    } finally {
      lock.unlock();
    }
    if (isFirst) {
      redial.dial();
    }
    return answer;
  }

  private Message stamped(Message message) {
    Message timed =
        message.timeMicros() == 0 ? message.withTimeMicros(clock.epochMicros()) : message;
    if (!timed.id().isEmpty()) {
      return timed;
    }
    ByteBuffer id = ByteBuffer.allocate(ID_BYTES);
    id.putLong(random.nextLong()).putLong(random.nextLong());
    return timed.withId(Bytes.wrap(id.array()));
  }

  /// A call takes requests: first those that no other answered.
  void onStarted(PublishSession started) {
    lock.lock();
    try {
      if (end == null && started == redial.current()) {
        unanswered.values().forEach(sent -> started.send(sent.request()));
        session = started;
      }
    } finally {
      lock.unlock();
    }
  }

  void onAnswer(PublishSession of, PublishResponse response) {
    redial.opened(of);
    Sent sent = settled(response.getNumber());
    if (sent == null) {
      return;
    }
    tell(() -> {
      if (response.hasReceipt()) {
        sent.answer().complete(QueueWords.receipt(response.getReceipt()));
      } else {
        sent.answer().completeExceptionally(Refusals.of(response.getFailure()));
      }
    });
  }

  private @Nullable Sent settled(long number) {
    lock.lock();
    try {
      Sent sent = unanswered.remove(number);
      bytes -= sent == null ? 0 : sent.bytes();
      change.signalAll();
      return sent;
    } finally {
      lock.unlock();
    }
  }

  void onEnded(PublishSession of, Status status, Metadata trailers) {
    lock.lock();
    try {
      session = session == of ? null : session;
    } finally {
      lock.unlock();
    }
    boolean isTooLarge = Requests.reason(status).contains(TOO_LARGE_WORDS);
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED && isTooLarge) {
      refuseLargest(Requests.reason(status));
    }
    if (Requests.isFinal(status) && of == redial.current()) {
      WeirException cause = Refusals.of(status, trailers);
      var _ = redial.end(new ClientState.Halted(cause.code(), String.valueOf(cause.getMessage())));
      failAll(cause);
    } else {
      redial.lost(of, status.isOk() ? "the server ended the call" : Requests.reason(status));
    }
  }

  /// The server takes no message of this size, and says so of the call and not of the message.
  private void refuseLargest(String reason) {
    long number = -1;
    lock.lock();
    try {
      long most = -1;
      for (Map.Entry<Long, Sent> each : unanswered.entrySet()) {
        if (each.getValue().bytes() > most) {
          most = each.getValue().bytes();
          number = each.getKey();
        }
      }
    } finally {
      lock.unlock();
    }
    Sent refused = settled(number);
    if (refused != null) {
      WeirException cause =
          new WeirException(ErrorCode.TOO_LARGE, "The server did not take it: " + reason + ".");
      tell(() -> refused.answer().completeExceptionally(cause));
    }
  }

  private void failAll(WeirException cause) {
    List<Sent> lost;
    lock.lock();
    try {
      end = cause;
      session = null;
      lost = new ArrayList<>(unanswered.values());
      unanswered.clear();
      change.signalAll();
    } finally {
      lock.unlock();
    }
    tell(() -> lost.forEach(sent -> sent.answer().completeExceptionally(cause)));
  }

  private void tell(Runnable task) {
    try {
      callbacks.execute(task);
    } catch (RejectedExecutionException _) {
      task.run(); // The client is closing; nobody is left to be held up.
    }
  }

  /// Waits for answers, then fails what has none: its fate is unknown.
  void close(Duration drain) {
    lock.lock();
    try {
      long leftNanos = drain.toNanos();
      while (!unanswered.isEmpty() && end == null && leftNanos > 0) {
        leftNanos = change.awaitNanos(leftNanos);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    PublishSession last = redial.end(new ClientState.Closed());
    failAll(new WeirException(ErrorCode.CONNECTION_LOST, "The client was closed."));
    if (last != null) {
      last.finish();
    }
  }
}
