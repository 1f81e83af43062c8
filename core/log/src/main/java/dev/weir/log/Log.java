package dev.weir.log;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A durable log of frames: any thread appends, any number of readers follow, nothing is told
/// durable before it is, and what was told durable stays readable in order until retention lets it
/// go.
///
/// Threads: `weir-log-NAME` writes and forces and calls listeners and hooks; `weir-log-NAME-chores`
/// prepares, checkpoints and removes. Every method may be called from any thread.
///
/// After opening, the owner rebuilds its state from [#snapshot] and [#recoveryReader] *before* its
/// first append: the first append begins a segment with a new snapshot.
public final class Log implements AutoCloseable {
  private static final long ROOM_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /// What waking a thread costs here, about; a quiet log pays it once a commit at most.
  private static final long LINGER_NANOS = TimeUnit.MICROSECONDS.toNanos(40);

  private final LogState state;
  private final AppendQueue queue;
  private final CommitLoop loop;
  private final Chores chores;
  private final SpareFiles spares;
  private final Commits commits = new Commits();
  private final RecoveryReport recovery;
  private final Lookup lookup;
  private final AutoCloseable directoryLock;
  private final ReentrantLock roomLock = new ReentrantLock();
  private final Condition room = roomLock.newCondition();
  private @Nullable DutyThread loopThread;
  private @Nullable DutyThread choresThread;
  private boolean isClosed;

  private Log(
      LogState state,
      Recovered recovered,
      CursorFile checkpointFile,
      AutoCloseable directoryLock,
      LogHooks hooks) {
    this.state = state;
    this.recovery = recovered.report();
    this.directoryLock = directoryLock;
    this.queue = new AppendQueue(state.config.queueBytes().bytes());
    this.spares = new SpareFiles(state);
    LogHooks told = new SignallingHooks(hooks, this::signalRoom);
    SegmentRoller roller = new SegmentRoller(state, told, spares, recovered);
    this.loop = new CommitLoop(state, told, queue, roller, commits, recovered.lastMicros());
    this.chores = new Chores(state, spares, checkpointFile, this::trimmed);
    this.lookup = new Lookup(state);
    state.recordedHoles.addAll(recovered.pendingHoles());
    state.holes.set(recovered.pendingHoles().size());
  }

  /// Opens the log in a directory, creating it when it is empty, and starts its threads.
  ///
  /// @throws IOException when the directory cannot be read or written at all; damage is no reason
  /// @throws WeirException DATA_DIRECTORY_LOCKED when another process has it
  public static Log open(LogConfig config, Disk disk, Clock clock, LogHooks hooks)
      throws IOException {
    Log log = openStepped(config, disk, clock, hooks);
    log.start();
    return log;
  }

  /// Opens the log without threads: the caller does the work of both by calling [#step]. For tests
  /// that decide about every step.
  public static Log openStepped(LogConfig config, Disk disk, Clock clock, LogHooks hooks)
      throws IOException {
    disk.createDirectories(config.directory());
    AutoCloseable lock = disk.lock(config.directory());
    @Nullable CursorFile checkpoint = null;
    @Nullable Log log = null;
    try {
      checkpoint = Checkpoint.open(disk, config.directory());
      Recovered recovered = new Recovery(config, disk, clock).run(checkpoint);
      LogState state = new LogState(config, disk, clock, recovered);
      log = new Log(state, recovered, checkpoint, lock, hooks);
      return log;
    } finally {
      if (log == null) {
        if (checkpoint != null) {
          checkpoint.close();
        }
        closeQuietly(lock);
      }
    }
  }

  private void start() {
    String name = "weir-log-" + state.config.name();
    DutyThread appending =
        new DutyThread(
            name,
            LINGER_NANOS,
            loop::step,
            loop::hasWork,
            loop::idleNanos,
            loop::finish,
            loop::broken);
    DutyThread helping =
        new DutyThread(
            name + "-chores",
            0,
            chores::step,
            chores::hasWork,
            () -> Chores.IDLE_NANOS,
            chores::finish,
            chores::broken);
    spares.wakes(helping::wake);
    loopThread = appending;
    choresThread = helping;
    appending.start();
    helping.start();
  }

  /// One turn of both duties of a log opened without threads.
  ///
  /// @return the number of things done, 0 when there is nothing to do now
  public int step() {
    Checks.state(loopThread == null, "the log has threads of its own");
    return loop.step() + chores.step();
  }

  /// Hands an entry to the log's thread; never blocks.
  ///
  /// @return false when nothing happened because the queue is full or the log does not take appends
  ///   now ([#condition]); [LogHooks#room] tells when to try again
  /// @throws WeirException TOO_LARGE when the entry is above the configured limit
  /// @throws IllegalStateException after [#close]
  public boolean offer(LogEntry entry, AppendListener listener) {
    if (entry.bodyBytes() > state.config.maxFrameBytes().bytes()) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "An entry has "
              + entry.bodyBytes()
              + " bytes, the limit is "
              + state.config.maxFrameBytes()
              + ".");
    }
    LogCondition condition = state.condition();
    Checks.state(condition != LogCondition.CLOSED, "the log is closed");
    if (condition != LogCondition.OPEN) {
      queue.refuse();
      return false;
    }
    PendingAppend append =
        new PendingAppend(entry, listener, state.config.topics(), state.clock.nanoTime());
    if (!queue.offer(append)) {
      return false;
    }
    if (state.condition() == LogCondition.CLOSED && queue.remove(append)) {
      throw new IllegalStateException("the log is closed");
    }
    wakeLoop();
    return true;
  }

  /// Hands an entry to the log's thread, waiting while the queue is full.
  ///
  /// @throws WeirException DISK_FULL or LOG_POISONED when the log does not take appends now
  public void append(LogEntry entry, AppendListener listener) throws InterruptedException {
    while (!offer(entry, listener)) {
      if (state.condition() != LogCondition.OPEN) {
        throw loop.refusal();
      }
      roomLock.lockInterruptibly();
      try {
        // Bounded, because room may have come between the offer and the lock.
        var _ = room.awaitNanos(ROOM_WAIT_NANOS);
      } finally {
        roomLock.unlock();
      }
    }
  }

  private void signalRoom() {
    roomLock.lock();
    try {
      room.signalAll();
    } finally {
      roomLock.unlock();
    }
  }

  private void trimmed(long firstOffset) {
    loop.trimmed(firstOffset);
    wakeLoop();
  }

  private void wakeLoop() {
    if (loopThread != null) {
      loopThread.wake();
    }
  }

  private void wakeChores() {
    if (choresThread != null) {
      choresThread.wake();
    }
  }

  /// Whether appends are taken.
  public LogCondition condition() {
    return state.condition();
  }

  /// The first message offset still kept.
  public long firstOffset() {
    return state.firstOffset();
  }

  /// One after the last durable message: every message below is durable and readable.
  public long durableOffset() {
    return state.durable().offset();
  }

  /// Reads DATA, CONTROL and LOSS frames from the one that holds an offset on, CONTROL and LOSS
  /// frames right before that message included. An offset that retention removed gives a
  /// [LogEvent.Gap] first; one beyond the end waits there.
  public LogReader reader(long fromOffset) {
    Checks.range("fromOffset", fromOffset, 0, Long.MAX_VALUE);
    return SegmentedReader.deliveries(state, fromOffset);
  }

  /// Reads DATA frames that carry a topic the filter takes, skipping over others by the segments'
  /// topic indexes.
  public LogReader reader(long fromOffset, Predicate<String> topics) {
    Checks.range("fromOffset", fromOffset, 0, Long.MAX_VALUE);
    return SegmentedReader.topics(state, fromOffset, topics);
  }

  /// The first message committed at or after a time in microseconds since 1970; [#durableOffset]
  /// when there is none.
  public long offsetAtTime(long epochMicros) throws IOException {
    return lookup.offsetAtTime(epochMicros);
  }

  /// The offset so many messages before the end, not before the first kept one.
  public long offsetFromEnd(long messageCount) {
    Checks.range("messageCount", messageCount, 0, Long.MAX_VALUE);
    return Math.max(firstOffset(), durableOffset() - messageCount);
  }

  /// The newest snapshot in the log; nothing in a new log. Asked before the first append, this is
  /// where rebuilding the owner's state starts.
  public Optional<LogSnapshot> snapshot() throws IOException {
    return lookup.snapshot().map(Lookup.Snapshot::value);
  }

  /// Every frame after the newest snapshot, of all types, then whatever is appended.
  public LogReader recoveryReader() throws IOException {
    return lookup
        .snapshot()
        .map(found -> SegmentedReader.everything(state, found.segment(), found.endPosition()))
        .orElseGet(() -> SegmentedReader.deliveries(state, firstOffset()));
  }

  /// Tells the slowest durable cursor: retention with `waitForCursor` keeps what is at or after it.
  /// Never moves back.
  public void retainFrom(long minCursorOffset) {
    chores.retainFrom(minCursorOffset);
    wakeChores();
  }

  /// Changes when old segments go; looked at soon, and from then on. Any thread.
  public void setRetention(Retention retention) {
    chores.retain(retention);
    wakeChores();
  }

  /// Gives up whole segments below an offset, whatever the retention says.
  public void dropBefore(long offset) {
    chores.dropBefore(offset);
    wakeChores();
  }

  /// Adds a listener that hears the durable offset after each commit, on the log's thread.
  public void addDurableListener(LongConsumer durableOffsetListener) {
    loop.addDurableListener(durableOffsetListener);
  }

  /// The log's figures.
  public LogStats stats() {
    long bytes = spares.readyBytes();
    for (Segment segment : state.catalog.all()) {
      bytes += Math.max(0, segment.bytes());
    }
    return new LogStats(
        state.condition(),
        bytes,
        state.catalog.size(),
        firstOffset(),
        durableOffset(),
        commits.frames.get(),
        commits.messages.get(),
        commits.bytes.get(),
        commits.groups.get(),
        commits.latency.summary(),
        state.holes.get(),
        state.suspectSegments.get(),
        queue.bytes(),
        state.checkpointFailures.get());
  }

  /// What opening found.
  public RecoveryReport recovery() {
    return recovery;
  }

  /// Writes what waits, seals the active segment and ends the threads. What cannot be written any
  /// more is failed.
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    spares.stop();
    if (loopThread == null || choresThread == null) {
      loop.finish();
      chores.finish();
    } else {
      loopThread.end();
      choresThread.end();
    }
    spares.close();
    signalRoom();
    closeQuietly(directoryLock);
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception _) {
      // a lock that cannot be released ends with the process
    }
  }

  /// Wakes blocked appenders along with the owner.
  private record SignallingHooks(LogHooks owner, Runnable signal) implements LogHooks {
    @Override
    public Bytes snapshot() {
      return owner.snapshot();
    }

    @Override
    public void poisoned(WeirException cause) {
      signal.run();
      owner.poisoned(cause);
    }

    @Override
    public void full(WeirException cause) {
      signal.run();
      owner.full(cause);
    }

    @Override
    public void recovered() {
      signal.run();
      owner.recovered();
    }

    @Override
    public void room() {
      signal.run();
      owner.room();
    }

    @Override
    public void trimmed(long firstOffset) {
      owner.trimmed(firstOffset);
    }
  }
}
