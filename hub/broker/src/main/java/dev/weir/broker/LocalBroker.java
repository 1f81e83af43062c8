package dev.weir.broker;

import dev.weir.base.Checks;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.broker.direct.LocalQueues;
import dev.weir.broker.explain.Explanations;
import dev.weir.broker.explain.Publishers;
import dev.weir.broker.presence.LocalPresence;
import dev.weir.broker.request.LocalRequests;
import dev.weir.broker.retained.RetainedKeeper;
import dev.weir.broker.retained.RetainedLimit;
import dev.weir.message.BatchScan;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.message.StoredLane;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The broker in this process, over an engine.
///
/// Threads: publishers judge their own batches; the engine's thread settles, counts and hands each
/// batch to the [Tail]; each subscription has a virtual thread of its own.
public final class LocalBroker implements Broker {
  private static final Logger LOG = LoggerFactory.getLogger(LocalBroker.class);

  /// A page is in memory as a whole.
  private static final int MAX_RETAINED_PAGE = 1_000;

  private final Engine engine;
  private final Clock clock;
  private final PublishCheck check;
  private final PublishQueue queue;
  private final PublishRuns runs;
  private final LocalQueues queues;
  private final RetainedKeeper retained;
  private final RetainedLimit retainedLimit;
  private final LocalRequests requests;
  private final LocalPresence presence;
  private final Publishers publishers = new Publishers();
  private final TopicCounters topics;
  private final Tail tail;
  private final OpenSubscriptions subscriptions;
  private final SubscriptionTotals totals = new SubscriptionTotals();
  private final SlowTotals slow = new SlowTotals();
  private final PublishGate gate = new PublishGate(slow, this::tellRoom);
  private final SubscriptionContext context;
  private final List<Runnable> roomCallbacks = new CopyOnWriteArrayList<>();
  private final List<Consumer<WeirException>> faultCallbacks = new CopyOnWriteArrayList<>();
  private final List<Runnable> resumeCallbacks = new CopyOnWriteArrayList<>();
  private final AtomicLong storedBatches = new AtomicLong();
  private final AtomicLong storedMessages = new AtomicLong();
  private final AtomicLong storedBytes = new AtomicLong();
  private final AtomicLong refusedBatches = new AtomicLong();
  private final AtomicLong failedBatches = new AtomicLong();
  private volatile @Nullable WeirException fault;

  private LocalBroker(Engine engine, Clock clock, LocalBrokerConfig config) {
    this.engine = engine;
    this.clock = clock;
    this.tail = new Tail(engine, config.recentBytes().bytes());
    this.subscriptions = new OpenSubscriptions(tail, config.maxSubscriptions());
    this.queues = new LocalQueues(this, engine, tail::endOffset, clock, config.queueCheckpoint());
    this.retained = new RetainedKeeper(engine, clock, this::tellRoom);
    this.retainedLimit = new RetainedLimit(retained, config.maxRetainedTopics());
    this.presence = new LocalPresence(engine, clock);
    this.requests = new LocalRequests(clock, config.maxMessageBytes().intBytes());
    this.check =
        new PublishCheck(
            config.maxBatchBytes().intBytes(),
            config.maxMessageBytes().intBytes(),
            queues::checkTopic);
    this.queue = new PublishQueue(this, config.maxQueuedMessages());
    this.runs = new PublishRuns(queue, engine.partitions());
    this.topics = new TopicCounters(config.maxTopics());
    HeldBudget budget = new HeldBudget(config.heldBytes().bytes());
    this.context =
        new SubscriptionContext(
            engine, tail, retained, clock, budget, totals, slow, gate, new FairTurns());
  }

  /// Serves an engine that was just opened, and owns it from here on.
  public static LocalBroker open(Engine engine, Clock clock, LocalBrokerConfig config) {
    LocalBroker broker = new LocalBroker(engine, clock, config);
    engine.start(broker.new FromEngine());
    broker.tail.start();
    broker.openState();
    return broker;
  }

  private void openState() {
    boolean isOpen = false;
    try {
      queues.open();
      retained.open();
      presence.open();
      isOpen = true;
    } catch (IOException e) {
      throw new UncheckedIOException("the core's state cannot be read", e);
    } finally {
      if (!isOpen) {
        close();
      }
    }
  }

  @Override
  public Queues queues() {
    return queues;
  }

  @Override
  public Presence presence() {
    return presence;
  }

  @Override
  public Requests requests() {
    return requests;
  }

  @Override
  public boolean offer(PublishRequest request, PublishListener listener) {
    if (!engine.hasRoom(request.batch().weight()) || gate.isShutFor(request.batch())) {
      return false; // before the work of judging it
    }
    EngineAppend append;
    try {
      append = check.judge(request);
      if (append.scan().hasRetained()) {
        retainedLimit.check(append);
      }
    } catch (WeirException e) {
      return refuse(request, e, listener);
    }
    try {
      if (append.scan().hasRetained() && !retained.isReady()) {
        return false;
      }
    } catch (WeirException e) {
      failedBatches.incrementAndGet();
      listener.failed(e);
      return true;
    }
    return engine.offer(append, new Counted(listener));
  }

  /// A numbered batch that can never be stored is passed first, so that its lane can go on.
  private boolean refuse(PublishRequest request, WeirException cause, PublishListener listener) {
    if (request.isParting()) {
      listener.parted();
      return true;
    }
    LaneSequence identity = request.identity().orElse(null);
    if (identity == null || !PublishFault.isFinal(cause.code())) {
      refusedBatches.incrementAndGet();
      listener.failed(cause);
      return true;
    }
    return engine.pass(identity, cause.code(), new Refused(identity, cause, listener));
  }

  @Override
  public CompletionStage<Receipt> publish(Message message) {
    CompletableFuture<Receipt> receipt = new CompletableFuture<>();
    PublishRequest request = PublishRequest.of(message, clock.epochMicros());
    queue.add(request, new ReceiptListener(receipt));
    return receipt;
  }

  @Override
  public void publishEach(List<Message> messages, ReceiptsListener listener) {
    runs.publish(messages, clock.epochMicros(), listener);
  }

  @Override
  public CompletionStage<Receipt> publishTogether(List<Message> messages) {
    CompletableFuture<Receipt> receipt = new CompletableFuture<>();
    try {
      queue.add(TogetherRequest.of(messages, clock.epochMicros()), new ReceiptListener(receipt));
    } catch (WeirException e) {
      receipt.completeExceptionally(e);
    }
    return receipt;
  }

  private void tellRoom() {
    queue.drain();
    roomCallbacks.forEach(Runnable::run);
  }

  @Override
  public void onRoom(Runnable callback) {
    roomCallbacks.add(callback);
  }

  /// Registers a callback for the moment from which nothing can be stored. It runs on the engine's
  /// thread.
  public void onFault(Consumer<WeirException> callback) {
    faultCallbacks.add(callback);
  }

  /// Registers a callback for the moment from which messages can be stored again. It runs on the
  /// engine's thread.
  public void onResumed(Runnable callback) {
    resumeCallbacks.add(callback);
  }

  @Override
  public long durableSequence(BatchSource source, int lane) {
    return engine.durableSequence(source, lane);
  }

  @Override
  public CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstSequence) {
    return engine.resumeLane(source, lane, firstSequence);
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request, Subscriber subscriber) {
    return subscriptions.start(id -> new LocalSubscription(id, context, request, subscriber));
  }

  @Override
  public TopicListing topics(TopicFilter filter, int limit) {
    return topics.list(filter, limit);
  }

  @Override
  public RetainedPage retained(TopicFilter filter, String after, int limit)
      throws IOException, InterruptedException {
    Checks.range("limit", limit, 1, MAX_RETAINED_PAGE);
    return retained.page(List.of(filter), after, limit);
  }

  @Override
  public DictionaryShelf dictionaries() {
    return engine.dictionaries();
  }

  @Override
  public Optional<WeirException> fault() {
    return Optional.ofNullable(fault);
  }

  @Override
  public BrokerStats stats() {
    return new BrokerStats(
        storedBatches.get(),
        storedMessages.get(),
        storedBytes.get(),
        refusedBatches.get(),
        failedBatches.get(),
        totals.deliveredMessages().get(),
        totals.gaps().get(),
        totals.failedSubscribers().get(),
        retained.topics(),
        retainedLimit.refused(),
        slow.stats(),
        requests.stats(),
        presence.stats(),
        engine.stats(),
        subscriptions.stats());
  }

  @Override
  public Explanations explanations() {
    return new LocalExplanations(
        engine,
        tail,
        retained,
        queues,
        new ClientTraces(queues, requests, presence, publishers, gate::blockers));
  }

  @Override
  public Publishers publishers() {
    return publishers;
  }

  @Override
  public void close() {
    if (!subscriptions.shut()) {
      return;
    }
    WeirException closing = OpenSubscriptions.closing();
    requests.close();
    presence.close();
    queue.close(closing);
    queues.close();
    subscriptions.endAll(closing);
    retained.close();
    engine.close();
    tail.close();
  }

  /// What the engine tells, on its threads.
  private final class FromEngine implements EngineListener {
    @Override
    public void committed(StoredBatch batch, BatchScan scan) {
      storedBatches.incrementAndGet();
      storedMessages.addAndGet(batch.batch().count());
      storedBytes.addAndGet(batch.batch().weight());
      topics.add(batch, scan);
      retained.committed(batch); // first, so that a subscription that begins behind it sees it
      tail.committed(batch);
    }

    @Override
    public void room() {
      tellRoom();
    }

    @Override
    public void suspended(WeirException cause) {
      fault = cause;
      faultCallbacks.forEach(callback -> callback.accept(cause));
    }

    @Override
    public void resumed() {
      fault = null;
      resumeCallbacks.forEach(Runnable::run);
    }
  }

  /// Counts failures on the way to the publisher.
  private final class Counted implements PublishListener {
    private final PublishListener publisher;

    Counted(PublishListener publisher) {
      this.publisher = publisher;
    }

    @Override
    public void stored(Receipt receipt, long commitMicros, long queueMicros) {
      publisher.stored(receipt, commitMicros, queueMicros);
    }

    @Override
    public void failed(WeirException cause) {
      failedBatches.incrementAndGet();
      publisher.failed(cause);
    }

    @Override
    public void parted() {
      publisher.parted();
    }
  }

  /// Tells a refusal once the sequence is passed.
  private final class Refused implements PublishListener {
    private final LaneSequence identity;
    private final WeirException refusal;
    private final PublishListener publisher;

    Refused(LaneSequence identity, WeirException refusal, PublishListener publisher) {
      this.identity = identity;
      this.refusal = refusal;
      this.publisher = publisher;
    }

    @Override
    public void stored(Receipt receipt, long commitMicros, long queueMicros) {
      refusedBatches.incrementAndGet();
      LOG.warn("{} is refused: {}", identity, refusal.explanation());
      publisher.failed(refusal);
    }

    @Override
    public void failed(WeirException cause) {
      failedBatches.incrementAndGet();
      publisher.failed(cause);
    }
  }

  /// Completes what [#publish] returned.
  private record ReceiptListener(CompletableFuture<Receipt> receipt) implements PublishListener {
    @Override
    public void stored(Receipt stored, long commitMicros, long queueMicros) {
      receipt.complete(stored);
    }

    @Override
    public void failed(WeirException cause) {
      receipt.completeExceptionally(cause);
    }
  }
}
