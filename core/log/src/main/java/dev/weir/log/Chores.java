package dev.weir.log;

import dev.weir.base.Clock;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a log does beside appending, so that appending never waits for it: prepares the next
/// segment, stores the checkpoint, removes what retention lets go, keeps damaged bytes aside. Runs
/// on the chores thread, or on the thread of the test that steps it.
final class Chores {
  /// Recovery reads at most what was written in this time beyond the checkpoint.
  private static final long CHECKPOINT_NANOS = 1_000_000_000L;

  private static final long RETENTION_NANOS = 1_000_000_000L;

  /// How long the thread sleeps when nothing is asked of it; each duty runs once a second at most.
  static final long IDLE_NANOS = 250_000_000L;

  /// Damage beyond this many places is counted and reported to readers, but not recorded again.
  private static final int MAX_RECORDED_HOLES = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Chores.class);

  private final LogState state;
  private final Clock clock;
  private final SpareFiles spares;
  private final CursorFile checkpointFile;
  private final LongConsumer trimmed;
  private final Set<Hole> seenHoles = new HashSet<>();
  private final List<Hole> uncopiedHoles = new ArrayList<>();
  private final AtomicLong cursorOffset = new AtomicLong();
  private final AtomicLong dropBefore = new AtomicLong();
  private volatile boolean isRetentionDue = true;
  private @Nullable Durable checkpointed;
  private long nextCheckpointNanos;
  private long nextRetentionNanos;
  private long servedWishes;

  /// @param trimmed told the new first offset after a removal
  Chores(LogState state, SpareFiles spares, CursorFile checkpointFile, LongConsumer trimmed) {
    this.state = state;
    this.clock = state.clock;
    this.spares = spares;
    this.checkpointFile = checkpointFile;
    this.trimmed = trimmed;
    this.nextCheckpointNanos = clock.nanoTime() + CHECKPOINT_NANOS;
    this.nextRetentionNanos = clock.nanoTime();
  }

  /// Any thread: the slowest durable cursor; never moves back.
  void retainFrom(long offset) {
    cursorOffset.accumulateAndGet(offset, Math::max);
    isRetentionDue = true;
  }

  /// Any thread: another policy, from now on.
  void retain(Retention policy) {
    state.retention = policy;
    isRetentionDue = true;
  }

  /// Any thread: whole segments below an offset go, whatever the policy says.
  void dropBefore(long offset) {
    dropBefore.accumulateAndGet(offset, Math::max);
    isRetentionDue = true;
  }

  /// One turn; the number of things done.
  int step() {
    int done = recordHoles();
    done += retain();
    done += spares.step() ? 1 : 0; // after what retention lets go, which is the best spare
    done += checkpoint();
    return done;
  }

  /// Whether a turn would find something that cannot wait for the next second.
  boolean hasWork() {
    return isRetentionDue || spares.wishes() != servedWishes || spares.isDue();
  }

  private int recordHoles() {
    int done = 0;
    @Nullable Hole hole = state.foundHoles.poll();
    while (hole != null) {
      if (seenHoles.size() < MAX_RECORDED_HOLES
          && seenHoles.add(hole)
          && !DamageCopies.isKept(state.disk, state.config.directory(), hole)) {
        state.holes.incrementAndGet();
        LOG.error("log {}: damaged, {}", state.config.name(), hole);
        state.recordedHoles.add(hole);
        uncopiedHoles.add(hole);
        done++;
      }
      hole = state.foundHoles.poll();
    }
    if (!uncopiedHoles.isEmpty() && state.recordedHoles.isEmpty()) {
      copyHoles();
      done++;
    }
    return done;
  }

  /// The copy is also the mark that a hole is recorded, so it comes after the record is durable.
  private void copyHoles() {
    for (Hole hole : uncopiedHoles) {
      @Nullable Segment segment = state.catalog.after(hole.segment() - 1);
      if (segment != null && segment.number() == hole.segment()) {
        DamageCopies.copyAll(state.disk, state.config.directory(), segment, List.of(hole));
      }
    }
    uncopiedHoles.clear();
  }

  private int checkpoint() {
    Durable durable = state.durable();
    @Nullable Segment segment = durable.segment();
    if (segment == null
        || durable.equals(checkpointed)
        || clock.nanoTime() - nextCheckpointNanos < 0) {
      return 0;
    }
    nextCheckpointNanos = clock.nanoTime() + CHECKPOINT_NANOS;
    return store(durable, lowNumber()) ? 1 : 0;
  }

  private long lowNumber() {
    @Nullable Segment first = state.catalog.first();
    return first == null ? 0 : first.number();
  }

  private boolean store(Durable durable, long lowNumber) {
    @Nullable Segment segment = durable.segment();
    if (segment == null) {
      return false;
    }
    try {
      new Checkpoint(state.log, segment.number(), durable.position(), durable.offset(), lowNumber)
          .store(checkpointFile);
      checkpointed = durable;
      return true;
    } catch (IOException e) {
      state.checkpointFailures.incrementAndGet();
      LOG.debug("log {}: no checkpoint", state.config.name(), e);
      return false;
    }
  }

  private int retain() {
    long wishes = spares.wishes();
    if (!isRetentionDue && wishes == servedWishes && clock.nanoTime() - nextRetentionNanos < 0) {
      return 0;
    }
    servedWishes = wishes;
    isRetentionDue = false;
    nextRetentionNanos = clock.nanoTime() + RETENTION_NANOS;
    try {
      int count = excess();
      return count == 0 ? 0 : remove(count);
    } catch (IOException e) {
      LOG.warn("log {}: retention could not run", state.config.name(), e);
      return 0;
    }
  }

  private int excess() throws IOException {
    List<Segment> segments = state.catalog.all();
    if (segments.size() < 2) {
      return 0;
    }
    Retention retention = state.retention;
    boolean hasAge = retention.ageMicros() < Retention.FOREVER.ageMicros();
    List<RetentionPolicy.Candidate> candidates = new ArrayList<>();
    long total = spares.plannedBytes();
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      total += measure(segment);
      if (i + 1 < segments.size()) {
        candidates.add(
            new RetentionPolicy.Candidate(
                segments.get(i + 1).baseOffset(),
                segment.bytes(),
                hasAge && i < 64 ? lastMicros(segment) : Long.MAX_VALUE));
      }
    }
    boolean hasFloor = retention.freeDiskFloor().bytes() > 0;
    return RetentionPolicy.excess(
        retention,
        candidates,
        new RetentionPolicy.Situation(
            total,
            hasFloor ? state.disk.freeBytes(state.config.directory()) : Long.MAX_VALUE,
            clock.epochMicros(),
            cursorOffset.get(),
            dropBefore.get()));
  }

  private long measure(Segment segment) throws IOException {
    if (segment.bytes() == Segment.UNKNOWN) {
      try {
        DiskFile file = segment.acquire();
        try {
          segment.measured(file.size());
        } finally {
          segment.release();
        }
      } catch (NoSuchFileException _) {
        segment.measured(0); // someone took it away: readers meet a gap
      }
    }
    return segment.bytes();
  }

  private long lastMicros(Segment segment) throws IOException {
    if (segment.lastMicros() == Segment.UNKNOWN) {
      try {
        return state.indexes.of(segment).lastMicros;
      } catch (NoSuchFileException _) {
        return 0;
      }
    }
    return segment.lastMicros();
  }

  /// Low-water mark first: a crash in between leaves files below the mark, which the next start
  /// removes, and never a mark above a file that someone counts on.
  private int remove(int count) throws IOException {
    long low = state.catalog.all().get(count).number();
    if (!store(state.durable(), low)) {
      return 0;
    }
    List<Segment> removed = state.catalog.removeFirst(count);
    state.trimmed();
    trimmed.accept(state.firstOffset());
    for (Segment segment : removed) {
      state.indexes.forget(segment);
      if (!spares.recycle(segment)) {
        state.disk.delete(segment.path());
      }
    }
    state.disk.forceDirectory(state.config.directory());
    return count;
  }

  /// A bug in a duty: the others go on.
  void broken(Throwable bug) {
    LOG.error("log {}: a chore failed", state.config.name(), bug);
  }

  /// After the log's thread ended: the last checkpoint.
  void finish() {
    if (!state.durable().equals(checkpointed)) {
      var _ = store(state.durable(), lowNumber());
    }
    checkpointFile.close();
  }
}
