package dev.weir.broker.direct;

import dev.weir.base.Bytes;
import dev.weir.broker.Delivery;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueueDetails;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Subscription;
import dev.weir.broker.explain.ConsumerTrace;
import dev.weir.broker.explain.QueueEvent.Kind;
import dev.weir.broker.queue.Arrival;
import dev.weir.broker.queue.Handout;
import dev.weir.broker.queue.QueueLimits;
import dev.weir.broker.queue.QueueListener;
import dev.weir.broker.queue.QueueMachine;
import dev.weir.broker.queue.QueueState;
import dev.weir.broker.queue.QueueView;
import dev.weir.broker.queue.RemovalReason;
import dev.weir.broker.queue.Share;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One queue: its machine, how far it has looked at the stream, who consumes. Everything is called
/// under the queues' lock, but for what is said otherwise.
final class DurableQueue implements QueueListener {
  private static final Logger LOG = LoggerFactory.getLogger(DurableQueue.class);

  private final QueueHost host;
  private final QueueRegistry owner;
  private final int id;
  private final QueueSpec spec;
  private final QueueScan scan;
  private final QueueMachine machine;
  private final Condition work;
  private final Map<Long, QueueConsumer> consumers = new HashMap<>();

  /// Of the messages that may be loaded; any thread.
  private final AtomicInteger largestBytes = new AtomicInteger();

  private @Nullable Subscription feed;
  private int sinceCheckpoint;
  private long acked;
  private long dead;
  private long lost;
  private boolean isClosed;

  DurableQueue(QueueHost host, QueueRegistry owner, QueueRecord record, RandomGenerator random) {
    this.host = host;
    this.owner = owner;
    this.id = record.id();
    this.spec = record.spec();
    this.scan = record.scan();
    this.work = host.lock.newCondition();
    long now = host.nowMicros();
    this.machine =
        new QueueMachine(
            spec.settings(), QueueLimits.STANDARD, record.state(), this, random, now, now);
  }

  int id() {
    return id;
  }

  QueueSpec spec() {
    return spec;
  }

  QueueMachine machine() {
    return machine;
  }

  QueueScan scan() {
    return scan;
  }

  boolean isClosed() {
    return isClosed;
  }

  /// Everything durable of it, as it is now; valid until the lock is let go.
  QueueRecord record() {
    return new QueueRecord(id, spec, scan, machine.view().state());
  }

  QueueDetails details() {
    return new QueueDetails(spec, machine.view().figures(), lost, dead, acked);
  }

  /// Lets the queue's thread look for work.
  void wake() {
    work.signalAll();
  }

  /// The queue's thread: sleeps until it is woken or a time has passed.
  @SuppressWarnings("WaitNotInLoop") // The callers look at everything again.
  void sleep(long nanos) throws InterruptedException {
    var _ = work.awaitNanos(nanos);
  }

  /// It has a subscription, in place of another one.
  void fed(Subscription subscription) {
    feed = subscription;
  }

  /// Its subscription failed.
  void unfed() {
    feed = null;
  }

  boolean isFed() {
    return feed != null;
  }

  /// What of a partition it still needs.
  long oldestOffset(int partition) {
    long oldest = machine.view().oldest();
    return oldest == Long.MAX_VALUE
        ? scan.offset(partition)
        : Math.min(scan.offset(partition), scan.offsetOf(oldest));
  }

  /// Messages of the stream are for this queue.
  void arrived(Delivery delivery, List<Message> messages) {
    long now = host.nowMicros();
    int partition = delivery.base().partition();
    for (int i = 0; i < messages.size(); i++) {
      long place = scan.place(partition, delivery.offset(i));
      if (scan.meet(place)) {
        StreamMessage stored = new StreamMessage(messages.get(i), delivery.storedMicros());
        host.recent.add(place, stored);
        machine.enqueue(arrival(place, stored), now);
      }
    }
    scan.advance(partition, delivery.nextOffset());
    sinceCheckpoint += messages.size();
    if (sinceCheckpoint >= host.checkpoint) {
      checkpoint();
    }
    owner.recorder().flush();
    wake();
  }

  /// Messages of the stream are gone before they were looked at; whose they were is not known.
  void passed(Position from, long toOffset) {
    scan.advance(from.partition(), toOffset);
    LOG.warn("queue {} cannot see {} up to {}", spec.name(), from, toOffset);
  }

  /// Writes what came since the last time, so that a start need not look at the stream from further
  /// back.
  private void checkpoint() {
    sinceCheckpoint = 0;
    QueueScan.News news = scan.takeNews();
    QueueState state = machine.view().unsettledFrom(news.lowestPlace());
    owner.recorder().operations().arrived(id, news, state);
  }

  /// Writes all of its state, in place of what was told one by one.
  void rewrite() {
    sinceCheckpoint = 0;
    var _ = scan.takeNews();
    owner.recorder().operations().state(record());
  }

  /// What the machine is to know of a message. Any thread.
  Arrival arrival(long place, StreamMessage stored) {
    Message message = stored.message();
    largestBytes.accumulateAndGet(message.body().length(), Math::max);
    long ttlMillis = message.ttl().toMillis();
    long queueTtlMillis = spec.settings().ttl().toMillis();
    if (ttlMillis == 0 || (queueTtlMillis > 0 && queueTtlMillis < ttlMillis)) {
      ttlMillis = queueTtlMillis;
    }
    long delayMillis = message.delay().toMillis();
    return new Arrival(
        place,
        hash(message.key()),
        message.priority(),
        delayMillis == 0 ? 0 : stored.storedMicros() + TimeUnit.MILLISECONDS.toMicros(delayMillis),
        ttlMillis == 0
            ? Long.MAX_VALUE
            : stored.storedMicros() + TimeUnit.MILLISECONDS.toMicros(ttlMillis));
  }

  /// No message that is loaded has a larger body. Any thread.
  int largestBytes() {
    return largestBytes.get();
  }

  /// Begins anew with the largest when nothing is left that it was of.
  void forgetLargest() {
    if (machine.length() == 0) {
      largestBytes.set(0);
    }
  }

  /// FNV-1a with 64 bits, never 0 for a key. Two keys of one hash are kept in order together, which
  /// costs them nothing but that.
  private static long hash(Bytes key) {
    if (key.isEmpty()) {
      return 0;
    }
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ (key.at(i) & 0xff)) * 0x100000001b3L;
    }
    return hash == 0 ? 1 : hash;
  }

  /// A message as it is given out. Any thread.
  QueuedMessage queued(StreamMessage stored, Handout handout) {
    return new QueuedMessage(
        stored.message(),
        position(handout.position()),
        stored.storedMicros(),
        handout.position(),
        handout.lease(),
        handout.delivery(),
        handout.untilMicros(),
        Optional.ofNullable(handout.death()).map(owner::deadLetter));
  }

  /// A message as it is looked at. Any thread.
  QueuedMessage queued(StreamMessage stored, QueueView.Place place) {
    return new QueuedMessage(
        stored.message(),
        position(place.position()),
        stored.storedMicros(),
        place.position(),
        0,
        place.deliveries(),
        0,
        Optional.ofNullable(place.death()).map(owner::deadLetter));
  }

  private Position position(long place) {
    return new Position(host.engine.stream(), scan.partition(place), scan.offsetOf(place));
  }

  void attach(long consumer, QueueConsumer receiver, int prefetch) {
    consumers.put(consumer, receiver);
    machine.attach(consumer, prefetch);
    wake();
  }

  void detach(long consumer) {
    if (consumers.remove(consumer) != null) {
      machine.detach(consumer, host.nowMicros());
      owner.recorder().flush();
      wake();
    }
  }

  @Nullable QueueConsumer consumer(long consumer) {
    return consumers.get(consumer);
  }

  /// Those of a client, as they are now.
  List<ConsumerTrace> consumers(String origin) {
    List<ConsumerTrace> found = new ArrayList<>();
    consumers.forEach((number, consumer) -> {
      Share share = machine.view().share(number);
      if (share != null && consumer.origin().equals(origin)) {
        found.add(new ConsumerTrace(spec.name(), share.prefetch(), share.held()));
      }
    });
    return found;
  }

  /// What was to be handed out is not in the stream any more.
  void forget(Handout handout) {
    if (machine.ack(handout.position(), handout.lease(), host.nowMicros())) {
      lost++;
      acked--;
    }
  }

  @Override
  public void removed(long position, int level, RemovalReason reason, int deliveries) {
    acked += reason == RemovalReason.ACKED ? 1 : 0;
    lost += reason == RemovalReason.LOST ? 1 : 0;
    dead += reason.isDead() ? 1 : 0;
    note(position, QueueTrail.kind(reason), deliveries, "");
    owner.transfers().removed(this, position, level, reason, deliveries);
  }

  /// For who asks why.
  void note(long position, Kind kind, int deliveries, String who) {
    host.trail.note(id, position, kind, deliveries, who, host.nowMicros());
  }

  @Override
  public boolean mayDrop() {
    return owner.transfers().mayDrop(this);
  }

  @Override
  public void returned(long position, int deliveries, long dueMicros) {
    note(position, Kind.GIVEN_BACK, deliveries, "");
    owner.recorder().operations().returned(id, position, deliveries, dueMicros);
  }

  /// Lets its thread end.
  ///
  /// @return the consumers, to be told without the lock
  List<QueueConsumer> close() {
    isClosed = true;
    if (feed != null) {
      feed.close();
    }
    wake();
    List<QueueConsumer> told = List.copyOf(consumers.values());
    consumers.clear();
    return told;
  }
}
