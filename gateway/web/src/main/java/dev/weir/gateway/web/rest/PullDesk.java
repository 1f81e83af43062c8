package dev.weir.gateway.web.rest;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Consumption;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Queues;
import dev.weir.gateway.web.http.WebRequest.Departures;
import dev.weir.gateway.web.json.Texts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All pulls of one queue: a consumer that stays while requests come and go.
///
/// Problem: a lease must outlive the request that brought it, and a consumer that leaves gives back
/// what it holds. Idea: one consumer of the queue for all pulls; a lease is named by a token and
/// settled by any later request. It leaves once nothing is held or wanted.
///
/// What a queue hands out counts as delivered, so nothing may be handed out that no pull wants:
/// while pulls wait, the prefetch is what is held and wanted; else it is zero, so that a lease that
/// ends or is settled makes no room. It is lowered before a lease is settled, never after. What was
/// on its way as its pull's time ended is spare: the next pull has it, or it goes back to the queue
/// within two seconds.
///
/// Threads: requests' virtual threads pull and settle; the queue's thread hands out; a look at what
/// is over comes with each of them, and once a second from [Pulls]. The lock guards everything and
/// is never held while the broker is called, whose queue's thread calls back into it.
final class PullDesk implements QueueConsumer {
  /// Bounds what pulls hold without acking, some 200 bytes each.
  static final int MAX_HELD = 10_000;

  private static final int MAX_WAITING = 1_000;

  /// Beyond guessing, and no two alike in the life of a core.
  private static final int TOKEN_BYTES = 16;

  /// A worker that pulls again does so within milliseconds.
  private static final long SPARE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String queue;
  private final Clock clock;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();

  /// Taken before the other one, and held while the queue is told.
  private final ReentrantLock adjusting = new ReentrantLock();

  private volatile @Nullable Consumption consumption;

  // Guarded by the lock.
  private final Deque<Pull> waiting = new ArrayDeque<>();
  private final Map<String, Lease> leases = new HashMap<>();
  private final Deque<Spare> spares = new ArrayDeque<>();
  private boolean isEnded;

  /// A message that no pull waited for.
  private record Spare(PulledMessage pulled, long sinceNanos) {}

  /// @param random cannot be foretold: whoever knows a lease's token settles it
  PullDesk(String queue, Clock clock, RandomGenerator random) {
    this.queue = queue;
    this.clock = clock;
    this.random = random;
  }

  /// Begins to consume.
  ///
  /// @throws WeirException with QUEUE_UNKNOWN
  void open(Queues queues) {
    consumption = queues.consume(queue, 0, this);
  }

  private Consumption consumption() {
    Consumption known = consumption;
    if (known == null) {
      throw new WeirException(ErrorCode.QUEUE_UNKNOWN, "There is no queue '" + queue + "'.");
    }
    return known;
  }

  /// Blocks until there is a message, at most for a time, then takes what else is there.
  ///
  /// @param max 1 or more
  /// @param departures tells when nobody waits for it any more: what was handed out goes back
  /// @return none when the time is over; null when the desk has ended and another is needed
  @Nullable List<PulledMessage> pull(int max, Duration wait, Departures departures)
      throws InterruptedException {
    Pull pull = new Pull(max);
    lock.lock();
    try {
      sweep();
      if (isEnded) {
        return null;
      }
      if (leases.size() + max > MAX_HELD || waiting.size() >= MAX_WAITING) {
        throw new WeirException(
            ErrorCode.WINDOW_FULL,
            "Pulls of queue '" + queue + "' hold " + leases.size() + " messages; ack some first.");
      }
      for (Spare spare = spares.poll(); spare != null; spare = spares.poll()) {
        pull.add(spare.pulled());
        if (pull.wanted() == 0) {
          return pull.messages();
        }
      }
      waiting.add(pull);
    } finally {
      lock.unlock();
    }
    departures.onLost(pull::abandon);
    boolean isDone = false;
    try {
      adjust();
      pull.await(wait);
      isDone = !pull.isAbandoned();
    } finally {
      leave(pull);
      if (!isDone) {
        giveBack(pull.messages());
      }
    }
    WeirException failure = pull.failure();
    if (failure != null && pull.messages().isEmpty()) {
      throw failure;
    }
    return pull.messages();
  }

  private void leave(Pull pull) {
    lock.lock();
    try {
      waiting.remove(pull);
    } finally {
      lock.unlock();
    }
    adjust();
  }

  private void giveBack(List<PulledMessage> messages) {
    for (PulledMessage message : messages) {
      forget(message.lease());
      CompletionStage<Void> _ = consumption().nack(message.message(), Duration.ZERO);
    }
  }

  /// Lets the queue hand out as much as is wanted beside what is held; one after another, so that
  /// the last word is the newest.
  private void adjust() {
    adjusting.lock();
    try {
      consumption().prefetch(heldAndWanted());
    } finally {
      adjusting.unlock();
    }
  }

  private int heldAndWanted() {
    lock.lock();
    try {
      sweep();
      int wanted = waiting.stream().mapToInt(Pull::wanted).sum();
      return wanted == 0 ? 0 : leases.size() + wanted;
    } finally {
      lock.unlock();
    }
  }

  /// Those who pull are one consumer, from wherever they are.
  @Override
  public String origin() {
    return "pulls over REST";
  }

  @Override
  public void deliver(QueuedMessage message) {
    PulledMessage pulled = new PulledMessage(token(), message);
    lock.lock();
    try {
      leases.put(pulled.lease(), new Lease(message));
      Pull taker = waiting.stream().filter(pull -> pull.wanted() > 0).findFirst().orElse(null);
      if (taker != null) {
        taker.add(pulled);
      } else {
        spares.add(new Spare(pulled, clock.nanoTime()));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Gives spares back that nobody came for.
  private void returnSpares() {
    List<PulledMessage> old = new ArrayList<>();
    lock.lock();
    try {
      Spare oldest = spares.peek();
      while (oldest != null && clock.nanoTime() - oldest.sinceNanos() > SPARE_NANOS) {
        old.add(spares.remove().pulled());
        oldest = spares.peek();
      }
    } finally {
      lock.unlock();
    }
    giveBack(old);
  }

  private String token() {
    byte[] drawn = new byte[TOKEN_BYTES];
    random.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }

  @Override
  public void ended(WeirException cause) {
    lock.lock();
    try {
      isEnded = true;
      leases.clear();
      spares.clear();
      waiting.forEach(pull -> pull.fail(cause));
    } finally {
      lock.unlock();
    }
  }

  /// Settles a lease and forgets it.
  ///
  /// @return fails with LEASE_OVER when it is not held, or not any more
  CompletionStage<Void> settle(
      String token, BiFunction<Consumption, QueuedMessage, CompletionStage<Void>> settling) {
    Lease lease = forget(token);
    if (lease == null) {
      return CompletableFuture.failedFuture(notHeld(queue, token));
    }
    adjust();
    return settling.apply(consumption(), lease.held());
  }

  /// Gives a lease more time, from now on.
  ///
  /// @return fails with LEASE_OVER when it is not held, or not any more
  CompletionStage<Void> extend(String token, Duration time) {
    Lease lease;
    lock.lock();
    try {
      sweep();
      lease = leases.get(token);
      if (lease == null) {
        return CompletableFuture.failedFuture(notHeld(queue, token));
      }
      lease.extendTo(Math.max(lease.untilMicros(), clock.epochMicros() + time.toMillis() * 1_000));
    } finally {
      lock.unlock();
    }
    return consumption().extend(lease.held(), time);
  }

  private @Nullable Lease forget(String token) {
    lock.lock();
    try {
      sweep();
      return leases.remove(token);
    } finally {
      lock.unlock();
    }
  }

  static WeirException notHeld(String queue, String token) {
    return new WeirException(
        ErrorCode.LEASE_OVER,
        "The lease '" + Texts.shown(token) + "' of queue '" + queue + "' is not held any more.");
  }

  /// Within the lock: forgets leases whose time is over; the queue has taken their messages back.
  private void sweep() {
    long now = clock.epochMicros();
    if (leases.values().removeIf(lease -> lease.untilMicros() <= now)) {
      spares.removeIf(spare -> !leases.containsKey(spare.pulled().lease()));
    }
  }

  /// Looks whether it is of use, and leaves the queue when it is not.
  ///
  /// @return whether it has left
  boolean leaveIfIdle() {
    returnSpares();
    lock.lock();
    try {
      sweep();
      if (!leases.isEmpty() || !waiting.isEmpty()) {
        return false;
      }
      isEnded = true;
    } finally {
      lock.unlock();
    }
    close();
    return true;
  }

  int held() {
    lock.lock();
    try {
      return leases.size();
    } finally {
      lock.unlock();
    }
  }

  /// Leaves; what it holds goes to others. Idempotent.
  void close() {
    ended(new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing."));
    Consumption open = consumption;
    if (open != null) {
      open.close();
    }
  }
}
