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

/// Keeps one file ready to become the next segment, filled with zeros, so that appends overwrite
/// blocks that the file system has already given out: an fsync then writes data only, no metadata,
/// which makes small groups two to six times as fast.
///
/// Filling writes every byte of the log twice, so it stops paying where groups are large: measured
/// on ext4 with fdatasync after each write, overwriting against growing gives 30 : 5 MB/s at 4 KiB,
/// 284 : 142 at 64 KiB, 557 : 579 at 256 KiB. The log's thread says which it wants.
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

  private final LogState state;
  private final Disk disk;
  private final AtomicReference<@Nullable Spare> ready = new AtomicReference<>();
  private final AtomicLong serial = new AtomicLong();
  private volatile boolean isWanted;
  private volatile boolean wantsFilled;
  private volatile boolean isStopping;
  private volatile Runnable wake = () -> {};
  private long retryNanos;

  /// @param allocatedBytes how far it is filled
  record Spare(Path path, DiskFile file, long allocatedBytes) {}

  SpareFiles(LogState state) {
    this.state = state;
    this.disk = state.disk;
    this.retryNanos = state.clock.nanoTime();
  }

  /// The log's thread: says that a segment is in use and how the next one should be.
  void want(boolean filled) {
    wantsFilled = filled;
    isWanted = true;
    wake.run();
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
  boolean isWanted() {
    return isWanted && !isStopping && ready.get() == null && isDue();
  }

  /// Whether a filled spare waits.
  boolean isFilledReady() {
    @Nullable Spare spare = ready.get();
    return spare != null && spare.allocatedBytes() > 0;
  }

  long readyBytes() {
    @Nullable Spare spare = ready.get();
    return spare == null ? 0 : spare.allocatedBytes();
  }

  /// The log's thread: an empty file, at once.
  Spare createNow() throws IOException {
    while (true) {
      Path path = state.config.directory().resolve(SegmentName.spareName(serial.incrementAndGet()));
      try {
        return new Spare(path, disk.create(path), 0);
      } catch (FileAlreadyExistsException _) {
        // left by an earlier process and not removable: the next number is free
      }
    }
  }

  /// The chores thread: prepares one when it is wanted; true when it did something.
  boolean step() {
    if (!isWanted()) {
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

  private boolean isDue() {
    return state.clock.nanoTime() - retryNanos >= 0;
  }

  private void prepare() throws IOException {
    long bytes = state.config.segmentBytes().bytes();
    long floor = state.config.retention().freeDiskFloor().bytes();
    boolean isFilled =
        wantsFilled && disk.freeBytes(state.config.directory()) - floor > FREE_SEGMENTS * bytes;
    Spare spare = createNow();
    DiskFile file = spare.file();
    boolean isReady = false;
    try {
      if (isFilled) {
        fill(file, bytes);
      }
      disk.forceDirectory(state.config.directory());
      isReady = !isStopping;
    } finally {
      if (!isReady) {
        discard(spare.path(), file);
      }
    }
    if (isReady) {
      ready.set(new Spare(spare.path(), file, isFilled ? bytes : 0));
    }
  }

  private void fill(DiskFile file, long bytes) throws IOException {
    ByteBuffer zeros =
        ByteBuffer.allocateDirect(ZEROS_BYTES + DirectWrites.BLOCK_BYTES)
            .alignedSlice(DirectWrites.BLOCK_BYTES)
            .limit(ZEROS_BYTES);
    long unforced = 0;
    for (long at = 0; at < bytes && !isStopping; at += zeros.limit()) {
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
  }
}
