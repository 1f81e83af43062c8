package dev.weir.broker.direct;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.Consumption;
import dev.weir.broker.DeadLetter;
import dev.weir.broker.Engine;
import dev.weir.broker.EngineJournal;
import dev.weir.broker.JournalOwner;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueueDetails;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Queues;
import dev.weir.broker.Start;
import dev.weir.broker.StartPositions;
import dev.weir.broker.Subscription;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.broker.explain.ConsumerTrace;
import dev.weir.broker.explain.QueueTrace;
import dev.weir.broker.queue.Death;
import dev.weir.broker.queue.Overflow;
import dev.weir.broker.queue.QueueMachine;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.Receipt;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The queues of a broker in this process.
///
/// One lock guards everything here and the machines. Threads: callers, one virtual thread a queue,
/// its subscription's, and the journal's, which takes the lock to write a snapshot.
public final class LocalQueues implements Queues, JournalOwner, AutoCloseable {
  /// A queue with what runs for it.
  private record Running(DurableQueue queue, Thread thread) {}

  private static final Logger LOG = LoggerFactory.getLogger(LocalQueues.class);

  /// Two of the largest messages: what one who only looks may make a core hold.
  private static final long PEEK_BYTES = 32L << 20;

  private final Broker broker;
  private final IntToLongFunction ends;
  private final QueueHost host;
  private final QueueTransfers transfers;
  private final QueueTraces traces;
  private final Map<String, Running> running = new TreeMap<>();
  private final RecoveredQueues recovered = new RecoveredQueues();
  private final SplittableRandom random;
  private @Nullable EngineJournal journal;
  private @Nullable Recorder recorder;
  private int lastId;
  private long lastConsumer;
  private boolean isClosed;

  /// @param ends where a partition ends for subscriptions
  public LocalQueues(Broker broker, Engine engine, IntToLongFunction ends, Clock clock) {
    this.broker = broker;
    this.ends = ends;
    this.host = new QueueHost(engine, clock);
    this.transfers = new QueueTransfers(this, host);
    this.traces = new QueueTraces(host.trail, transfers::deadLetter);
    this.random = new SplittableRandom(clock.nanoTime());
  }

  /// Goes on with the queues that there are; once, when the broker serves.
  ///
  /// @throws IOException when their journal cannot be read
  public void open() throws IOException {
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

  private <T> T locked(Supplier<T> work) {
    host.lock.lock();
    try {
      return work.get();
    } finally {
      host.lock.unlock();
    }
  }

  private Running known(String name) {
    Running found = running.get(name);
    if (found == null) {
      throw new WeirException(ErrorCode.QUEUE_UNKNOWN, "There is no queue '" + name + "'.");
    }
    return found;
  }

  /// @throws WeirException INVALID_TOPIC when a topic is that of a queue which there is not,
  ///   OVERLOADED when that queue is full and refuses
  public void checkTopic(String topic) {
    String name = topic.substring(QueueSpec.TOPIC_PREFIX.length());
    host.lock.lock();
    try {
      Running found = running.get(name);
      if (found == null) {
        throw new WeirException(
            ErrorCode.INVALID_TOPIC, "There is no queue '" + name + "' to publish to.");
      }
      boolean isRefusing = found.queue().spec().settings().overflow() == Overflow.REJECT;
      if (isRefusing && !found.queue().machine().hasRoom()) {
        throw new WeirException(
            ErrorCode.OVERLOADED, "Queue '" + name + "' is at its maximum length.");
      }
    } finally {
      host.lock.unlock();
    }
  }

  @Override
  public CompletionStage<Void> create(QueueSpec spec, Start start) {
    long[] offsets = offsets(spec, start);
    return locked(() -> {
      Checks.state(!isClosed, "the broker is closed");
      Running known = running.get(spec.name());
      if (known != null && !known.queue().spec().equals(spec)) {
        throw new WeirException(
            ErrorCode.QUEUE_EXISTS, "Queue '" + spec.name() + "' has other settings.");
      }
      if (known == null) {
        begin(spec, offsets);
      }
      return recorder().durable();
    });
  }

  /// Where a queue begins in each partition.
  private long[] offsets(QueueSpec spec, Start start) {
    long[] live = live();
    if (start instanceof Start.Live) {
      return live;
    }
    SubscriptionRequest reading = new SubscriptionRequest(filters(spec), start, false);
    try {
      return new StartPositions(host.engine, () -> false).find(reading, live);
    } catch (IOException e) {
      throw new WeirException(ErrorCode.LOG_DAMAGED, "The log cannot be read: " + e + ".", e);
    }
  }

  private long[] live() {
    long[] offsets = new long[host.engine.partitions()];
    Arrays.setAll(offsets, ends);
    return offsets;
  }

  private static List<TopicFilter> filters(QueueSpec spec) {
    List<TopicFilter> filters = new ArrayList<>(spec.filters());
    filters.add(TopicFilter.parse(spec.topic()));
    return filters;
  }

  /// Under the lock: a queue for what is published from now on.
  DurableQueue begin(QueueSpec spec) {
    begin(spec, live());
    return known(spec.name()).queue();
  }

  private void begin(QueueSpec spec, long[] offsets) {
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

  @Override
  public CompletionStage<Long> delete(String name, boolean onlyEmpty) {
    List<QueueConsumer> told = new ArrayList<>();
    CompletionStage<Long> durable =
        locked(() -> {
          Running gone = known(name);
          long length = gone.queue().machine().length();
          if (onlyEmpty && length > 0) {
            throw new WeirException(
                ErrorCode.QUEUE_NOT_EMPTY, "Queue '" + name + "' holds " + length + " messages.");
          }
          running.remove(name);
          told.addAll(gone.queue().close());
          recorder().operations().deleted(gone.queue().id());
          return recorder().durable().thenApply(_ -> length);
        });
    WeirException cause =
        new WeirException(ErrorCode.QUEUE_UNKNOWN, "Queue '" + name + "' was deleted.");
    told.forEach(consumer -> consumer.ended(cause));
    return durable;
  }

  @Override
  public List<QueueDetails> list() {
    return locked(() -> running.values().stream().map(each -> each.queue().details()).toList());
  }

  @Override
  public QueueDetails details(String name) {
    return locked(() -> known(name).queue().details());
  }

  @Override
  public CompletionStage<Receipt> publish(String name, Message message) {
    String topic = locked(() -> known(name).queue().spec().topic());
    return broker.publish(
        new Message(
            topic,
            message.key(),
            message.timeMicros(),
            message.headers(),
            message.contentType(),
            message.id(),
            message.body(),
            message.ttl(),
            message.delay(),
            message.priority()));
  }

  @Override
  public Consumption consume(String name, int prefetch, QueueConsumer consumer) {
    return locked(() -> {
      DurableQueue queue = known(name).queue();
      long id = ++lastConsumer;
      queue.attach(id, consumer, prefetch);
      return new LocalConsumption(host, recorder(), queue, id, consumer);
    });
  }

  @Override
  public List<QueuedMessage> peek(String name, int max) throws IOException {
    Checks.range("max", max, 1, 1_000);
    DurableQueue queue = locked(() -> known(name).queue());
    List<QueueMachine.Place> places = locked(() -> queue.machine().peek(max));
    List<QueuedMessage> found = new ArrayList<>();
    long bytes = 0;
    try (StreamReading reading = new StreamReading(host.engine)) {
      for (QueueMachine.Place place : places) {
        long offset = queue.scan().offsetOf(place.position());
        StreamMessage stored = reading.read(queue.scan().partition(place.position()), offset);
        bytes += stored == null ? 0 : stored.message().body().length();
        if (bytes > PEEK_BYTES) {
          return found;
        }
        if (stored != null) {
          found.add(queue.queued(stored, place));
        }
      }
    }
    return found;
  }

  @Override
  public CompletionStage<Long> purge(String name) {
    return locked(() -> {
      DurableQueue queue = known(name).queue();
      long count = queue.machine().purge(host.nowMicros());
      queue.checkpoint();
      return recorder().durable().thenApply(_ -> count);
    });
  }

  @Override
  public CompletionStage<Long> redrive(String from, String to, int max) {
    Checks.range("max", max, 1, 1_000_000);
    return locked(() -> {
      DurableQueue source = known(from).queue();
      DurableQueue target = known(to).queue();
      Checks.argument(source != target, "queue '" + from + "' is both ends");
      return moved(transfers.redrive(source, target, max));
    });
  }

  @Override
  public CompletionStage<Long> redrive(String from, int max) {
    Checks.range("max", max, 1, 1_000_000);
    return locked(() -> {
      return moved(transfers.redrive(known(from).queue(), max));
    });
  }

  private CompletionStage<Long> moved(long count) {
    return recorder().durable().thenApply(_ -> count);
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

  DeadLetter deadLetter(Death death) {
    return locked(() -> transfers.deadLetter(death));
  }

  /// What queues made of a message.
  ///
  /// @param topic the message's; empty when it is not known any more
  public List<QueueTrace> traces(int partition, long offset, String topic) {
    return locked(() -> traces.of(queues(), partition, offset, topic));
  }

  /// The consumers of a client.
  public List<ConsumerTrace> consumers(String origin) {
    return locked(
        () -> queues().stream().flatMap(queue -> queue.consumers(origin).stream()).toList());
  }

  /// The journal's thread.
  @Override
  public Bytes snapshot() {
    return locked(() -> {
      QueueWriter all = new QueueWriter();
      running.values().forEach(each -> all.state(each.queue().record()));
      return all.content();
    });
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
    threads.forEach(LocalQueues::join);
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
