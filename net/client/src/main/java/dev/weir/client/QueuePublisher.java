package dev.weir.client;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.TurnEnd;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.message.Topic;
import dev.weir.proto.v1.PublishOutcome;
import dev.weir.proto.v1.PublishRequest;
import dev.weir.proto.v1.PublishResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
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
/// Any thread publishes; requests are sent at the end of the event loop's turn, in order, each with
/// what was given by then, to a server that has shown that it takes several messages in one.
/// Answers come on that loop as well. The lock guards what is not answered.
final class QueuePublisher {
  private static final int MAX_MESSAGES = 1_024;
  private static final long MAX_BYTES = 16L << 20;

  /// How grpc-java's server says so; other exhausted resources pass.
  private static final String TOO_LARGE_WORDS = "exceeds maximum size";

  /// A message without an id gets 96 random bits of this publisher and a count.
  private static final int ID_BYTES = 16;

  /// Of one request: as large as what a server makes one append of.
  static final int MAX_REQUEST_BYTES = 256 << 10;

  private static final int MAX_REQUEST_MESSAGES = 512;

  /// A message that waits for its answer.
  private record Sent(
      long number, dev.weir.proto.v1.Message message, CompletableFuture<Receipt> answer) {
    long bytes() {
      return message.getBody().size();
    }
  }

  /// A message that has its answer.
  private record Answered(Sent sent, PublishOutcome outcome, int index) {
    void tell() {
      if (!outcome.hasReceipt()) {
        sent.answer().completeExceptionally(Refusals.of(outcome.getFailure()));
        return;
      }
      try {
        sent.answer().complete(QueueWords.receipt(outcome.getReceipt(), index));
      } catch (IllegalArgumentException e) {
        String fault = "The server's receipt is impossible: " + e.getMessage() + ".";
        sent.answer().completeExceptionally(new WeirException(ErrorCode.MALFORMED, fault, e));
      }
    }
  }

  private final Clock clock;
  private final Executor callbacks;
  private final Redial<PublishSession> redial;
  private final TurnEnd sending;
  private final long idHigh;
  private final int idMiddle;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final Map<Long, Sent> unanswered = new LinkedHashMap<>();

  /// What the session was not sent yet, in order.
  private final ArrayDeque<Sent> unsent = new ArrayDeque<>();

  private @Nullable PublishSession session;
  private long lastNumber;
  private int lastId;

  /// Whether a server refused a request for its size, which may be that of several messages.
  private boolean isSingly;

  private long bytes;
  private boolean isDialed;
  private @Nullable WeirException end;

  /// @param loop where calls run
  QueuePublisher(
      Clock clock,
      RandomGenerator random,
      Executor loop,
      Executor callbacks,
      Function<Supplier<PublishSession>, Redial<PublishSession>> redials) {
    this.clock = clock;
    this.idHigh = random.nextLong();
    this.idMiddle = random.nextInt();
    this.sending = new TurnEnd(loop, this::send);
    this.callbacks = callbacks;
    this.redial = redials.apply(() -> new PublishSession(this));
  }

  /// Waits for room, 1,024 messages or 16 MiB without an answer.
  ///
  /// @param topic in place of the message's own
  CompletableFuture<Receipt> publish(String topic, Message message) {
    dev.weir.proto.v1.Message words = stamped(Topic.check(topic), message);
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
      Sent sent = new Sent(++lastNumber, words, answer);
      unanswered.put(lastNumber, sent);
      unsent.add(sent);
      bytes += sent.bytes();
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
    } else {
      sending.ask();
    }
    return answer;
  }

  private dev.weir.proto.v1.Message stamped(String topic, Message message) {
    long timeMicros = message.timeMicros() == 0 ? clock.epochMicros() : message.timeMicros();
    Bytes id = message.id().isEmpty() ? freshId() : message.id();
    return QueueWords.message(message, topic, timeMicros, id);
  }

  private Bytes freshId() {
    int count;
    lock.lock();
    try {
      count = ++lastId;
    } finally {
      lock.unlock();
    }
    ByteBuffer id = ByteBuffer.allocate(ID_BYTES);
    id.putLong(idHigh).putInt(idMiddle).putInt(count);
    return Bytes.wrap(id.array());
  }

  /// The end of a turn: sends while the transport takes it. What it does not take fills the next
  /// requests.
  private void send() {
    lock.lock();
    try {
      PublishSession open = session;
      while (open != null && !unsent.isEmpty() && open.isReady()) {
        open.send(next(open.isGathering() && !isSingly));
      }
    } finally {
      lock.unlock();
    }
  }

  private PublishRequest next(boolean isGathering) {
    Sent first = unsent.remove();
    PublishRequest.Builder request =
        PublishRequest.newBuilder()
            .setNumber(first.number())
            .setMessage(first.message())
            .setGathers(true);
    long requestBytes = first.bytes();
    long number = first.number() + 1;
    for (Sent next = unsent.peek(); isGathering && next != null; next = unsent.peek()) {
      requestBytes += next.bytes();
      boolean hasRoom =
          requestBytes <= MAX_REQUEST_BYTES && request.getMoreCount() + 1 < MAX_REQUEST_MESSAGES;
      if (next.number() != number || !hasRoom) {
        break;
      }
      request.addMore(next.message());
      unsent.remove();
      number++;
    }
    return request.build();
  }

  /// A call takes requests: first those that no other answered.
  void onStarted(PublishSession started) {
    lock.lock();
    try {
      if (end == null && started == redial.current()) {
        unsent.clear();
        unsent.addAll(unanswered.values());
        session = started;
      }
    } finally {
      lock.unlock();
    }
    sending.ask();
  }

  /// The transport takes more.
  void onReady() {
    sending.ask();
  }

  void onAnswer(PublishSession of, PublishResponse response) {
    redial.opened(of);
    List<Answered> answered = new ArrayList<>();
    lock.lock();
    try {
      settle(first(response), answered);
      response.getMoreList().forEach(each -> settle(each, answered));
      change.signalAll();
    } finally {
      lock.unlock();
    }
    if (!answered.isEmpty()) {
      tell(() -> answered.forEach(Answered::tell));
    }
  }

  private static PublishOutcome first(PublishResponse response) {
    PublishOutcome.Builder first =
        PublishOutcome.newBuilder().setNumber(response.getNumber()).setCount(response.getCount());
    if (response.hasReceipt()) {
      first.setReceipt(response.getReceipt());
    } else {
      first.setFailure(response.getFailure());
    }
    return first.build();
  }

  /// A server's count says nothing of what was never sent.
  private void settle(PublishOutcome outcome, List<Answered> answered) {
    int count = Math.clamp(Integer.toUnsignedLong(outcome.getCount()), 1, MAX_MESSAGES);
    for (int i = 0; i < count; i++) {
      Sent sent = unanswered.remove(outcome.getNumber() + i);
      if (sent != null) {
        bytes -= sent.bytes();
        answered.add(new Answered(sent, outcome, i));
      }
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
      refuseLargest(of, Requests.reason(status));
    }
    if (Requests.isFinal(status) && of == redial.current()) {
      WeirException cause = Refusals.of(status, trailers);
      var _ = redial.end(new ClientState.Halted(cause.code(), String.valueOf(cause.getMessage())));
      failAll(cause);
    } else {
      redial.lost(of, status.isOk() ? "the server ended the call" : Requests.reason(status));
    }
  }

  /// The server takes no request of this size, and says so of the call and not of the message: one
  /// message goes at a time from now on, and only then is the largest to blame.
  private void refuseLargest(PublishSession of, String reason) {
    Sent largest = null;
    lock.lock();
    try {
      if (of.hasSentSeveral()) {
        isSingly = true;
        return;
      }
      for (Sent each : unanswered.values()) {
        largest = largest == null || each.bytes() > largest.bytes() ? each : largest;
      }
      if (largest == null) {
        return;
      }
      unanswered.remove(largest.number());
      bytes -= largest.bytes();
      change.signalAll();
    } finally {
      lock.unlock();
    }
    CompletableFuture<Receipt> answer = largest.answer();
    WeirException cause =
        new WeirException(ErrorCode.TOO_LARGE, "The server did not take it: " + reason + ".");
    tell(() -> answer.completeExceptionally(cause));
  }

  private void failAll(WeirException cause) {
    List<Sent> lost;
    lock.lock();
    try {
      end = cause;
      session = null;
      lost = new ArrayList<>(unanswered.values());
      unanswered.clear();
      unsent.clear();
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
