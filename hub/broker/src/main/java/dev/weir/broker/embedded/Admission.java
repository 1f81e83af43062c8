package dev.weir.broker.embedded;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.EngineAppend;
import dev.weir.broker.EngineListener;
import dev.weir.broker.EngineStats;
import dev.weir.broker.LaneSequence;
import dev.weir.broker.PublishListener;
import dev.weir.log.LogEntry;
import dev.weir.message.BatchSource;
import dev.weir.message.Durability;
import dev.weir.message.Position;
import dev.weir.message.Receipt;
import dev.weir.message.StoredLane;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Decides what becomes of an append: stored, answered as a duplicate, or refused.
///
/// Problem: whether a batch is new depends on what is stored *and* on what is still on its way to
/// the disk, and many threads offer at once. Idea: one lock around the duplicate state and the
/// offer to the log, so that the order of sequences and the order in the log are the same; what is
/// on its way is held as [PendingAppend] until the log tells its outcome, and the stored part moves
/// only then. The lock is held for some map operations, never for I/O; the log calls its listeners
/// without holding a lock of its own.
///
/// Invariants:
/// - a (source, lane, sequence) is in the log at most once, in order within its lane;
/// - what the snapshot of a new segment says is exactly what was told durable before it;
/// - a duplicate is answered with what its first copy got: at once when that is stored, later when
///   it is on its way; it fails when the first copy fails, and is then sent again.
///
/// Why the log's failures cannot break the order: it fails everything that waits, in order, before
/// it takes anything again, and each failure takes the lane back under the lock.
///
/// Threads: any thread offers and asks; each log's own thread settles, fails and takes snapshots.
final class Admission {
  private final EmbeddedEngineConfig config;
  private final Clock clock;
  private final List<EnginePartition> partitions;
  private final ReentrantLock lock = new ReentrantLock();
  private final DedupState state;

  // Guarded by the lock.
  private long duplicateBatches;
  private long duplicateMessages;
  private boolean isClosed;

  /// Whether an offer was sent away because an id of it was on its way.
  private boolean isIdAwaited;

  private volatile EngineListener listener = SilentListener.INSTANCE;

  /// @param partitions filled before the first append
  Admission(EmbeddedEngineConfig config, Clock clock, List<EnginePartition> partitions) {
    this.config = config;
    this.clock = clock;
    this.partitions = partitions;
    this.state = new DedupState(config);
  }

  void start(EngineListener newListener) {
    listener = newListener;
  }

  EngineListener listener() {
    return listener;
  }

  /// Rebuilds a partition's part of the state; before the first append.
  void restore(EnginePartition partition, EngineDictionaries dictionaries) throws IOException {
    partition.restore(state, dictionaries);
  }

  boolean offer(EngineAppend append, PublishListener outcome) {
    Answer answer;
    lock.lock();
    try {
      answer = admit(append, outcome);
    } finally {
      lock.unlock();
    }
    return answer.tell(outcome);
  }

  private Answer admit(EngineAppend append, PublishListener outcome) {
    @Nullable LaneSequence identity = append.identity().orElse(null);
    if (identity != null) {
      switch (state.lanes().judge(identity)) {
        case NEXT -> {}
        case STORED -> {
          return duplicate(append, endOf(partitionOf(append)));
        }
        case IN_FLIGHT -> {
          return await(append, state.lanes().inFlight(identity), outcome);
        }
        case GAP -> {
          return outOfSequence(identity);
        }
      }
    }
    DedupState.IdVerdict verdict = state.judgeIds(append, clock.epochMicros());
    PendingAppend inFlight = verdict.inFlight();
    if (append.isParting() && (inFlight != null || !verdict.duplicates().isEmpty())) {
      return new Answer.Parted();
    }
    if (inFlight != null) {
      boolean isWhole = identity == null && append.batch().count() == 1;
      if (isWhole) {
        int index = inFlight.indexOf(verdict.fresh().getFirst().hash());
        return await(append, inFlight, index == 0 ? outcome : new Behind(outcome, index));
      }
      // Rare: its outcome decides what of this batch is stored, so the sender tries again then.
      isIdAwaited = true;
      return new Answer.NoRoom();
    }
    return verdict.duplicates().isEmpty()
        ? store(append, verdict.fresh(), outcome)
        : storeRest(append, verdict, outcome);
  }

  private Answer duplicate(EngineAppend append, Position position) {
    duplicateBatches++;
    duplicateMessages += append.batch().count();
    return new Answer.Stored(new Receipt(Durability.DURABLE, position, true));
  }

  private Answer await(
      EngineAppend append, @Nullable PendingAppend first, PublishListener outcome) {
    if (first == null) {
      throw new IllegalStateException("what is in flight has an append");
    }
    duplicateBatches++;
    duplicateMessages += append.batch().count();
    first.waiters().add(outcome);
    return new Answer.Later();
  }

  /// Somebody who waits for a copy that does not stand first in its batch.
  private record Behind(PublishListener outcome, int index) implements PublishListener {
    @Override
    public void stored(Receipt receipt, long commitMicros, long queueMicros) {
      Position first = receipt.position();
      Position own = new Position(first.stream(), first.partition(), first.offset() + index);
      outcome.stored(
          new Receipt(receipt.durability(), own, receipt.isDuplicate()), commitMicros, queueMicros);
    }

    @Override
    public void failed(WeirException cause) {
      outcome.failed(cause);
    }
  }

  private Answer outOfSequence(LaneSequence identity) {
    return new Answer.Failed(
        new WeirException(
            ErrorCode.OUT_OF_SEQUENCE,
            "Lane "
                + identity.lane()
                + " of "
                + identity.source()
                + " expects "
                + state.lanes().expected(identity)
                + ", got "
                + identity.sequence()
                + "."));
  }

  private Answer store(EngineAppend append, List<PendingAppend.Id> ids, PublishListener outcome) {
    int partition = partitionOf(append);
    return enqueue(
        BatchFrames.data(append), new PendingAppend(this, partition, append, ids, outcome));
  }

  /// Stores what is new of a batch; when nothing is, its sequence still has to be passed.
  private Answer storeRest(
      EngineAppend append, DedupState.IdVerdict verdict, PublishListener outcome) {
    BitSet duplicates = verdict.duplicates();
    if (duplicates.cardinality() < append.batch().count()) {
      Answer answer =
          store(
              DuplicateRemoval.without(duplicates, append),
              moved(verdict.fresh(), duplicates),
              outcome);
      if (answer instanceof Answer.Later) {
        duplicateMessages += duplicates.cardinality();
      }
      return answer;
    }
    long copy = verdict.firstCopy();
    if (append.identity().isEmpty()) {
      return duplicate(
          append,
          copy < 0
              ? endOf(partitionOf(append))
              : position(state.ids().partition(copy), state.ids().offset(copy)));
    }
    LaneSequence identity = append.identity().get();
    Answer answer = enqueuePassed(identity, BatchFrames.known(identity), null, outcome);
    if (answer instanceof Answer.Later) {
      duplicateBatches++;
      duplicateMessages += append.batch().count();
    }
    return answer;
  }

  /// The ids with their messages' indexes after the duplicates are gone.
  private static List<PendingAppend.Id> moved(List<PendingAppend.Id> ids, BitSet duplicates) {
    return ids.stream()
        .map(id ->
            new PendingAppend.Id(
                id.hash(), id.messageIndex() - duplicates.get(0, id.messageIndex()).cardinality()))
        .toList();
  }

  private Answer enqueuePassed(
      LaneSequence identity,
      LogEntry record,
      @Nullable ErrorCode refusal,
      PublishListener outcome) {
    return enqueue(
        record, PendingAppend.passing(this, partitionOf(identity), identity, refusal, outcome));
  }

  private Answer enqueue(LogEntry entry, PendingAppend pending) {
    if (isClosed) {
      return new Answer.Failed(
          new WeirException(ErrorCode.CONNECTION_LOST, "The stream is being closed."));
    }
    try {
      if (!partitions.get(pending.partition()).offer(entry, pending)) {
        return new Answer.NoRoom();
      }
    } catch (WeirException e) {
      return new Answer.Failed(e);
    }
    state.enqueue(pending, clock.epochMicros());
    return new Answer.Later();
  }

  boolean pass(LaneSequence identity, ErrorCode code, PublishListener outcome) {
    Answer answer;
    lock.lock();
    try {
      answer =
          switch (state.lanes().judge(identity)) {
            case NEXT ->
                enqueuePassed(identity, BatchFrames.refused(identity, code), code, outcome);
            case STORED ->
                new Answer.Stored(
                    new Receipt(Durability.DURABLE, endOf(partitionOf(identity)), true));
            case IN_FLIGHT -> {
              PendingAppend first = state.lanes().inFlight(identity);
              if (first != null) {
                first.waiters().add(outcome);
              }
              yield new Answer.Later();
            }
            case GAP -> outOfSequence(identity);
          };
    } finally {
      lock.unlock();
    }
    return answer.tell(outcome);
  }

  /// The log's thread: an append is durable.
  void settle(
      PendingAppend pending,
      long baseOffset,
      long commitMicros,
      long queueMicros,
      long timestampMicros) {
    partitions.get(pending.partition()).release(pending);
    boolean isAwaited;
    lock.lock();
    try {
      state.settle(pending, baseOffset, timestampMicros);
      isAwaited = takeAwaited(pending);
    } finally {
      lock.unlock();
    }
    EngineAppend append = pending.append();
    if (append != null) {
      listener.committed(
          BatchFrames.stored(append, pending.partition(), baseOffset, timestampMicros),
          append.scan());
    }
    Position position = position(pending.partition(), baseOffset);
    pending
        .listener()
        .stored(
            new Receipt(Durability.DURABLE, position, append == null), commitMicros, queueMicros);
    for (PublishListener waiter : pending.waiters()) {
      waiter.stored(new Receipt(Durability.DURABLE, position, true), commitMicros, queueMicros);
    }
    if (isAwaited || partitions.get(pending.partition()).takeRoomNews()) {
      listener.room();
    }
  }

  /// The log's thread: an append will never be durable.
  void fail(PendingAppend pending, WeirException cause) {
    partitions.get(pending.partition()).release(pending);
    boolean isAwaited;
    lock.lock();
    try {
      state.fail(pending);
      isAwaited = takeAwaited(pending);
    } finally {
      lock.unlock();
    }
    pending.listener().failed(cause);
    for (PublishListener waiter : pending.waiters()) {
      waiter.failed(cause);
    }
    if (isAwaited || partitions.get(pending.partition()).takeRoomNews()) {
      listener.room();
    }
  }

  private boolean takeAwaited(PendingAppend pending) {
    boolean isAwaited = isIdAwaited && !pending.ids().isEmpty();
    isIdAwaited &= !isAwaited;
    return isAwaited;
  }

  /// The log's thread: the state at the start of a segment.
  Bytes snapshot(int partition, int maxBytes) {
    lock.lock();
    try {
      return state.snapshot(partition, maxBytes);
    } finally {
      lock.unlock();
    }
  }

  /// The log's thread: a log takes appends again.
  void resumed() {
    if (partitions.stream().allMatch(EnginePartition::isOpen)) {
      listener.resumed();
    }
    listener.room();
  }

  private int partitionOf(EngineAppend append) {
    return append
        .identity()
        .map(this::partitionOf)
        .orElseGet(() -> Math.floorMod(append.routingHash(), partitions.size()));
  }

  /// Lanes stay in their partition: a lane's order is the order of one log.
  private int partitionOf(LaneSequence identity) {
    int hash = identity.source().agent().hashCode();
    hash = 31 * hash + Long.hashCode(identity.source().incarnation());
    hash = 31 * hash + identity.lane();
    return Math.floorMod(hash ^ (hash >>> 16), partitions.size());
  }

  private Position endOf(int partition) {
    return position(partition, partitions.get(partition).log().durableOffset());
  }

  private Position position(int partition, long offset) {
    return new Position(config.stream(), partition, offset);
  }

  long durableSequence(BatchSource source, int lane) {
    lock.lock();
    try {
      return state.lanes().durable(source, lane);
    } finally {
      lock.unlock();
    }
  }

  CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstSequence) {
    CompletableFuture<StoredLane> standing = new CompletableFuture<>();
    lock.lock();
    try {
      @Nullable PendingAppend newest = state.lanes().newestInFlight(source, lane);
      if (newest != null) {
        newest.waiters().add(new Resumption(source, lane, firstSequence, standing));
        return standing;
      }
    } finally {
      lock.unlock();
    }
    standing.complete(standing(source, lane, firstSequence));
    return standing;
  }

  private StoredLane standing(BatchSource source, int lane, long firstSequence) {
    lock.lock();
    try {
      return state.lanes().resume(source, lane, firstSequence);
    } finally {
      lock.unlock();
    }
  }

  /// A sender that waits for the outcome of what was offered before.
  private final class Resumption implements PublishListener {
    private final BatchSource source;
    private final int lane;
    private final long firstSequence;
    private final CompletableFuture<StoredLane> standing;

    Resumption(
        BatchSource source, int lane, long firstSequence, CompletableFuture<StoredLane> standing) {
      this.source = source;
      this.lane = lane;
      this.firstSequence = firstSequence;
      this.standing = standing;
    }

    @Override
    public void stored(Receipt receipt, long commitMicros, long queueMicros) {
      standing.complete(standing(source, lane, firstSequence));
    }

    @Override
    public void failed(WeirException cause) {
      standing.complete(standing(source, lane, firstSequence));
    }
  }

  EngineStats stats() {
    List<EngineStats.Partition> logs = partitions.stream().map(EnginePartition::stats).toList();
    lock.lock();
    try {
      return new EngineStats(
          logs,
          state.lanes().size(),
          state.lanes().evicted(),
          state.lanes().gaps(),
          state.ids().size(),
          duplicateBatches,
          duplicateMessages);
    } finally {
      lock.unlock();
    }
  }

  /// Takes nothing any more.
  void close() {
    lock.lock();
    try {
      isClosed = true;
    } finally {
      lock.unlock();
    }
  }
}
