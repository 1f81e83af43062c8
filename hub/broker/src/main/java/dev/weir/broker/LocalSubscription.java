package dev.weir.broker;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.explain.SubscriptionTrace;
import dev.weir.broker.explain.SubscriptionTrace.Relation;
import dev.weir.broker.retained.RetainedKeeper;
import dev.weir.message.Cursor;
import dev.weir.message.Position;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
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
/// One turn, in this order: wait until the subscriber's transport takes more; find the next
/// messages; without any, end at the tail or sleep until a matching commit; without credit, sleep
/// until there is some; deliver what the credit allows.
///
/// Threads: `weir-sub-N` runs it; others only set the credit limit, signals and the end, all
/// volatile, and wake it. It is never interrupted: an interrupt would close the log's files under
/// every other reader.
final class LocalSubscription implements Subscription, PartitionReading.Events {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSubscription.class);
  private static final long NO_SIGNAL = -1;

  /// What a subscription shares with its broker.
  record Context(
      Engine engine,
      Tail tail,
      RetainedKeeper retained,
      Clock clock,
      HeldBudget budget,
      SubscriptionTotals totals,
      SlowTotals slow,
      PublishGate gate) {}

  // Set once.
  private final long id;
  private final Context context;
  private final SubscriptionRequest request;
  private final Subscriber subscriber;
  private final List<PartitionReading> readings = new ArrayList<>();
  private final WakeSignal wake = new WakeSignal();
  private final SlowConsumer slow;
  private final SubscriptionPast past = new SubscriptionPast();

  // Written by others, read by the subscription's thread.
  private final AtomicLong limit = new AtomicLong();
  private final AtomicLongArray signals;
  private volatile boolean isClosed;
  private volatile @Nullable WeirException closingCause;

  // Written by the subscription's thread, read by others.
  private volatile SubscriptionStats.State state = SubscriptionStats.State.READING;
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong gaps = new AtomicLong();
  private final AtomicLong expired = new AtomicLong();

  // Owned by the subscription's thread.
  private final long[] tails;
  private @Nullable Selection selection;
  private int selectionIndex;
  private int selectionPartition;
  private int nextPartition;
  private @Nullable List<StoredGap> heldGaps;

  LocalSubscription(long id, Context context, SubscriptionRequest request, Subscriber subscriber) {
    this.id = id;
    this.context = context;
    this.request = request;
    this.subscriber = subscriber;
    this.slow = new SlowConsumer(this, request, context);
    int partitions = context.engine().partitions();
    this.signals = new AtomicLongArray(partitions);
    this.tails = new long[partitions];
    for (int i = 0; i < partitions; i++) {
      signals.set(i, NO_SIGNAL);
      readings.add(
          new PartitionReading(
              context.engine(), context.tail(), context.clock(), i, request.filters(), this));
    }
  }

  long id() {
    return id;
  }

  List<TopicFilter> filters() {
    return request.filters();
  }

  /// The tail's thread: a batch that matches begins at the offset.
  void signal(int partition, long offset) {
    if (signals.compareAndSet(partition, NO_SIGNAL, offset)) {
      wake.wake();
    }
    slow.committed(readings.get(partition), offset);
  }

  @Override
  public void grant(long limitMessages) {
    limit.accumulateAndGet(limitMessages, Math::max);
    wake.wake();
  }

  @Override
  public void close() {
    isClosed = true;
    wake.wake();
  }

  /// Ends it with a last word to the subscriber.
  void close(WeirException cause) {
    closingCause = cause;
    close();
  }

  @Override
  public boolean isClosed() {
    return isClosed;
  }

  /// The subscription's thread, from its start to its end.
  void run() {
    try {
      open();
      if (request.isWithRetained()) {
        new RetainedReplay(context, request, this::pass).run(cursor());
        if (!isClosed) {
          subscriber.retainedEnd();
        }
      }
      while (!isClosed && turn()) {
        // each turn does one thing
      }
      WeirException cause = closingCause;
      if (cause != null) {
        subscriber.failed(cause);
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
      slow.end();
      readings.forEach(PartitionReading::close);
    }
  }

  private void end(WeirException cause) {
    try {
      subscriber.failed(cause);
    } catch (RuntimeException e) {
      context.totals().failedSubscribers().incrementAndGet();
      LOG.warn("subscription {}: the subscriber failed", id, e);
    }
  }

  private void open() throws IOException {
    for (int i = 0; i < tails.length; i++) {
      // What is retained is known up to the tail's end, which may be a little behind the engine's.
      tails[i] =
          request.isWithRetained() ? context.tail().endOffset(i) : context.engine().endOffset(i);
    }
    long[] start = new StartPositions(context.engine(), this::isClosed).find(request, tails);
    for (PartitionReading reading : readings) {
      reading.moveTo(start[reading.partition()]);
    }
    past.began(start);
    subscriber.opened(cursor());
  }

  /// Delivers what is no part of the stream's reading, once there is credit.
  ///
  /// @return false when the subscription is closed
  private boolean pass(Delivery delivery) throws InterruptedException {
    state = SubscriptionStats.State.WAITING_FOR_TRANSPORT;
    subscriber.awaitReady();
    state = SubscriptionStats.State.WAITING_FOR_CREDIT;
    wake.await(() -> isClosed || limit.get() > delivered.get());
    state = SubscriptionStats.State.READING;
    if (isClosed) {
      return false;
    }
    subscriber.deliver(delivery);
    delivered.addAndGet(delivery.count());
    context.totals().deliveredMessages().addAndGet(delivery.count());
    return true;
  }

  /// @return false after the last one
  private boolean turn() throws IOException, InterruptedException {
    if (slow.dropOldest(readings)) {
      selection = null;
    }
    if (selection == null) {
      state = SubscriptionStats.State.WAITING_FOR_TRANSPORT;
      subscriber.awaitReady();
      state = SubscriptionStats.State.READING;
      find();
    }
    Selection found = selection;
    if (found == null) {
      if (isAtEnd()) {
        subscriber.endReached(cursor());
        return false;
      }
      awaitCommit();
      return true;
    }
    long credit = limit.get() - delivered.get();
    if (credit <= 0) {
      awaitCredit(found);
    } else if (slow.isConflating(readings.get(selectionPartition))) {
      conflate(found, credit);
    } else {
      deliver(found, credit);
    }
    return true;
  }

  /// Looks through the partitions in turn, so that a busy one does not starve the others.
  private void find() throws IOException, InterruptedException {
    for (int i = 0; i < readings.size() && selection == null; i++) {
      PartitionReading reading = readings.get(nextPartition);
      nextPartition = (nextPartition + 1) % readings.size();
      if (!(request.isEndingAtTail() && reading.position() >= tails[reading.partition()])) {
        selection = reading.next();
        selectionIndex = 0;
        selectionPartition = reading.partition();
      }
    }
  }

  private boolean isAtEnd() {
    return request.isEndingAtTail()
        && !isClosed
        && readings.stream().allMatch(r -> r.position() >= tails[r.partition()]);
  }

  private void deliver(Selection found, long credit) throws InterruptedException {
    PartitionReading reading = readings.get(selectionPartition);
    int max = (int) Math.min(credit, found.size() - selectionIndex);
    Delivery delivery;
    try {
      delivery =
          found.deliver(context.engine().stream(), selectionIndex, max, request.takesColumns());
    } catch (WeirException _) {
      selection = null;
      reading.damaged(found.stored());
      return;
    }
    subscriber.deliver(delivery);
    delivered.addAndGet(delivery.count());
    context.totals().deliveredMessages().addAndGet(delivery.count());
    selectionIndex += delivery.count();
    reading.delivered(delivery.nextOffset());
    slow.progressed(reading);
    if (selectionIndex == found.size()) {
      selection = null;
    }
  }

  /// Delivers the newest of each topic and key of what lies ahead, then tells of the others.
  private void conflate(Selection found, long credit) throws IOException, InterruptedException {
    PartitionReading reading = readings.get(selectionPartition);
    long start = found.offset(selectionIndex);
    selection = null;
    reading.moveTo(start);
    List<StoredGap> gapsWithin = new ArrayList<>();
    heldGaps = gapsWithin;
    Conflation window;
    try {
      window = Conflation.read(found.from(selectionIndex), reading);
    } catch (WeirException _) {
      reading.moveTo(start);
      selection = found;
      deliver(found, credit); // which tells what is damaged
      return;
    } finally {
      heldGaps = null;
    }
    reading.moveTo(start);
    int count = (int) Math.min(credit, window.size());
    for (Selection kept : window.selections(count)) {
      deliverWhole(kept, reading);
    }
    long end = window.endAfter(count);
    int leftOut = window.leftOutBefore(end, count);
    reading.moveTo(end);
    if (leftOut > 0) {
      context.slow().conflatedMessages().addAndGet(leftOut);
      gap(new StoredGap(reading.partition(), start, end, GapReason.CONFLATED));
    }
    for (StoredGap within : gapsWithin) {
      if (within.fromOffset() < end) {
        gap(within);
      }
    }
  }

  private void deliverWhole(Selection kept, PartitionReading reading) throws InterruptedException {
    int done = 0;
    while (done < kept.size() && !isClosed) {
      Delivery part =
          kept.deliver(context.engine().stream(), done, kept.size() - done, request.takesColumns());
      done += part.count();
      long next = part.offset(part.count() - 1) + 1;
      subscriber.deliver(part.endingAt(next));
      delivered.addAndGet(part.count());
      context.totals().deliveredMessages().addAndGet(part.count());
      reading.delivered(next);
    }
  }

  private void awaitCredit(Selection found) {
    state = SubscriptionStats.State.WAITING_FOR_CREDIT;
    long bytes = found.stored().batch().rawLength();
    boolean isHeld = context.budget().tryHold(bytes);
    if (!isHeld) {
      selection = null;
      PartitionReading reading = readings.get(selectionPartition);
      reading.moveTo(reading.position());
    }
    readings.forEach(PartitionReading::park);
    wake.await(() -> isClosed || limit.get() > delivered.get());
    if (isHeld) {
      context.budget().release(bytes);
    }
    state = SubscriptionStats.State.READING;
  }

  /// Sleeps until something that matches was committed; see [Tail] for why nothing is missed.
  private void awaitCommit() throws IOException, InterruptedException {
    for (int i = 0; i < readings.size(); i++) {
      signals.set(i, NO_SIGNAL);
    }
    find();
    if (selection != null || isAtEnd()) {
      return;
    }
    slow.caughtUp();
    state = SubscriptionStats.State.LIVE;
    wake.await(() -> isClosed || isSignalled());
    state = SubscriptionStats.State.READING;
    for (PartitionReading reading : readings) {
      long offset = signals.get(reading.partition());
      if (offset > reading.position()) {
        reading.moveTo(offset);
      }
    }
  }

  private boolean isSignalled() {
    for (int i = 0; i < signals.length(); i++) {
      if (signals.get(i) != NO_SIGNAL) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void gap(StoredGap gap) throws InterruptedException {
    boolean isBeforeTheFirst =
        request.start() instanceof Start.First
            && gap.reason() == GapReason.RETENTION
            && delivered.get() == 0;
    if (isBeforeTheFirst) {
      return; // retention was faster than the subscription: it begins with what is kept
    }
    List<StoredGap> held = heldGaps;
    if (held != null) {
      held.add(gap); // Told behind what is delivered first: a gap moves its reader on.
      return;
    }
    gaps.incrementAndGet();
    past.told(gap);
    context.totals().gaps().incrementAndGet();
    Position from = new Position(context.engine().stream(), gap.partition(), gap.fromOffset());
    subscriber.gap(from, gap.toOffset(), gap.reason());
  }

  @Override
  public void expired(int count) {
    expired.addAndGet(count);
  }

  @Override
  public Cursor cursor() {
    List<Position> positions = new ArrayList<>();
    for (PartitionReading reading : readings) {
      int partition = reading.partition();
      long offset = Math.max(reading.position(), unmatchedUpTo(partition));
      positions.add(new Position(context.engine().stream(), partition, offset));
    }
    return new Cursor(positions);
  }

  /// Whether it is the core's own: a queue's.
  boolean isInternal() {
    return subscriber.isInternal();
  }

  /// How it stands to a message that its filters match. Any thread.
  SubscriptionTrace trace(int partition, long offset) {
    long start = past.start(partition);
    Optional<GapReason> gap = past.gap(partition, offset);
    long reached = Math.max(readings.get(partition).position(), unmatchedUpTo(partition));
    Relation relation;
    if (start < 0) {
      relation = Relation.OPENING;
    } else if (offset < start) {
      relation = Relation.BEGAN_LATER;
    } else if (gap.isPresent()) {
      relation = Relation.GAP;
    } else {
      relation = offset < reached ? Relation.PASSED : Relation.BEHIND;
    }
    return new SubscriptionTrace(stats(), relation, gap);
  }

  /// While it sleeps without a signal nothing that was committed matched.
  private long unmatchedUpTo(int partition) {
    long signalled = context.tail().signalledOffset(partition);
    boolean isIdle = state == SubscriptionStats.State.LIVE && signals.get(partition) == NO_SIGNAL;
    return isIdle ? signalled : 0;
  }

  @Override
  public SubscriptionStats stats() {
    long behind = 0;
    if (state != SubscriptionStats.State.LIVE) {
      for (PartitionReading reading : readings) {
        long end = context.engine().endOffset(reading.partition());
        behind += Math.max(0, end - reading.position());
      }
    }
    return new SubscriptionStats(
        id,
        request.filters().stream().map(TopicFilter::toString).collect(Collectors.joining(" ")),
        state,
        delivered.get(),
        Math.max(0, limit.get() - delivered.get()),
        behind,
        gaps.get(),
        expired.get(),
        subscriber.origin());
  }
}
