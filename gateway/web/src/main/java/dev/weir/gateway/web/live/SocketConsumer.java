package dev.weir.gateway.web.live;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Consumption;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Queues;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.gateway.web.json.Texts;
import dev.weir.gateway.web.rest.Lease;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// A socket as a consumer of a queue. What it holds when it leaves goes to others at once.
///
/// A reader that stands still is given nothing more: above a limit of what is on its way the
/// prefetch is zero until there is room again.
///
/// Threads: the queue's own delivers; the socket's settles.
final class SocketConsumer implements QueueConsumer {
  private static final long PAUSE_BYTES = 256 << 10;

  private final String id;
  private final int prefetch;
  private final SocketWriter writer;
  private final WebCounters counters;
  private final Clock clock;
  private final Executor waiting;
  private final Runnable onEnd;
  private final Map<String, Lease> leases = new ConcurrentHashMap<>();
  private final AtomicBoolean isPaused = new AtomicBoolean();
  private volatile @Nullable Consumption consumption;
  private volatile boolean isClosed;

  /// @param waiting runs what waits for room
  /// @param onEnd called when the queue is gone
  SocketConsumer(
      String id,
      int prefetch,
      SocketWriter writer,
      WebCounters counters,
      Clock clock,
      Executor waiting,
      Runnable onEnd) {
    this.id = id;
    this.prefetch = prefetch;
    this.writer = writer;
    this.counters = counters;
    this.clock = clock;
    this.waiting = waiting;
    this.onEnd = onEnd;
  }

  /// Begins.
  ///
  /// @throws WeirException with QUEUE_UNKNOWN
  void open(Queues queues, String queue) {
    Consumption opened = queues.consume(queue, 0, this);
    consumption = opened;
    writer.send(writer.words().consuming(id, queue));
    opened.prefetch(prefetch);
  }

  @Override
  public String origin() {
    return writer.outlet().origin();
  }

  @Override
  public void deliver(QueuedMessage message) {
    Lease lease = new Lease(message);
    if (leases.size() >= prefetch) {
      long now = clock.epochMicros();
      leases.values().removeIf(held -> held.untilMicros() <= now);
    }
    String token =
        Long.toUnsignedString(message.place(), 36)
            + "-"
            + Long.toUnsignedString(message.lease(), 36);
    leases.put(token, lease);
    writer.send(writer.words().delivery(id, token, message));
    counters.delivered(1);
    if (writer.outlet().pendingBytes() > PAUSE_BYTES && isPaused.compareAndSet(false, true)) {
      pause();
    }
  }

  private void pause() {
    Consumption open = consumption;
    if (open == null) {
      return;
    }
    open.prefetch(0);
    try {
      waiting.execute(() -> resume(open));
    } catch (RejectedExecutionException _) {
      close(); // The door is closing.
    }
  }

  private void resume(Consumption open) {
    try {
      writer.outlet().awaitRoom(() -> isClosed);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    }
    isPaused.set(false);
    if (!isClosed && !writer.outlet().isClosed()) {
      open.prefetch(prefetch);
    }
  }

  @Override
  public void ended(WeirException cause) {
    onEnd.run();
    writer.send(writer.words().error(id, "", cause));
  }

  /// Settles a lease and forgets it.
  ///
  /// @return fails with LEASE_OVER when it is not held, or not any more
  CompletionStage<Void> settle(
      String token, BiFunction<Consumption, QueuedMessage, CompletionStage<Void>> settling) {
    Lease lease = leases.remove(token);
    return apply(token, lease, settling);
  }

  /// Gives a lease more time, from now on.
  CompletionStage<Void> extend(String token, Duration time) {
    Lease lease = leases.get(token);
    if (lease != null) {
      lease.extendTo(clock.epochMicros() + time.toMillis() * 1_000);
    }
    return apply(token, lease, (open, message) -> open.extend(message, time));
  }

  private CompletionStage<Void> apply(
      String token,
      @Nullable Lease lease,
      BiFunction<Consumption, QueuedMessage, CompletionStage<Void>> settling) {
    Consumption open = consumption;
    return lease == null || open == null
        ? CompletableFuture.failedFuture(
            new WeirException(
                ErrorCode.LEASE_OVER,
                "The lease '" + Texts.shown(token) + "' of '" + id + "' is not held any more."))
        : settling.apply(open, lease.held());
  }

  void close() {
    isClosed = true;
    writer.outlet().wake();
    Consumption open = consumption;
    if (open != null) {
      open.close();
    }
  }
}
