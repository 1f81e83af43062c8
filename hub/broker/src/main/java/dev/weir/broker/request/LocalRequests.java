package dev.weir.broker.request;

import dev.weir.base.Checks;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.IncomingRequest;
import dev.weir.broker.RequestStats;
import dev.weir.broker.Requests;
import dev.weir.broker.Responder;
import dev.weir.broker.Responding;
import dev.weir.broker.explain.RequestTrace;
import dev.weir.broker.explain.ResponderTrace;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The requests of a broker in this process.
///
/// Problem: an asker must hear at once that nobody answers, and must hear something in any case,
/// whatever becomes of who took its request. Idea: a request is an entry of one table from the
/// moment when it is handed over; a reply, a failure, a deadline, a responder that leaves and an
/// asker that goes all do the same, which is to take the entry out; who took it out tells the
/// asker. So it is told exactly once.
///
/// Threads: any; `weir-requests` meets deadlines. One lock guards the table and who answers, and is
/// never held while somebody is called.
public final class LocalRequests implements Requests, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRequests.class);

  /// Twice what ten thousand askers have under way that wait for one reply at a time.
  private static final int MAX_PENDING = 20_000;

  /// An eighth of a small core's heap.
  private static final long MAX_HELD_BYTES = 64L << 20;

  /// A responder is a service, of which there are fewer than subscribers.
  private static final int MAX_RESPONDERS = 10_000;

  private static final int MAX_DETAIL_CHARS = 1_000;

  private final Clock clock;
  private final int maxBodyBytes;
  private final ScheduledThreadPoolExecutor deadlines;
  private final RequestCounters counters = new RequestCounters();
  private final RequestPast past = new RequestPast();
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Responders responders = new Responders();
  private final Map<Long, PendingRequest> pending = new HashMap<>();
  private long lastNumber;
  private long heldBytes;
  private boolean isClosed;

  /// @param maxBodyBytes of a request and of a reply
  public LocalRequests(Clock clock, int maxBodyBytes) {
    this.clock = clock;
    this.maxBodyBytes = maxBodyBytes;
    this.deadlines =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("weir-requests").factory());
    deadlines.setRemoveOnCancelPolicy(true);
  }

  @Override
  public CompletableFuture<Message> ask(Message request, Duration timeout) {
    checkTimeout(timeout);
    PendingRequest asked;
    long untilMicros = clock.epochMicros() + TimeUnit.NANOSECONDS.toMicros(timeout.toNanos());
    try {
      checkTopic(request.topic());
      checkSize("request", request);
      asked = admit(request, timeout);
    } catch (WeirException e) {
      counters.refused(e);
      past.note(request, e.code(), clock.epochMicros());
      return CompletableFuture.failedFuture(e);
    }
    counters.asked.increment();
    CompletableFuture<Message> answer = asked.answer();
    var _ =
        answer.whenComplete((_, fault) -> {
          if (fault instanceof CancellationException) {
            var _ = take(asked.number(), null);
          } else if (fault instanceof WeirException known) {
            past.note(request, known.code(), clock.epochMicros());
          }
        });
    Message shown =
        request.timeMicros() == 0 ? request.withTimeMicros(clock.epochMicros()) : request;
    hand(asked, new IncomingRequest(asked.number(), shown, untilMicros));
    return answer;
  }

  private static void checkTimeout(Duration timeout) {
    if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "timeout is " + timeout + ", expected 1 ms to " + MAX_TIMEOUT.toMinutes() + " min");
    }
  }

  private static void checkTopic(String topic) {
    if (topic.startsWith("$")) {
      throw new WeirException(
          ErrorCode.INVALID_TOPIC, "'" + topic + "' is a topic of the core's own: ask another.");
    }
  }

  private void checkSize(String what, Message message) {
    if (message.body().length() > maxBodyBytes) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "The "
              + what
              + " has "
              + message.body().length()
              + " bytes, and a message has at most "
              + maxBodyBytes
              + ".");
    }
  }

  private PendingRequest admit(Message request, Duration timeout) {
    lock.lock();
    try {
      if (isClosed) {
        throw closing();
      }
      LocalResponding chosen = choose(request.topic());
      if (pending.size() >= MAX_PENDING || heldBytes + weight(request) > MAX_HELD_BYTES) {
        throw new WeirException(
            ErrorCode.OVERLOADED,
            pending.size() + " requests with " + heldBytes + " bytes wait for their replies.");
      }
      PendingRequest asked = new PendingRequest(++lastNumber, request, chosen);
      pending.put(asked.number(), asked);
      heldBytes += weight(request);
      chosen.takes();
      asked.deadline(
          deadlines.schedule(
              () -> timedOut(asked.number(), timeout), timeout.toNanos(), TimeUnit.NANOSECONDS));
      return asked;
    } finally {
      lock.unlock();
    }
  }

  private LocalResponding choose(String topic) {
    if (!responders.isAnswered(topic)) {
      throw new WeirException(
          ErrorCode.NO_RESPONDER, "Nobody answers requests to '" + topic + "'.");
    }
    LocalResponding chosen = responders.choose(topic);
    if (chosen == null) {
      throw new WeirException(
          ErrorCode.OVERLOADED,
          "All who answer '" + topic + "' have as many requests in hand as they take.");
    }
    return chosen;
  }

  private static long weight(Message message) {
    return (long) message.body().length() + message.key().length();
  }

  private void hand(PendingRequest asked, IncomingRequest request) {
    try {
      asked.responding().responder().deliver(request);
    } catch (RuntimeException e) {
      LOG.warn("a responder failed at a request to {}", request.message().topic(), e);
      leave(asked.responding());
    }
  }

  private void timedOut(long number, Duration timeout) {
    PendingRequest over = take(number, null);
    if (over != null) {
      counters.timedOut.increment();
      over.answer()
          .completeExceptionally(
              new WeirException(
                  ErrorCode.TIMED_OUT,
                  "The request to '"
                      + over.message().topic()
                      + "' was handed over, and no reply came within "
                      + timeout.toMillis()
                      + " ms."));
    }
  }

  /// Takes a request out of the table: whoever gets it tells its asker, nobody else does.
  ///
  /// @param by who must have it in hand; null for anybody
  private @Nullable PendingRequest take(long number, @Nullable LocalResponding by) {
    lock.lock();
    try {
      PendingRequest found = pending.get(number);
      if (found == null || (by != null && by != found.responding())) {
        return null;
      }
      pending.remove(number);
      heldBytes -= weight(found.message());
      found.responding().isRid();
      found.forgetDeadline();
      return found;
    } finally {
      lock.unlock();
    }
  }

  boolean reply(LocalResponding by, long number, Message reply) {
    checkSize("reply", reply);
    PendingRequest answered = take(number, by);
    if (answered == null) {
      return false;
    }
    counters.replied.increment();
    return answered.answer().complete(under(answered, reply));
  }

  /// A reply goes back to its asker alone, so its own topic means nothing.
  private Message under(PendingRequest asked, Message reply) {
    return new Message(
        asked.message().topic(),
        reply.key(),
        reply.timeMicros() == 0 ? clock.epochMicros() : reply.timeMicros(),
        reply.headers(),
        reply.contentType(),
        reply.id(),
        reply.body(),
        reply.ttl(),
        reply.delay(),
        reply.priority());
  }

  boolean fail(LocalResponding by, long number, String detail) {
    String shown =
        detail.length() > MAX_DETAIL_CHARS ? detail.substring(0, MAX_DETAIL_CHARS) + "…" : detail;
    PendingRequest failed = take(number, by);
    if (failed == null) {
      return false;
    }
    counters.failed.increment();
    return failed
        .answer()
        .completeExceptionally(
            new WeirException(
                ErrorCode.REQUEST_FAILED,
                "The request to '" + failed.message().topic() + "' failed: " + shown));
  }

  @Override
  public Responding respond(TopicFilter filter, int capacity, Responder responder) {
    Checks.range("capacity", capacity, 0, MAX_PENDING);
    LocalResponding responding = new LocalResponding(this, filter, capacity, responder);
    lock.lock();
    try {
      if (isClosed) {
        throw closing();
      }
      if (responders.all().size() >= MAX_RESPONDERS) {
        throw new WeirException(
            ErrorCode.OVERLOADED, "There are " + MAX_RESPONDERS + " who answer already.");
      }
      responders.add(responding);
      return responding;
    } finally {
      lock.unlock();
    }
  }

  void capacity(LocalResponding responding, int capacity) {
    Checks.range("capacity", capacity, 0, MAX_PENDING);
    lock.lock();
    try {
      responding.allow(capacity);
    } finally {
      lock.unlock();
    }
  }

  int inHand(LocalResponding responding) {
    lock.lock();
    try {
      return responding.count();
    } finally {
      lock.unlock();
    }
  }

  /// Idempotent.
  void leave(LocalResponding responding) {
    List<Long> left = new ArrayList<>();
    lock.lock();
    try {
      responders.remove(responding);
      pending.values().stream()
          .filter(each -> each.responding() == responding)
          .forEach(each -> left.add(each.number()));
    } finally {
      lock.unlock();
    }
    for (long number : left) {
      PendingRequest lost = take(number, responding);
      if (lost != null) {
        counters.lost.increment();
        lost.answer()
            .completeExceptionally(
                new WeirException(
                    ErrorCode.RESPONDER_LOST,
                    "Who took the request to '" + lost.message().topic() + "' left."));
      }
    }
  }

  private static WeirException closing() {
    return new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing.");
  }

  /// Requests that wait for their replies now.
  public int pendingCount() {
    lock.lock();
    try {
      return pending.size();
    } finally {
      lock.unlock();
    }
  }

  public RequestStats stats() {
    lock.lock();
    try {
      return new RequestStats(
          responders.all().size(),
          pending.size(),
          heldBytes,
          counters.asked.sum(),
          counters.replied.sum(),
          counters.failed.sum(),
          counters.timedOut.sum(),
          counters.lost.sum(),
          counters.unanswered.sum(),
          counters.overloaded.sum());
    } finally {
      lock.unlock();
    }
  }

  /// The newest requests that came to nothing, the newest first.
  public List<RequestTrace> past(Predicate<RequestTrace> wanted, int limit) {
    return past.find(wanted, limit);
  }

  /// Who answers a topic.
  public List<ResponderTrace> responders(String topic) {
    lock.lock();
    try {
      return responders.of(topic).stream().map(LocalResponding::trace).toList();
    } finally {
      lock.unlock();
    }
  }

  /// Those of a client who answer.
  ///
  /// @param origin where it is, `HOST:PORT`
  public List<ResponderTrace> respondersAt(String origin) {
    lock.lock();
    try {
      return responders.all().stream()
          .filter(each -> each.responder().origin().equals(origin))
          .map(LocalResponding::trace)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /// Ends everybody who answers and fails what waits. Idempotent, never throws.
  @Override
  public void close() {
    List<LocalResponding> told;
    List<PendingRequest> failed;
    lock.lock();
    try {
      if (isClosed) {
        return;
      }
      isClosed = true;
      told = List.copyOf(responders.all());
      told.forEach(responders::remove);
      failed = List.copyOf(pending.values());
    } finally {
      lock.unlock();
    }
    for (PendingRequest each : failed) {
      if (take(each.number(), null) != null) {
        each.answer().completeExceptionally(closing());
      }
    }
    told.forEach(each -> each.responder().ended(closing()));
    deadlines.shutdownNow();
  }
}
