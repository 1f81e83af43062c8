package dev.weir.log;

import dev.weir.base.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides which segment the next group goes to, and moves from one to the next.
///
/// A fresh segment gets its header, the owner's snapshot and the first group with one write and one
/// fsync under a spare's name, then its own name, then the directory is forced: at no moment is
/// there a file with a segment's name that a crash could leave without a header. Numbers are never
/// used twice, also not after a failed attempt. The log's thread owns it.
final class SegmentRoller {
  /// Groups of this average and more do better without zeros laid out before them. Filling doubles
  /// the rate of lone 64 KiB appends, but writes every byte twice: at 90 MB/s in groups of 130 KiB
  /// the second writing showed as an ack p99 of 276 to 410 ms against 48 ms without it.
  private static final long LARGE_GROUP_BYTES = 96 << 10;

  /// What a segment that found no spare lays out for itself: some milliseconds of writing, and
  /// enough until the first spare is ready.
  private static final long FIRST_ALLOCATION_BYTES = 1 << 20;

  private final LogState state;
  private final LogHooks hooks;
  private final SpareFiles spares;
  private final GroupBuffer buffer = new GroupBuffer();
  private Recovered.Previous previous;
  private long nextNumber;
  private @Nullable SegmentWriter active;
  private @Nullable Fresh fresh;
  private long averageGroupBytes;

  /// What the newest segment must hold before it ends: an owner whose state outgrows half a segment
  /// would else write that again with each group.
  private long leastEnd;

  /// A segment that does not exist yet: its first group is not durable.
  private record Fresh(SegmentWriter writer, Path sparePath, long zerosUpTo) {}

  SegmentRoller(LogState state, LogHooks hooks, SpareFiles spares, Recovered recovered) {
    this.state = state;
    this.hooks = hooks;
    this.spares = spares;
    this.previous = recovered.previous();
    this.nextNumber = recovered.nextNumber();
  }

  /// Half a segment, so that a segment is never mostly unused.
  long largestGroupBytes() {
    return state.config.segmentBytes().bytes() / 2;
  }

  boolean hasActive() {
    return active != null;
  }

  SegmentWriter active() {
    SegmentWriter writer = active;
    if (writer == null) {
      throw new IllegalStateException("no segment is active");
    }
    return writer;
  }

  /// A writer with a begun group that has room for so many bytes.
  SegmentWriter writerFor(long bytes, long offset, long micros) throws IOException {
    averageGroupBytes += (bytes - averageGroupBytes) / 8;
    SegmentWriter writer = active;
    if (writer != null && mustRoll(writer, bytes)) {
      end(writer, offset, micros);
      writer = null;
    }
    if (writer != null) {
      writer.begin();
      return writer;
    }
    return beginFresh(offset, micros);
  }

  private boolean mustRoll(SegmentWriter writer, long bytes) {
    long end = writer.position() + bytes;
    if (writer.position() < leastEnd) {
      return false;
    }
    return end > state.config.segmentBytes().bytes()
        || (end > writer.allocatedBytes() && isSmall() && spares.isFilledReady());
  }

  private boolean isSmall() {
    return averageGroupBytes < LARGE_GROUP_BYTES;
  }

  /// Seals the active segment. One that cannot be sealed ends all the same.
  private void end(SegmentWriter writer, long offset, long micros) {
    active = null;
    long number = writer.segment().number();
    long position = writer.position();
    int chain = 0;
    try {
      chain = writer.seal(offset, micros, previous.chain());
      writer.close();
    } catch (IOException _) {
      // full or failing: the next group's own write meets the same and says so
      state.suspectSegments.incrementAndGet();
      writer.leave();
    }
    previous = new Recovered.Previous(number, position, chain);
  }

  private SegmentWriter beginFresh(long offset, long micros) throws IOException {
    SegmentName name = new SegmentName(nextNumber++, offset);
    SpareFiles.@Nullable Spare taken = spares.take();
    SpareFiles.Spare spare = taken == null ? spares.createNow() : taken;
    Segment segment = new Segment(state.disk, state.config.directory(), name);
    long zeros =
        isSmall() && spare.allocatedBytes() == 0
            ? Math.min(FIRST_ALLOCATION_BYTES, largestGroupBytes())
            : 0;
    SegmentWriter writer =
        new SegmentWriter(
            state.log, segment, spare.file(), buffer, Math.max(spare.allocatedBytes(), zeros));
    fresh = new Fresh(writer, spare.path(), zeros);
    writer.begin();
    writer.header(
        new SegmentHeader(
            state.log,
            name.number(),
            name.baseOffset(),
            previous.number(),
            previous.end(),
            micros,
            previous.chain()));
    writer.own(FrameType.SNAP, offset, micros, hooks.snapshot());
    long snapshotEnd = writer.groupBytes();
    leastEnd = snapshotEnd > largestGroupBytes() ? 2 * snapshotEnd : 0;
    return writer;
  }

  /// Makes the group durable, and with it the segment when it is a fresh one.
  void write(SegmentWriter writer, List<PendingAppend> group) throws IOException {
    long bytes = writer.groupBytes();
    @Nullable Fresh born = fresh;
    if (born == null) {
      writer.write();
    } else {
      bear(born);
    }
    writer.committed(group, bytes);
    if (born != null) {
      fresh = null;
      active = writer;
      writer.segment().growing(writer.index(), writer.allocatedBytes());
      state.catalog.add(writer.segment());
      spares.want(isSmall(), writer.allocatedBytes());
    } else {
      writer.segment().measured(writer.allocatedBytes());
    }
    spares.used(writer.position());
  }

  /// After a bug: leaves the active segment and drops a fresh one.
  void giveUp() {
    var _ = giveUpActive();
    @Nullable Fresh unborn = fresh;
    if (unborn != null) {
      drop(unborn);
    }
  }

  private void drop(Fresh unborn) {
    fresh = null;
    unborn.writer().close();
    remove(unborn.sparePath());
    remove(unborn.writer().segment().path());
  }

  private void bear(Fresh born) throws IOException {
    Disk disk = state.disk;
    Path path = born.writer().segment().path();
    try {
      born.writer().zerosUpTo(born.zerosUpTo());
      born.writer().write();
      disk.rename(born.sparePath(), path);
      disk.forceDirectory(state.config.directory());
    } catch (IOException e) {
      drop(born);
      throw e;
    }
  }

  private void remove(Path path) {
    try {
      state.disk.delete(path);
    } catch (IOException _) {
      // opening the log sees that nothing follows from it
    }
  }

  /// After a failed write or fsync: never touches the active segment again. False when none is
  /// active, that is when a fresh one failed.
  boolean giveUpActive() {
    SegmentWriter writer = active;
    if (writer == null) {
      return false;
    }
    active = null;
    state.suspectSegments.incrementAndGet();
    writer.leave();
    previous = new Recovered.Previous(writer.segment().number(), writer.position(), 0);
    return true;
  }

  /// Seals the active segment, if any, for good.
  void finish(long offset, long micros) {
    if (active != null) {
      end(active, offset, micros);
    }
  }
}
