package dev.weir.broker;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.explain.SubscriptionTrace;
import dev.weir.message.Cursor;
import dev.weir.message.Position;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One subscription: a virtual thread that finds the next messages, waits for credit, delivers.
///
/// Problem: a subscriber that is slow or stops must cost neither memory nor anybody else's speed,
/// and must find everything when it comes back. Idea: nothing is ever queued for a subscription. It
/// has a position for each partition and pulls: from the recent batches while it keeps up, from the
/// log when it fell behind, and again from the recent ones once it has caught up. What it has at
/// hand is one batch; while it waits for credit even that is given up when all waiting
/// subscriptions together hold too much.
///
/// Threads: `weir-sub-N` runs it, or `weir-fan-out` while that sleeps (see [DeliveryRounds]);
/// others only set the credit limit, signals and the end, all volatile, and wake it. It is never
/// interrupted: an interrupt would close the log's files under every other reader.
final class LocalSubscription implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSubscription.class);

  // Set once.
  private final long id;
  private final SubscriptionContext context;
  private final SubscriptionRequest request;
  private final Subscriber subscriber;
  private final TurnTaker turns;
  private final DeliveryRounds rounds;
  private final SubscriptionPast past = new SubscriptionPast();

  // Written by others, read by the subscription's thread.
  private final AtomicLong limit = new AtomicLong();
  private final MatchSignals signals;
  private volatile boolean isClosed;
  private volatile @Nullable WeirException closingCause;

  // Written by the subscription's thread, read by others.
  private volatile SubscriptionStats.State state = SubscriptionStats.State.READING;
  private final SubscriptionCounts counts;

  LocalSubscription(
      long id, SubscriptionContext context, SubscriptionRequest request, Subscriber subscriber) {
    this.id = id;
    this.context = context;
    this.request = request;
    this.subscriber = subscriber;
    this.counts = new SubscriptionCounts(context.totals());
    this.signals = new MatchSignals(context.engine().partitions());
    this.turns = new TurnTaker(context.turns(), request.filters().getFirst().toString());
    this.rounds = new DeliveryRounds(this, context, request, subscriber, turns, signals, counts);
  }

  long id() {
    return id;
  }

  List<TopicFilter> filters() {
    return request.filters();
  }

  /// The tail's thread: something that matches is between two offsets, the last included.
  ///
  /// @param topic of which many may be told together
  void signal(int partition, long firstOffset, long lastOffset, String topic) {
    signals.tell(partition, firstOffset, lastOffset);
    turns.wake(topic);
    rounds.slow().committed(rounds.readings().get(partition), firstOffset);
  }

  @Override
  public void grant(long limitMessages) {
    limit.accumulateAndGet(limitMessages, Math::max);
    // It says that it waits before it looks at the limit for the last time.
    if (state == SubscriptionStats.State.WAITING_FOR_CREDIT) {
      turns.wake(turns.group());
    }
  }

  @Override
  public void close() {
    isClosed = true;
    turns.wake(turns.group());
  }

  /// Ends it with a last word to the subscriber.
  void close(WeirException cause) {
    closingCause = cause;
    close();
  }

  /// The same, out of turn: the broker closes.
  void closeNow(WeirException cause) {
    close(cause);
    turns.release();
  }

  boolean isClosed() {
    return isClosed;
  }

  /// Messages that may be delivered now.
  long credit() {
    return limit.get() - counts.delivered();
  }

  void state(SubscriptionStats.State now) {
    state = now;
  }

  /// Tells a gap. Its thread.
  void gap(StoredGap gap) throws InterruptedException {
    rounds.gap(gap);
  }

  SubscriptionPast past() {
    return past;
  }

  /// The subscription's thread, from its start to its end.
  void run() {
    try {
      open();
      if (request.isWithRetained()) {
        new RetainedReplay(context, request, rounds::replay).run(cursor());
        if (!isClosed) {
          subscriber.retainedEnd();
        }
      }
      while (!isClosed && rounds.round()) {
        // each round does one thing
      }
      WeirException cause = closingCause;
      if (cause != null) {
        end(cause);
      }
    } catch (WeirException e) {
      end(e);
    } catch (IOException e) {
      LOG.warn("subscription {}: the log cannot be read", id, e);
      end(new WeirException(ErrorCode.LOG_DAMAGED, "The log cannot be read: " + e + ".", e));
    } catch (InterruptedException _) {
      // the subscriber's code was told to stop
    } catch (RuntimeException e) {
      context.totals().failedSubscribers().incrementAndGet();
      LOG.warn("subscription {}: the subscriber failed", id, e);
    } finally {
      isClosed = true;
      state = SubscriptionStats.State.ENDED;
      rounds.slow().end();
      rounds.readings().forEach(PartitionReading::close);
      turns.give();
    }
  }

  private void end(WeirException cause) {
    turns.give();
    try {
      subscriber.failed(cause);
    } catch (RuntimeException e) {
      context.totals().failedSubscribers().incrementAndGet();
      LOG.warn("subscription {}: the subscriber failed", id, e);
    }
  }

  private void open() throws IOException {
    past.began(rounds.open());
    subscriber.opened(cursor());
  }

  @Override
  public Cursor cursor() {
    List<Position> positions = new ArrayList<>();
    for (PartitionReading reading : rounds.readings()) {
      Position position =
          new Position(context.engine().stream(), reading.partition(), reading.reached());
      positions.add(position);
    }
    return new Cursor(positions);
  }

  /// Whether it is the core's own: a queue's.
  boolean isInternal() {
    return subscriber.isInternal();
  }

  /// How it stands to a message that its filters match. Any thread.
  SubscriptionTrace trace(int partition, long offset) {
    long reached = rounds.readings().get(partition).reached();
    return new SubscriptionTrace(
        stats(), past.relation(partition, offset, reached), past.gap(partition, offset));
  }

  @Override
  public SubscriptionStats stats() {
    long behind = 0;
    if (state != SubscriptionStats.State.LIVE) {
      for (PartitionReading reading : rounds.readings()) {
        long end = context.engine().endOffset(reading.partition());
        behind += Math.max(0, end - reading.position());
      }
    }
    String filters =
        request.filters().stream().map(TopicFilter::toString).collect(Collectors.joining(" "));
    return counts.stats(id, filters, state, limit.get(), behind, subscriber.origin());
  }
}
