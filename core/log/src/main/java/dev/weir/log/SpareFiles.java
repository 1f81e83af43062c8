package dev.weir.log;

import dev.weir.base.disk.Disk;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Keeps one file ready to become the next segment, whose blocks the file system has already given
/// out: appends overwrite them, and an fsync then writes data only, no metadata, which makes small
/// groups two to six times as fast.
///
/// The best such file is a segment that retention let go: it costs a rename. What it holds means
/// nothing in its new place, since each frame's checksum is salted with its segment's number and
/// its position. So there is nothing to wipe, and a log at its limit writes each byte once.
///
/// Without one, a fresh file is filled with zeros. That writes every byte of the log twice, so it
/// stops paying where groups are large: measured on ext4 with fdatasync after each write,
/// overwriting against growing gives 30 : 5 MB/s at 4 KiB, 284 : 142 at 64 KiB, 557 : 579 at 256
/// KiB. The log's thread says which it wants. Filling begins only when a part of the active
/// segment's blocks is used: until then a segment to use again may turn up.
///
/// The chores thread prepares; the log's thread takes. A full disk shows here first, one segment
/// before an append would meet it.
final class SpareFiles {
  /// Forced step by step, so that filling never puts more than this before a commit's fsync.
  private static final int FILL_STEP_BYTES = 2 << 20;

  private static final int ZEROS_BYTES = 256 << 10;

  /// With less free space than this many segments, the space is left to the log itself.
  private static final int FREE_SEGMENTS = 4;

  private static final long RETRY_NANOS = 5_000_000_000L;

  /// Which part of the active segment's blocks is used before a fresh file is filled.
  private static final int WAIT_DIVISOR = 4;

  private final LogState state;
  private final Disk disk;
  private final AtomicReference<@Nullable Spare> ready = new AtomicReference<>();
  private final AtomicLong serial = new AtomicLong();
  private volatile boolean isWanted;
  private volatile boolean wantsFilled;
  private final AtomicLong wishes = new AtomicLong();

  /// Nothing to use again turned up in time.
  private volatile boolean isPressing;

  /// The log's thread: where in the active segment waiting ends.
  private long pressingPosition;

  private volatile boolean isStopping;
  private volatile Runnable wake = () -> {};

  /// The chores thread: a segment that was let go, under a spare's name.
  private @Nullable Path recycled;

  private long retryNanos;

  /// @param allocatedBytes how far it is filled
  record Spare(Path path, DiskFile file, long allocatedBytes) {}

  SpareFiles(LogState state) {
    this.state = state;
    this.disk = state.disk;
    this.retryNanos = state.clock.nanoTime();
  }

  /// The log's thread: says that a segment is in use and how the next one should be.
  ///
  /// @param activeBytes how many bytes of blocks the active segment was given
  void want(boolean filled, long activeBytes) {
    wantsFilled = filled;
    pressingPosition = (filled ? activeBytes : state.config.segmentBytes().bytes()) / WAIT_DIVISOR;
    isPressing = false;
    isWanted = true;
    wishes.incrementAndGet();
    wake.run();
  }

  /// The log's thread: how far the active segment is used.
  void used(long position) {
    if (!isPressing && position >= pressingPosition) {
      isPressing = true;
      wake.run();
    }
  }

  /// Who is to be told that there is something to prepare.
  void wakes(Runnable choresThread) {
    wake = choresThread;
  }

  /// The log's thread: the spare, if one is ready.
  @Nullable Spare take() {
    return ready.getAndSet(null);
  }

  /// Whether the next step has something to prepare.
  boolean isDue() {
    return isMissing()
        && (isPressing || recycled != null)
        && state.clock.nanoTime() - retryNanos >= 0;
  }

  private boolean isMissing() {
    return isWanted && !isStopping && ready.get() == null;
  }

  /// The chores thread: whether a segment that is let go now would be used again.
  boolean canRecycle() {
    return isMissing() && recycled == null;
  }

  /// The chores thread: takes over the file of a segment that is no part of the log any more, and
  /// of which the low-water mark on disk says so. The caller forces the directory.
  ///
  /// @return false when the file is to be deleted: it is not needed, somebody reads it, or the disk
  ///   needs its space
  boolean recycle(Segment segment) throws IOException {
    if (!canRecycle() || !hasSpace() || !segment.retire()) {
      return false;
    }
    Path path = spareName();
    disk.rename(segment.path(), path);
    recycled = path;
    return true;
  }

  /// Whether a filled spare waits.
  boolean isFilledReady() {
    @Nullable Spare spare = ready.get();
    return spare != null && spare.allocatedBytes() > 0;
  }

  /// What the spare takes of the disk.
  long readyBytes() {
    @Nullable Spare spare = ready.get();
    return spare == null ? 0 : spare.allocatedBytes();
  }

  /// What it takes, or will once it is ready.
  long plannedBytes() {
    return isMissing() ? state.config.segmentBytes().bytes() : readyBytes();
  }

  /// How often one was asked for.
  long wishes() {
    return wishes.get();
  }

  private Path spareName() {
    return state.config.directory().resolve(SegmentName.spareName(serial.incrementAndGet()));
  }

  /// The log's thread: an empty file, at once.
  Spare createNow() throws IOException {
    while (true) {
      Path path = spareName();
      try {
        return new Spare(path, disk.create(path), 0);
      } catch (FileAlreadyExistsException _) {
        // left by an earlier process and not removable: the next number is free
      }
    }
  }

  /// The chores thread: prepares one when it is due; true when it did something.
  boolean step() {
    if (!isDue()) {
      return false;
    }
    isWanted = false;
    try {
      prepare();
    } catch (IOException _) {
      // the log's thread makes its own file and meets the error itself, if it lasts
      isWanted = true;
      retryNanos = state.clock.nanoTime() + RETRY_NANOS;
    }
    return true;
  }

  /// Whether the disk can do without a segment that holds no messages.
  private boolean hasSpace() throws IOException {
    long floor = state.config.retention().freeDiskFloor().bytes();
    long needed = FREE_SEGMENTS * state.config.segmentBytes().bytes();
    return disk.freeBytes(state.config.directory()) - floor > needed;
  }

  private void prepare() throws IOException {
    long bytes = state.config.segmentBytes().bytes();
    boolean isFilled = wantsFilled && hasSpace();
    Spare spare = begin();
    DiskFile file = spare.file();
    long allocated = spare.allocatedBytes();
    boolean isReady = false;
    try {
      if (isFilled && allocated < bytes) {
        fill(file, allocated & -DirectWrites.BLOCK_BYTES, bytes);
        allocated = bytes;
      }
      // Before anything is written there: an old name that a crash brings back must not show it.
      disk.forceDirectory(state.config.directory());
      isReady = !isStopping;
    } finally {
      if (!isReady) {
        discard(spare.path(), file);
      }
    }
    if (isReady) {
      ready.set(new Spare(spare.path(), file, allocated));
    }
  }

  private Spare begin() throws IOException {
    @Nullable Path old = recycled;
    if (old == null) {
      return createNow();
    }
    recycled = null;
    DiskFile file = disk.open(old);
    try {
      return new Spare(old, file, file.size());
    } catch (IOException e) {
      discard(old, file);
      throw e;
    }
  }

  private void fill(DiskFile file, long from, long bytes) throws IOException {
    ByteBuffer zeros =
        ByteBuffer.allocateDirect(ZEROS_BYTES + DirectWrites.BLOCK_BYTES)
            .alignedSlice(DirectWrites.BLOCK_BYTES)
            .limit(ZEROS_BYTES);
    long unforced = 0;
    for (long at = from; at < bytes && !isStopping; at += zeros.limit()) {
      zeros.clear().limit((int) Math.min(ZEROS_BYTES, bytes - at));
      file.write(new ByteBuffer[] {zeros}, at);
      unforced += zeros.limit();
      if (unforced >= FILL_STEP_BYTES) {
        file.force();
        unforced = 0;
      }
    }
    file.force();
  }

  private void discard(Path path, DiskFile file) {
    file.close();
    remove(path);
  }

  private void remove(Path path) {
    try {
      disk.delete(path);
    } catch (IOException _) {
      // opening the log removes spares that were left
    }
  }

  /// Any thread: a preparation under way ends soon.
  void stop() {
    isStopping = true;
  }

  /// After both threads ended.
  void close() {
    @Nullable Spare spare = ready.getAndSet(null);
    if (spare != null) {
      discard(spare.path(), spare.file());
    }
    @Nullable Path old = recycled;
    if (old != null) {
      remove(old);
    }
  }
}
