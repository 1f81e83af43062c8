package dev.weir.gateway.web.live;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Consumption;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Queues;
import dev.weir.broker.Settlements;
import dev.weir.broker.Settling;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.gateway.web.json.Texts;
import dev.weir.gateway.web.rest.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A socket as a consumer of a queue. What it holds when it leaves goes to others at once. A reader
/// that stands still is given nothing more.
///
/// Threads: the queue's own delivers; the socket's settles.
final class SocketConsumer implements QueueConsumer {
  /// What settling some leases came to.
  ///
  /// @param refused by lease, why those that do not hold do not
  /// @param durable completes once the others are durable; fails when they are not
  record Outcome(Map<String, WeirException> refused, CompletionStage<Void> durable) {}

  private final String id;
  private final int prefetch;
  private final SocketWriter writer;
  private final WebCounters counters;
  private final Clock clock;
  private final SocketValve valve;
  private final Runnable onEnd;
  private final Map<String, Lease> leases = new ConcurrentHashMap<>();
  private volatile @Nullable Consumption consumption;

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
    this.valve = new SocketValve(writer, prefetch, waiting);
    this.onEnd = onEnd;
  }

  /// Begins.
  ///
  /// @throws WeirException with QUEUE_UNKNOWN
  void open(Queues queues, String queue) {
    Consumption opened = queues.consume(queue, 0, this);
    consumption = opened;
    writer.send(writer.words().consuming(id, queue));
    valve.open(opened::prefetch);
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
    valve.passed();
  }

  @Override
  public void ended(WeirException cause) {
    onEnd.run();
    writer.send(writer.words().error(id, "", cause));
  }

  /// Settles leases together, and forgets them unless they are given more time. One that is not
  /// held, or not any more, is refused with LEASE_OVER.
  ///
  /// @param tokens each once
  Outcome settle(Collection<String> tokens, Function<QueuedMessage, Settling> settling) {
    Consumption open = consumption;
    Map<String, WeirException> refused = new LinkedHashMap<>();
    List<String> found = new ArrayList<>();
    List<Settling> settlings = new ArrayList<>();
    for (String token : tokens) {
      Lease lease = leases.get(token);
      if (lease == null) {
        refused.put(token, over(token));
      } else {
        found.add(token);
        settlings.add(settling.apply(lease.held()));
      }
    }
    if (open == null || found.isEmpty()) {
      found.forEach(token -> refused.put(token, over(token)));
      return new Outcome(refused, CompletableFuture.completedStage(null));
    }
    for (int i = 0; i < found.size(); i++) {
      note(found.get(i), settlings.get(i));
    }
    Settlements settled = open.settle(settlings);
    settled.refused().forEach((index, cause) -> refused.put(found.get(index), cause));
    return new Outcome(refused, settled.durable());
  }

  private void note(String token, Settling settling) {
    if (!(settling instanceof Settling.Extend(_, Duration time))) {
      leases.remove(token);
      return;
    }
    Lease lease = leases.get(token);
    if (lease != null) {
      lease.extendTo(clock.epochMicros() + time.toMillis() * 1_000);
    }
  }

  private WeirException over(String token) {
    return new WeirException(
        ErrorCode.LEASE_OVER,
        "The lease '" + Texts.shown(token) + "' of '" + id + "' is not held any more.");
  }

  void close() {
    valve.close();
    Consumption open = consumption;
    if (open != null) {
      open.close();
    }
  }
}
