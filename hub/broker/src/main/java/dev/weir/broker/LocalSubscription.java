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
/// One round, in this order: wait until the subscriber's transport takes more; find the next
/// messages; without any, end at the tail or sleep until a matching commit; without credit, sleep
/// until there is some; deliver what the credit allows.
///
/// It delivers in its turn only ([FairTurns]), and wakes with one. It keeps none while it may wait:
/// for its transport, for credit, for the disk.
///
/// Threads: `weir-sub-N` runs it; others only set the credit limit, signals and the end, all
/// volatile, and wake it. It is never interrupted: an interrupt would close the log's files under
/// every other reader.
final class LocalSubscription implements Subscription, PartitionReading.Events {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSubscription.class);

  // Set once.
  private final long id;
  private final SubscriptionContext context;
  private final SubscriptionRequest request;
  private final Subscriber subscriber;
  private final List<PartitionReading> readings = new ArrayList<>();
  private final TurnTaker turns;
  private final SlowConsumer slow;
  private final SubscriptionPast past = new SubscriptionPast();

  // Written by others, read by the subscription's thread.
  private final AtomicLong limit = new AtomicLong();
  private final MatchSignals signals;
  private volatile boolean isClosed;
  private volatile @Nullable WeirException closingCause;

  // Written by the subscription's thread, read by others.
  private volatile SubscriptionStats.State state = SubscriptionStats.State.READING;
  private final SubscriptionCounts counts;

  // Owned by the subscription's thread.
  private final long[] tails;
  private @Nullable Selection selection;
  private int selectionIndex;
  private int selectionPartition;
  private int nextPartition;
  private @Nullable List<StoredGap> heldGaps;

  /// The next messages were found once, and were let go while it waited.
  private boolean isNextKnown;

  LocalSubscription(long id, SubscriptionContext context, SubscriptionRequest request, Subscriber subscriber) {
    this.id = id;
    this.context = context;
    this.request = request;
    this.subscriber = subscriber;
    this.counts = new SubscriptionCounts(context.totals());
    this.slow = new SlowConsumer(this, request, context);
    int partitions = context.engine().partitions();
    this.signals = new MatchSignals(partitions);
    this.turns = new TurnTaker(context.turns(), request.filters().getFirst().toString());
    this.tails = new long[partitions];
    for (int i = 0; i < partitions; i++) {
      readings.add(new PartitionReading(context, i, request.filters(), signals, this));
    }
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
    if (signals.tell(partition, firstOffset, lastOffset)) {
      turns.wake(topic);
    }
    slow.committed(readings.get(partition), firstOffset);
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

  @Override
  public boolean isClosed() {
    return isClosed;
  }

  /// The subscription's thread, from its start to its end.
  void run() {
    try {
      open();
      if (request.isWithRetained()) {
        new RetainedReplay(context, request, this::replay).run(cursor());
        if (!isClosed) {
          subscriber.retainedEnd();
        }
      }
      while (!isClosed && round()) {
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
      slow.end();
      readings.forEach(PartitionReading::close);
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
    for (int i = 0; i < tails.length; i++) {
      // What is retained is known up to the tail's end, which may be a little behind the engine's.
      tails[i] =
          request.isWithRetained() ? context.tail().endOffset(i) : context.engine().endOffset(i);
    }
    long[] start = new StartPositions(context.engine(), this::isClosed).find(request, tails);
    for (PartitionReading reading : readings) {
      reading.begin(start[reading.partition()]);
    }
    past.began(start);
    subscriber.opened(cursor());
  }

  /// Delivers what is no part of the stream's reading, once there is credit.
  ///
  /// @return false when the subscription is closed
  private boolean replay(Delivery delivery) throws InterruptedException {
    awaitReady();
    state = SubscriptionStats.State.WAITING_FOR_CREDIT;
    turns.await(this::hasCredit);
    state = SubscriptionStats.State.READING;
    if (isClosed) {
      return false;
    }
    pass(delivery);
    return true;
  }

  private boolean hasCredit() {
    return isClosed || limit.get() > counts.delivered();
  }

  private void awaitReady() throws InterruptedException {
    if (turns.hasTurn() && subscriber.isReady()) {
      return;
    }
    turns.give();
    state = SubscriptionStats.State.WAITING_FOR_TRANSPORT;
    subscriber.awaitReady();
    state = SubscriptionStats.State.READING;
  }

  /// Delivers in its turn, which the subscriber ends; without one when it has read further ahead.
  private void pass(Delivery delivery) throws InterruptedException {
    if (!turns.hasTurn()) {
      subscriber.deliver(delivery);
      counts.delivered(delivery.count());
      return;
    }
    Turn turn = turns.pass(delivery.batch().weight());
    boolean isPassed = false;
    try {
      subscriber.deliver(delivery, turn);
      isPassed = true;
    } finally {
      if (!isPassed) {
        turn.end();
      }
    }
    counts.delivered(delivery.count());
  }

  /// @return false after the last one
  private boolean round() throws IOException, InterruptedException {
    if (slow.dropOldest(readings)) {
      selection = null;
    }
    if (selection == null) {
      if (!isNextKnown) {
        awaitReady();
      }
      find();
      isNextKnown = false;
    }
    Selection found = selection;
    if (found == null) {
      if (isAtEnd()) {
        turns.give();
        subscriber.endReached(cursor());
        return false;
      }
      awaitCommit();
      return true;
    }
    long credit = limit.get() - counts.delivered();
    if (credit <= 0) {
      awaitCredit(found);
    } else if (!turns.tryTake()) {
      holding(found, turns::awaitTurn);
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
    pass(delivery);
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
    isNextKnown = true; // The window is bounded, and the turn is kept for it.
    try {
      window = Conflation.read(found.from(selectionIndex), reading);
    } catch (WeirException _) {
      reading.moveTo(start);
      selection = found;
      deliver(found, credit); // which tells what is damaged
      return;
    } finally {
      heldGaps = null;
      isNextKnown = false;
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
      pass(part.endingAt(next));
      reading.delivered(next);
    }
  }

  private void awaitCredit(Selection found) {
    state = SubscriptionStats.State.WAITING_FOR_CREDIT;
    turns.give();
    holding(found, () -> turns.await(this::hasCredit));
    state = SubscriptionStats.State.READING;
  }

  /// Waits, and keeps what it has at hand only while all who wait do not keep too much.
  private void holding(Selection found, Runnable waiting) {
    long bytes = found.stored().batch().rawLength();
    boolean isHeld = context.budget().tryHold(bytes);
    if (!isHeld) {
      selection = null;
      isNextKnown = true;
      PartitionReading reading = readings.get(selectionPartition);
      reading.moveTo(reading.position());
    }
    readings.forEach(PartitionReading::park);
    waiting.run();
    if (isHeld) {
      context.budget().release(bytes);
    }
  }

  /// Reading the log takes long; straight to what is next it is a batch at most.
  @Override
  public void beforeLog() {
    if (!isNextKnown) {
      turns.give();
    }
  }

  /// Sleeps until something that matches was committed; see [Tail] for why nothing is missed.
  private void awaitCommit() throws IOException, InterruptedException {
    signals.forget();
    find();
    if (selection != null || isAtEnd()) {
      return;
    }
    slow.caughtUp();
    state = SubscriptionStats.State.LIVE;
    turns.await(() -> isClosed || signals.isTold());
    state = SubscriptionStats.State.READING;
    for (PartitionReading reading : readings) {
      int partition = reading.partition();
      long toldAll = context.tail().signalledOffset(partition); // First: see [Tail].
      long told = Math.min(signals.first(partition), toldAll);
      if (told > reading.position()) {
        reading.moveTo(told);
      }
    }
  }

  @Override
  public void gap(StoredGap gap) throws InterruptedException {
    boolean isBeforeTheFirst =
        request.start() instanceof Start.First
            && gap.reason() == GapReason.RETENTION
            && counts.delivered() == 0;
    if (isBeforeTheFirst) {
      return; // retention was faster than the subscription: it begins with what is kept
    }
    List<StoredGap> held = heldGaps;
    if (held != null) {
      held.add(gap); // Told behind what is delivered first: a gap moves its reader on.
      return;
    }
    turns.give();
    counts.gap();
    past.told(gap);
    Position from = new Position(context.engine().stream(), gap.partition(), gap.fromOffset());
    subscriber.gap(from, gap.toOffset(), gap.reason());
  }

  @Override
  public void expired(int count) {
    counts.expired(count);
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
    long reached = Math.max(readings.get(partition).position(), unmatchedUpTo(partition));
    return new SubscriptionTrace(
        stats(), past.relation(partition, offset, reached), past.gap(partition, offset));
  }

  /// While it sleeps without a signal nothing that was committed matched.
  private long unmatchedUpTo(int partition) {
    long signalled = context.tail().signalledOffset(partition);
    boolean isIdle = state == SubscriptionStats.State.LIVE && !signals.isTold(partition);
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
    String filters =
        request.filters().stream().map(TopicFilter::toString).collect(Collectors.joining(" "));
    return counts.stats(id, filters, state, limit.get(), behind, subscriber.origin());
  }
}
