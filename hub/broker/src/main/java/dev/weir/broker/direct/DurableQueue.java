package dev.weir.broker.direct;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Delivery;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueueDetails;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.queue.Arrival;
import dev.weir.broker.queue.Handout;
import dev.weir.broker.queue.QueueLimits;
import dev.weir.broker.queue.QueueListener;
import dev.weir.broker.queue.QueueMachine;
import dev.weir.broker.queue.QueueState;
import dev.weir.broker.queue.RemovalReason;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One queue: its machine, what is known of it durably, and the thread that hands out.
///
/// Everything but [#run] and what it reads is called under the host's lock. The virtual thread
/// `weir-queue-NAME` loads what the machine wants and calls consumers, without the lock.
final class DurableQueue implements QueueListener {
  private static final Logger LOG = LoggerFactory.getLogger(DurableQueue.class);
  private static final int LOADS = 256;
  private static final int HANDOUTS = 64;

  /// A start looks at this much of the stream again at most: below a second.
  private static final int CHECKPOINT_MESSAGES = 500_000;

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long FAULT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final QueueHost host;
  private final LocalQueues owner;
  private final QueueRecord record;
  private final QueueMachine machine;
  private final Condition work;
  private final Map<Long, QueueConsumer> consumers = new HashMap<>();
  private final StreamReading reading;
  private int sinceCheckpoint;
  private long acked;
  private long dead;
  private long lost;
  private boolean isClosed;

  DurableQueue(QueueHost host, LocalQueues owner, QueueRecord record, RandomGenerator random) {
    this.host = host;
    this.owner = owner;
    this.record = record;
    this.work = host.lock.newCondition();
    this.reading = new StreamReading(host.engine);
    long now = host.nowMicros();
    this.machine =
        new QueueMachine(
            record.spec().settings(),
            QueueLimits.STANDARD,
            record.state(),
            this,
            random,
            now,
            now);
  }

  int id() {
    return record.id();
  }

  QueueSpec spec() {
    return record.spec();
  }

  QueueMachine machine() {
    return machine;
  }

  /// Where its scan goes on.
  long[] scanned() {
    return record.scanned();
  }

  /// Everything durable of it, as it is now.
  QueueRecord durable() {
    QueueState state = machine.state();
    return new QueueRecord(
        record.id(), record.spec(), record.scanned().clone(), state, record.settledAhead());
  }

  QueueDetails details() {
    return new QueueDetails(record.spec(), machine.figures(), lost, dead, acked);
  }

  /// Lets the thread look for work.
  void wake() {
    work.signalAll();
  }

  /// Messages of the stream that are for this queue.
  void arrived(Delivery delivery, List<Message> messages) {
    long now = host.nowMicros();
    int partition = delivery.base().partition();
    for (int i = 0; i < messages.size(); i++) {
      long place = QueueRecord.place(partition, delivery.offset(i), record.scanned().length);
      if (!record.settledAhead().remove(place)) {
        Message message = messages.get(i);
        machine.enqueue(arrival(place, new StreamMessage(message, delivery.storedMicros())), now);
      }
    }
    record.scanned()[partition] = delivery.nextOffset();
    sinceCheckpoint += messages.size();
    if (sinceCheckpoint >= CHECKPOINT_MESSAGES) {
      checkpoint();
    }
    owner.recorder().flush();
    wake();
  }

  /// Messages of the stream are gone before they were looked at; whose they were is not known.
  void passed(Position from, long toOffset) {
    record.scanned()[from.partition()] = Math.max(record.scanned()[from.partition()], toOffset);
    LOG.warn("queue {} cannot see {} to {}", spec().name(), from, toOffset);
  }

  void checkpoint() {
    sinceCheckpoint = 0;
    owner.recorder().operations().state(durable());
  }

  private Arrival arrival(long place, StreamMessage stored) {
    Message message = stored.message();
    long ttlMillis = message.ttl().toMillis();
    long queueTtlMillis = spec().settings().ttl().toMillis();
    if (ttlMillis == 0 || queueTtlMillis > 0 && queueTtlMillis < ttlMillis) {
      ttlMillis = queueTtlMillis;
    }
    long delayMillis = message.delay().toMillis();
    return new Arrival(
        place,
        hash(message.key()),
        message.priority(),
        delayMillis == 0 ? 0 : stored.storedMicros() + delayMillis * 1_000,
        ttlMillis == 0 ? Long.MAX_VALUE : stored.storedMicros() + ttlMillis * 1_000);
  }

  /// FNV-1a, 64 bits, never 0 for a key: keys that share a hash are kept in order together.
  private static long hash(Bytes key) {
    if (key.isEmpty()) {
      return 0;
    }
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.at(i) & 0xff) * 0x100000001b3L;
    }
    return hash == 0 ? 1 : hash;
  }

  void attach(long id, QueueConsumer consumer, int prefetch) {
    consumers.put(id, consumer);
    machine.attach(id, prefetch);
    wake();
  }

  void detach(long id) {
    if (consumers.remove(id) != null) {
      machine.detach(id, host.nowMicros());
      owner.recorder().flush();
      wake();
    }
  }

  boolean isAttached(long id) {
    return consumers.containsKey(id);
  }

  @Override
  public void removed(long position, int level, RemovalReason reason, int deliveries) {
    acked += reason == RemovalReason.ACKED ? 1 : 0;
    lost += reason == RemovalReason.LOST ? 1 : 0;
    dead += reason.isDead() ? 1 : 0;
    owner.removed(this, position, level, reason, deliveries);
  }

  @Override
  public void returned(long position, int deliveries, long dueMicros) {
    owner.recorder().operations().returned(id(), position, deliveries, dueMicros);
  }

  /// Ends; the consumers are told by the caller.
  List<QueueConsumer> close() {
    isClosed = true;
    wake();
    List<QueueConsumer> told = List.copyOf(consumers.values());
    consumers.clear();
    return told;
  }

  /// The queue's thread.
  void run() {
    try (reading) {
      boolean isGoingOn = true;
      while (isGoingOn) {
        isGoingOn = turn();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("queue {} stopped", spec().name(), e);
    }
  }

  private boolean turn() throws InterruptedException {
    List<Handout> handouts = new ArrayList<>();
    long[] wanted;
    host.lock.lock();
    try {
      wanted = take(handouts);
      if (isClosed) {
        return false;
      }
    } finally {
      host.lock.unlock();
    }
    try {
      load(wanted);
    } catch (IOException e) {
      LOG.warn("queue {} cannot read the stream: {}", spec().name(), e.getMessage());
      pause();
    }
    deliver(handouts);
    return true;
  }

  /// Waits for something to do.
  ///
  /// @return the places to load first
  private long[] take(List<Handout> handouts) throws InterruptedException {
    while (!isClosed) {
      long now = host.nowMicros();
      machine.tick(now);
      long[] wanted = machine.wanted(LOADS);
      if (wanted.length > 0) {
        return wanted;
      }
      gather(handouts, now);
      owner.recorder().flush();
      if (!handouts.isEmpty()) {
        return wanted;
      }
      if (machine.wanted(1).length == 0) {
        await(now);
      }
    }
    return new long[0];
  }

  private void gather(List<Handout> handouts, long now) {
    while (handouts.size() < HANDOUTS && !owner.recorder().isBehind()) {
      Handout next = machine.next(now);
      if (next == null) {
        return;
      }
      handouts.add(next);
    }
  }

  private void await(long now) throws InterruptedException {
    long micros = machine.nextTickMicros() - now;
    long nanos = micros > TimeUnit.NANOSECONDS.toMicros(IDLE_NANOS) ? IDLE_NANOS : micros * 1_000;
    var _ = work.awaitNanos(Math.max(1_000, nanos));
  }

  private void pause() throws InterruptedException {
    host.lock.lock();
    try {
      var _ = work.awaitNanos(FAULT_NANOS);
    } finally {
      host.lock.unlock();
    }
  }

  private void load(long[] wanted) throws IOException {
    if (wanted.length == 0) {
      return;
    }
    List<@Nullable Arrival> arrivals = new ArrayList<>(wanted.length);
    for (long place : wanted) {
      StreamMessage stored = reading.read(place);
      arrivals.add(stored == null ? null : arrival(place, stored));
    }
    host.lock.lock();
    try {
      long now = host.nowMicros();
      for (int i = 0; i < wanted.length; i++) {
        Arrival arrival = arrivals.get(i);
        if (arrival == null) {
          machine.lost(wanted[i]);
        } else {
          machine.load(arrival, now);
        }
      }
    } finally {
      host.lock.unlock();
    }
  }

  private void deliver(List<Handout> handouts) throws InterruptedException {
    for (Handout handout : handouts) {
      StreamMessage stored = null;
      try {
        stored = reading.read(handout.position());
      } catch (IOException e) {
        LOG.warn("queue {} cannot read the stream: {}", spec().name(), e.getMessage());
        giveBack(handout);
        pause();
        continue;
      }
      if (stored == null) {
        forget(handout);
      } else {
        pass(handout, queued(handout.position(), stored, handout));
      }
    }
  }

  private void giveBack(Handout handout) {
    host.lock.lock();
    try {
      var _ = machine.nack(handout.position(), handout.lease(), 0, host.nowMicros());
    } finally {
      host.lock.unlock();
    }
  }

  /// What was to be handed out is not in the stream any more.
  private void forget(Handout handout) {
    host.lock.lock();
    try {
      var _ = machine.ack(handout.position(), handout.lease(), host.nowMicros());
      lost++;
      acked--;
    } finally {
      host.lock.unlock();
    }
  }

  QueuedMessage queued(long place, StreamMessage stored, @Nullable Handout handout) {
    int partitions = record.scanned().length;
    return new QueuedMessage(
        stored.message(),
        new Position(
            host.engine.stream(), (int) (place % partitions), place / partitions),
        stored.storedMicros(),
        place,
        handout == null ? 0 : handout.lease(),
        handout == null ? 0 : handout.delivery(),
        handout == null ? 0 : handout.untilMicros(),
        handout == null || handout.death() == null
            ? Optional.empty()
            : Optional.of(owner.deadLetter(handout.death())));
  }

  private void pass(Handout handout, QueuedMessage message) {
    QueueConsumer consumer;
    host.lock.lock();
    try {
      consumer = consumers.get(handout.consumer());
    } finally {
      host.lock.unlock();
    }
    if (consumer == null) {
      return; // it left: the machine has taken back what it held
    }
    try {
      consumer.deliver(message);
    } catch (RuntimeException e) {
      LOG.warn("a consumer of queue {} failed and is detached", spec().name(), e);
      host.lock.lock();
      try {
        detach(handout.consumer());
      } finally {
        host.lock.unlock();
      }
      consumer.ended(new WeirException(ErrorCode.BUG, "The consumer failed: " + e.getMessage()));
    }
  }
}
