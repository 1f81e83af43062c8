package dev.weir.log;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.base.disk.NoSpaceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one writer of a log: takes what waits, writes it with one write, forces it once, tells.
///
/// There is no timer. While one group is being forced the next one gathers in the queue, so groups
/// are as small as the disk is fast and a lone append never waits for company.
///
/// Failures, after which nothing that was not told durable is ever told or readable:
///
/// | what failed | what happens |
/// |---|---|
/// | write: disk full | the group keeps its place and is written again when there is space |
/// | write or fsync of the active segment | the file is never touched again; the group goes to a
/// fresh segment, whose header says where the old one ends |
/// | the fresh segment too | POISONED: all that waits is failed; probed again each second |
/// | sealing | the segment stays unsealed; the next one's header says where it ends |
///
/// Everything here runs on the log's thread, or on the thread of the test that steps it.
final class CommitLoop {
  /// What one write takes at most: beyond this a larger group gains nothing (measured 1.5 GB/s at 4
  /// MiB, 0.9 at 1 MiB), it only delays those who wait.
  private static final long GROUP_BYTES = 4 << 20;

  /// How long a full disk is left alone.
  private static final long FULL_RETRY_NANOS = 100_000_000L;

  /// How long a failing disk is left alone.
  private static final long POISON_RETRY_NANOS = 1_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(CommitLoop.class);

  private final LogState state;
  private final Clock clock;
  private final LogHooks hooks;
  private final AppendQueue queue;
  private final SegmentRoller roller;
  private final Commits commits;
  private final List<LongConsumer> durableListeners = new CopyOnWriteArrayList<>();
  private final List<PendingAppend> group = new ArrayList<>();
  private long groupBytes;
  private int groupHoles;
  private long nextOffset;
  private long lastMicros;
  private long retryNanos;
  private volatile long trimmedTo = -1;

  CommitLoop(
      LogState state,
      LogHooks hooks,
      AppendQueue queue,
      SegmentRoller roller,
      Commits commits,
      long lastMicros) {
    this.state = state;
    this.clock = state.clock;
    this.hooks = hooks;
    this.queue = queue;
    this.roller = roller;
    this.commits = commits;
    this.nextOffset = state.durable().offset();
    this.lastMicros = lastMicros;
  }

  /// Any thread.
  void addDurableListener(LongConsumer listener) {
    durableListeners.add(listener);
  }

  /// Any thread: the owner is to hear that messages below an offset are gone.
  void trimmed(long firstOffset) {
    trimmedTo = firstOffset;
  }

  /// One turn; the number of things done, 0 when there is nothing to do now.
  int step() {
    int done = tellTrimmed();
    if (state.condition() == LogCondition.POISONED) {
      failAll();
    }
    if (state.condition() != LogCondition.OPEN && clock.nanoTime() - retryNanos < 0) {
      return done;
    }
    if (group.isEmpty()) {
      groupBytes = queue.drainTo(group, Math.min(GROUP_BYTES, roller.largestGroupBytes()));
    }
    boolean hasWork =
        !group.isEmpty()
            || !state.recordedHoles.isEmpty()
            || state.condition() != LogCondition.OPEN;
    if (hasWork) {
      commit();
      done++;
    }
    return done;
  }

  /// How long the thread may sleep when nothing is offered.
  long idleNanos() {
    return state.condition() == LogCondition.OPEN
        ? POISON_RETRY_NANOS
        : Math.clamp(retryNanos - clock.nanoTime(), 1_000_000L, POISON_RETRY_NANOS);
  }

  /// Whether a sleeping thread would miss something.
  boolean hasWork() {
    return trimmedTo >= 0
        || (state.condition() == LogCondition.OPEN
            && !(queue.isEmpty() && state.recordedHoles.isEmpty()));
  }

  private int tellTrimmed() {
    long first = trimmedTo;
    if (first < 0) {
      return 0;
    }
    trimmedTo = -1;
    safely(() -> hooks.trimmed(first));
    return 1;
  }

  private void commit() {
    long startNanos = clock.nanoTime();
    try {
      write();
    } catch (NoSpaceException e) {
      becomeFull(e);
      return;
    } catch (IOException e) {
      becomePoisoned(e);
      return;
    }
    publish(startNanos, clock.nanoTime());
    if (state.condition() != LogCondition.OPEN) {
      LOG.info("log {} takes appends again", state.config.name());
      state.condition(LogCondition.OPEN);
      safely(hooks::recovered);
    }
    if (queue.takeRefusal()) {
      safely(hooks::room);
    }
  }

  /// Makes the group durable, in a fresh segment when the active one fails.
  private void write() throws IOException {
    long micros = Math.max(clock.epochMicros(), lastMicros);
    try {
      writeOnce(micros);
    } catch (NoSpaceException e) {
      throw e;
    } catch (IOException e) {
      if (!roller.giveUpActive()) {
        throw e; // it was a fresh segment that failed
      }
      LOG.error(
          "log {}: the active segment failed and was given up; going on in a fresh one",
          state.config.name(),
          e);
      writeOnce(micros);
    }
    lastMicros = micros;
  }

  private void writeOnce(long micros) throws IOException {
    SegmentWriter writer = roller.writerFor(groupBytes + dictionaryBytes(), nextOffset, micros);
    groupHoles = 0;
    for (Hole hole : state.recordedHoles) {
      writer.own(FrameType.HOLE, nextOffset, micros, hole.encode());
      groupHoles++;
    }
    long offset = nextOffset;
    for (int i = 0; i < group.size(); i++) {
      PendingAppend append = group.get(i);
      writer.append(append, offset, micros);
      offset += append.entry().count();
    }
    writer.fillBlock(offset, micros, state.config.segmentBytes().bytes());
    roller.write(writer, group);
  }

  /// What the dictionaries of the group take if its segment has none of them.
  private long dictionaryBytes() {
    Map<Integer, Integer> sizes = new HashMap<>();
    for (PendingAppend append : group) {
      LogEntry entry = append.entry();
      if (!entry.dictionary().isEmpty()) {
        sizes.put(entry.dictionaryId(), entry.dictionary().length());
      }
    }
    long bytes = 0;
    for (int size : sizes.values()) {
      bytes += Layout.align(Layout.FRAME_HEADER_BYTES + size);
    }
    return bytes;
  }

  private void publish(long startNanos, long endNanos) {
    SegmentWriter writer = roller.active();
    for (int i = 0; i < groupHoles; i++) {
      var _ = state.recordedHoles.poll(); // more may have come meanwhile
    }
    long messages = 0;
    for (int i = 0; i < group.size(); i++) {
      messages += group.get(i).entry().count();
    }
    nextOffset += messages;
    state.durable(new Durable(writer.segment(), writer.position(), nextOffset));
    for (int i = 0; i < group.size(); i++) {
      cache(writer.segment(), group.get(i));
    }
    commits.add(group.size(), messages, groupBytes, endNanos - startNanos);
    long commitMicros = (endNanos - startNanos) / 1_000;
    queue.release(groupBytes);
    for (int i = 0; i < group.size(); i++) {
      PendingAppend append = group.get(i);
      long queueMicros = Math.max(0, startNanos - append.offeredNanos()) / 1_000;
      safely(() ->
          append.listener().durable(append.baseOffset(), commitMicros, queueMicros, lastMicros));
    }
    group.clear();
    groupBytes = 0;
    for (LongConsumer listener : durableListeners) {
      safely(() -> listener.accept(nextOffset));
    }
  }

  private void cache(Segment segment, PendingAppend append) {
    LogEntry entry = append.entry();
    state.cache.put(
        segment.number(),
        append.position(),
        append.position() + append.frameBytes(),
        new LogEvent.Frame(
            entry.type(),
            entry.codec(),
            entry.flags(),
            append.baseOffset(),
            entry.count(),
            entry.lane(),
            entry.laneSequence(),
            lastMicros,
            entry.dictionaryId(),
            entry.rawLength(),
            entry.header(),
            entry.payload()),
        append.topics());
  }

  private void becomeFull(NoSpaceException cause) {
    retryNanos = clock.nanoTime() + FULL_RETRY_NANOS;
    if (state.condition() == LogCondition.DISK_FULL) {
      return;
    }
    boolean isNews = state.condition() == LogCondition.OPEN;
    state.condition(LogCondition.DISK_FULL);
    if (isNews) {
      LOG.error("{} It is tried again by itself.", refusal().explanation());
      safely(() -> hooks.full(refusal(cause)));
    }
  }

  private void becomePoisoned(IOException cause) {
    retryNanos = clock.nanoTime() + POISON_RETRY_NANOS;
    boolean isNews = state.condition() != LogCondition.POISONED;
    state.condition(LogCondition.POISONED);
    failAll();
    if (isNews) {
      LOG.error("{}", refusal().explanation(), cause);
      safely(() -> hooks.poisoned(refusal(cause)));
    }
  }

  /// A bug, in the log or in its owner's snapshot: what is in hand is failed, the disk is left as
  /// it is, and a fresh segment is tried later.
  void broken(Throwable bug) {
    LOG.error("log {}: a turn failed", state.config.name(), bug);
    boolean isNews = state.condition() != LogCondition.POISONED;
    retryNanos = clock.nanoTime() + POISON_RETRY_NANOS;
    roller.giveUp();
    state.condition(LogCondition.POISONED);
    failAll();
    if (isNews) {
      safely(() -> hooks.poisoned(new WeirException(ErrorCode.BUG, bug.toString(), bug)));
    }
  }

  private WeirException refusal(IOException cause) {
    ErrorCode code =
        cause instanceof NoSpaceException ? ErrorCode.DISK_FULL : ErrorCode.LOG_POISONED;
    return new WeirException(
        code, "log " + state.config.name() + ": " + cause.getMessage() + ".", cause);
  }

  /// What an append is told while the log does not take any.
  WeirException refusal() {
    return switch (state.condition()) {
      case DISK_FULL ->
          new WeirException(
              ErrorCode.DISK_FULL, "log " + state.config.name() + ": the disk is full.");
      case POISONED ->
          new WeirException(
              ErrorCode.LOG_POISONED, "log " + state.config.name() + ": the disk fails.");
      case OPEN, CLOSED ->
          new WeirException(ErrorCode.LOG_POISONED, "log " + state.config.name() + " is closed.");
    };
  }

  private void failAll() {
    WeirException cause = refusal();
    while (true) {
      if (group.isEmpty()) {
        groupBytes = queue.drainTo(group, Long.MAX_VALUE);
        if (group.isEmpty()) {
          return;
        }
      }
      queue.release(groupBytes);
      for (PendingAppend append : group) {
        safely(() -> append.listener().failed(cause));
      }
      group.clear();
      groupBytes = 0;
    }
  }

  /// Writes what still waits, seals the active segment and fails what could not be written. The
  /// last turn of the log's thread.
  void finish() {
    while (!(group.isEmpty() && queue.isEmpty())) {
      if (state.condition() != LogCondition.OPEN) {
        retryNanos = clock.nanoTime(); // one last attempt
      }
      var _ = step();
      if (state.condition() != LogCondition.OPEN) {
        break;
      }
    }
    if (state.condition() == LogCondition.OPEN) {
      state.condition(LogCondition.CLOSED);
    }
    failAll();
    state.condition(LogCondition.CLOSED);
    roller.finish(nextOffset, lastMicros);
  }

  /// The owner's code must not end the log's thread.
  private void safely(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | AssertionError e) {
      LOG.error("log {}: a listener failed", state.config.name(), e);
    }
  }
}
