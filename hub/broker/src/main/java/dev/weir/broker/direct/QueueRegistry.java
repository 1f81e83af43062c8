package dev.weir.broker.direct;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.DeadLetter;
import dev.weir.broker.EngineJournal;
import dev.weir.broker.JournalOwner;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.Start;
import dev.weir.broker.Subscription;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.broker.queue.Death;
import dev.weir.message.Cursor;
import dev.weir.message.Position;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which queues there are, what runs for each, and the journal that outlives them. What is said to
/// be under the lock is called under the queues' lock, which the journal's thread takes to write a
/// snapshot.
final class QueueRegistry implements JournalOwner, AutoCloseable {
  /// A queue with what runs for it.
  private record Running(DurableQueue queue, Thread thread) {}

  private static final Logger LOG = LoggerFactory.getLogger(QueueRegistry.class);

  private final Broker broker;
  private final IntToLongFunction ends;
  private final QueueHost host;
  private final QueueTransfers transfers;
  private final Map<String, Running> running = new TreeMap<>();
  private final RecoveredQueues recovered = new RecoveredQueues();
  private final SplittableRandom random;
  private @Nullable EngineJournal journal;
  private @Nullable Recorder recorder;
  private int lastId;
  private boolean isClosed;

  /// @param ends where a partition ends for subscriptions
  QueueRegistry(Broker broker, IntToLongFunction ends, QueueHost host) {
    this.broker = broker;
    this.ends = ends;
    this.host = host;
    this.transfers = new QueueTransfers(this, host);
    this.random = new SplittableRandom(host.clock.nanoTime());
  }

  /// Goes on with the queues that there are; once, when the broker serves.
  ///
  /// @throws IOException when their journal cannot be read
  void open() throws IOException {
    if (!host.engine.hasJournal()) {
      return;
    }
    host.lock.lock();
    try {
      openJournal();
    } finally {
      host.lock.unlock();
    }
  }

  /// Nothing is appended before everything is read, so the journal's thread does not come here yet.
  private void openJournal() throws IOException {
    EngineJournal opened = host.engine.openJournal(this);
    journal = opened;
    recorder = new Recorder(host.lock, opened);
    lastId = recovered.lastId();
    for (QueueRecord record : recovered.queues().values()) {
      checkPartitions(record);
      start(record);
    }
    recovered.forget();
  }

  private void checkPartitions(QueueRecord record) {
    if (record.scan().partitions() != host.engine.partitions()) {
      throw new WeirException(
          ErrorCode.CONFIG_INVALID,
          "Queue '"
              + record.spec().name()
              + "' stands on "
              + record.scan().partitions()
              + " partitions, the stream has "
              + host.engine.partitions()
              + ": a stream with queues keeps its number of partitions.");
    }
  }

  private void start(QueueRecord record) {
    DurableQueue queue = new DurableQueue(host, this, record, random.split());
    feed(queue);
    Thread thread =
        Thread.ofVirtual()
            .name("weir-queue-" + record.spec().name())
            .unstarted(new QueuePump(host, this, queue));
    running.put(record.spec().name(), new Running(queue, thread));
    thread.start();
  }

  /// Subscribes a queue to the stream, from where it has looked so far.
  ///
  /// @throws WeirException OVERLOADED when there are as many subscriptions as may be
  private void feed(DurableQueue queue) {
    QueueSpec spec = queue.spec();
    List<Position> positions = new ArrayList<>();
    for (int i = 0; i < queue.scan().partitions(); i++) {
      long offset = Math.min(queue.scan().offset(i), ends.applyAsLong(i));
      positions.add(new Position(host.engine.stream(), i, offset));
    }
    Subscription feed =
        broker.subscribe(
            new SubscriptionRequest(filters(spec), new Start.At(new Cursor(positions)), false),
            new QueueFeed(host, queue));
    queue.fed(feed);
    feed.grant(Long.MAX_VALUE);
  }

  /// Under the lock: a queue whose feed failed gets another.
  void feedAgain(DurableQueue queue) {
    try {
      feed(queue);
    } catch (WeirException e) {
      LOG.warn("queue {} cannot be fed: {}", queue.spec().name(), e.explanation());
    }
  }

  /// Under the lock: tells the engine what the queues still need, for a retention that waits.
  void retain() {
    if (!host.isRetentionDue()) {
      return;
    }
    for (int i = 0; i < host.engine.partitions(); i++) {
      long oldest = Long.MAX_VALUE;
      for (Running each : running.values()) {
        oldest = Math.min(oldest, each.queue().oldestOffset(i));
      }
      if (oldest < Long.MAX_VALUE) {
        host.engine.retainFrom(i, oldest);
      }
    }
  }

  /// Of an open journal.
  Recorder recorder() {
    Recorder open = recorder;
    if (open == null) {
      throw new IllegalStateException("a queue without a journal");
    }
    return open;
  }

  /// Under the lock.
  ///
  /// @throws WeirException QUEUE_UNKNOWN
  DurableQueue known(String name) {
    DurableQueue found = queue(name);
    if (found == null) {
      throw new WeirException(ErrorCode.QUEUE_UNKNOWN, "There is no queue '" + name + "'.");
    }
    return found;
  }

  /// Under the lock.
  QueueTransfers transfers() {
    return transfers;
  }

  /// Under the lock: null when there is none of this name.
  @Nullable DurableQueue queue(String name) {
    Running found = running.get(name);
    return found == null ? null : found.queue();
  }

  /// Under the lock.
  List<DurableQueue> queues() {
    return running.values().stream().map(Running::queue).toList();
  }

  /// Any thread: where a dead letter comes from.
  DeadLetter deadLetter(Death death) {
    host.lock.lock();
    try {
      return transfers.deadLetter(death);
    } finally {
      host.lock.unlock();
    }
  }

  /// Under the lock.
  boolean isClosed() {
    return isClosed;
  }

  /// Where the partitions end now.
  long[] live() {
    long[] offsets = new long[host.engine.partitions()];
    Arrays.setAll(offsets, ends);
    return offsets;
  }

  /// Of a queue's subscription.
  static List<TopicFilter> filters(QueueSpec spec) {
    List<TopicFilter> filters = new ArrayList<>(spec.filters());
    filters.add(TopicFilter.parse(spec.topic()));
    return filters;
  }

  /// Under the lock: a queue for what is published from now on.
  DurableQueue begin(QueueSpec spec) {
    begin(spec, live());
    return known(spec.name());
  }

  /// Under the lock: a queue for what stands at or behind these offsets.
  void begin(QueueSpec spec, long[] offsets) {
    if (journal == null) {
      try {
        openJournal();
      } catch (IOException e) {
        throw new WeirException(
            ErrorCode.CONFIG_ENVIRONMENT, "The queues' journal: " + e.getMessage(), e);
      }
    }
    QueueRecord record = QueueRecord.fresh(++lastId, spec, offsets);
    start(record);
    recorder().operations().created(record.id(), spec, record.scan());
  }

  /// Under the lock: a queue is no more.
  ///
  /// @return its consumers, to be told without the lock
  List<QueueConsumer> end(DurableQueue gone) {
    running.remove(gone.spec().name());
    recorder().operations().deleted(gone.id());
    return gone.close();
  }

  /// The journal's thread.
  @Override
  public Bytes snapshot() {
    host.lock.lock();
    try {
      QueueWriter all = new QueueWriter();
      running.values().forEach(each -> all.state(each.queue().record()));
      return all.content();
    } finally {
      host.lock.unlock();
    }
  }

  @Override
  public void restore(Bytes snapshot) {
    QueueReader.read(snapshot, recovered);
  }

  @Override
  public void replay(Bytes content) {
    QueueReader.read(content, recovered);
  }

  /// Ends the consumers and makes durable what was settled. Idempotent.
  @Override
  public void close() {
    List<QueueConsumer> told = new ArrayList<>();
    List<CompletableFuture<Void>> unwritten = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    host.lock.lock();
    try {
      if (isClosed) {
        return;
      }
      isClosed = true;
      for (Running each : running.values()) {
        told.addAll(each.queue().close());
        threads.add(each.thread());
      }
      if (recorder != null) {
        unwritten.addAll(recorder.close());
      }
    } finally {
      host.lock.unlock();
    }
    WeirException closing = new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing.");
    unwritten.forEach(each -> each.completeExceptionally(closing));
    told.forEach(consumer -> consumer.ended(closing));
    threads.forEach(QueueRegistry::join);
    if (journal != null) {
      journal.close();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
