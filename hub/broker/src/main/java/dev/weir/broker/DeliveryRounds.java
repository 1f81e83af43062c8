package dev.weir.broker;

import dev.weir.base.WeirException;
import dev.weir.message.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a subscription does to deliver, round by round.
///
/// One round, in this order: wait until the subscriber's transport takes more; find the next
/// messages; without any, end at the tail or sleep until a matching commit; without credit, sleep
/// until there is some; deliver what the credit allows.
///
/// It delivers in its turn only ([FairTurns]), and wakes with one. It keeps none while it may wait:
/// for its transport, for credit, for the disk.
///
/// While it sleeps at the tail it is served: a thread that goes from one subscription to the next
/// delivers what can be delivered without waiting, and leaves the rest to the subscription's own,
/// which costs several times as much to wake ([TurnTaker]).
///
/// Owned by the subscription's thread, or by the one that serves it.
final class DeliveryRounds implements PartitionReading.Events, TurnTaker.Served {
  private final LocalSubscription subscription;
  private final SubscriptionContext context;
  private final SubscriptionRequest request;
  private final Subscriber subscriber;
  private final List<PartitionReading> readings = new ArrayList<>();
  private final TurnTaker turns;
  private final SlowConsumer slow;
  private final SubscriptionCounts counts;
  private final long[] tails;
  private @Nullable Selection selection;
  private int selectionIndex;
  private int selectionPartition;
  private int nextPartition;
  private @Nullable List<StoredGap> heldGaps;

  /// The next messages were found once, and were let go while it waited.
  private boolean isNextKnown;

  /// What the subscriber failed with while it was served.
  private @Nullable RuntimeException failure;

  DeliveryRounds(
      LocalSubscription subscription,
      SubscriptionContext context,
      SubscriptionRequest request,
      Subscriber subscriber,
      TurnTaker turns,
      MatchSignals signals,
      SubscriptionCounts counts) {
    this.subscription = subscription;
    this.context = context;
    this.request = request;
    this.subscriber = subscriber;
    this.turns = turns;
    this.counts = counts;
    this.slow = new SlowConsumer(subscription, request, context);
    this.tails = new long[context.engine().partitions()];
    for (int i = 0; i < tails.length; i++) {
      readings.add(new PartitionReading(context, i, request.filters(), signals, this));
    }
  }

  List<PartitionReading> readings() {
    return readings;
  }

  SlowConsumer slow() {
    return slow;
  }

  @Override
  public boolean isClosed() {
    return subscription.isClosed();
  }

  /// Finds where it begins.
  ///
  /// @return the offsets by partition
  long[] open() throws IOException {
    for (int i = 0; i < tails.length; i++) {
      // What is retained is known up to the tail's end, which may be a little behind the engine's.
      tails[i] =
          request.isWithRetained() ? context.tail().endOffset(i) : context.engine().endOffset(i);
    }
    long[] start = new StartPositions(context.engine(), this::isClosed).find(request, tails);
    for (PartitionReading reading : readings) {
      reading.begin(start[reading.partition()]);
    }
    return start;
  }

  /// Delivers what is no part of the stream's reading, once there is credit.
  ///
  /// @return false when the subscription is closed
  boolean replay(Delivery delivery) throws InterruptedException {
    awaitReady();
    subscription.state(SubscriptionStats.State.WAITING_FOR_CREDIT);
    turns.await(this::hasCredit);
    subscription.state(SubscriptionStats.State.READING);
    if (isClosed()) {
      return false;
    }
    pass(delivery);
    return true;
  }

  private boolean hasCredit() {
    return isClosed() || subscription.credit() > 0;
  }

  private void awaitReady() throws InterruptedException {
    if (turns.hasTurn() && subscriber.isReadyFor(0)) {
      return;
    }
    turns.give();
    subscription.state(SubscriptionStats.State.WAITING_FOR_TRANSPORT);
    subscriber.awaitReady();
    subscription.state(SubscriptionStats.State.READING);
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
  boolean round() throws IOException, InterruptedException {
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
        subscriber.endReached(subscription.cursor());
        return false;
      }
      awaitCommit();
      return true;
    }
    long credit = subscription.credit();
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

  /// Partitions are looked at in turn, so that a busy one does not starve the others.
  private PartitionReading nextReading() {
    PartitionReading reading = readings.get(nextPartition);
    nextPartition = (nextPartition + 1) % readings.size();
    return reading;
  }

  private void find() throws IOException, InterruptedException {
    for (int i = 0; i < readings.size() && selection == null; i++) {
      PartitionReading reading = nextReading();
      if (!(request.isEndingAtTail() && reading.position() >= tails[reading.partition()])) {
        selection = reading.next();
        selectionIndex = 0;
        selectionPartition = reading.partition();
      }
    }
  }

  private boolean isAtEnd() {
    return request.isEndingAtTail()
        && !isClosed()
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
    while (done < kept.size() && !isClosed()) {
      Delivery part =
          kept.deliver(context.engine().stream(), done, kept.size() - done, request.takesColumns());
      done += part.count();
      long next = part.offset(part.count() - 1) + 1;
      pass(part.endingAt(next));
      reading.delivered(next);
    }
  }

  private void awaitCredit(Selection found) {
    subscription.state(SubscriptionStats.State.WAITING_FOR_CREDIT);
    turns.give();
    holding(found, () -> turns.await(this::hasCredit));
    subscription.state(SubscriptionStats.State.READING);
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
  private void awaitCommit() {
    slow.caughtUp();
    readings.forEach(PartitionReading::settle);
    subscription.state(SubscriptionStats.State.LIVE);
    turns.awaitServed(this);
    subscription.state(SubscriptionStats.State.READING);
    RuntimeException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
    readings.forEach(PartitionReading::jump);
  }

  @Override
  public boolean hasNews() {
    if (isClosed() || failure != null) {
      return true;
    }
    for (PartitionReading reading : readings) {
      if (reading.hasMore()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean serve() {
    try {
      return !isClosed() && !request.isEndingAtTail() && serveNext();
    } catch (InterruptedException _) {
      subscription.close();
      return false;
    } catch (RuntimeException e) {
      failure = e;
      return false;
    }
  }

  private boolean serveNext() throws InterruptedException {
    readings.forEach(PartitionReading::jump);
    for (int i = 0; i < readings.size(); i++) {
      PartitionReading reading = nextReading();
      Selection found = reading.nextRecent();
      if (found != null) {
        return isPlain(reading, found) && serve(reading, found);
      }
      if (!reading.isAtEnd()) {
        return false; // It has fallen out of the recent ones.
      }
      reading.settle();
    }
    return true;
  }

  /// Whether it can be delivered as it is and without waiting.
  private boolean isPlain(PartitionReading reading, Selection found) {
    return subscription.credit() >= found.size()
        && !slow.isPassingOver(reading)
        && subscriber.isReadyFor(found.stored().batch().rawLength());
  }

  private boolean serve(PartitionReading reading, Selection found) throws InterruptedException {
    selection = found;
    selectionIndex = 0;
    selectionPartition = reading.partition();
    counts.expired(found.expired());
    deliver(found, subscription.credit());
    reading.settle();
    return selection == null;
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
    subscription.past().told(gap);
    Position from = new Position(context.engine().stream(), gap.partition(), gap.fromOffset());
    subscriber.gap(from, gap.toOffset(), gap.reason());
  }

  @Override
  public void expired(int count) {
    counts.expired(count);
  }
}
