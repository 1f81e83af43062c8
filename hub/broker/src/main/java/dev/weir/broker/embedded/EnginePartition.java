package dev.weir.broker.embedded;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.broker.EngineStats;
import dev.weir.log.Log;
import dev.weir.log.LogCondition;
import dev.weir.log.LogConfig;
import dev.weir.log.LogEntry;
import dev.weir.log.LogHooks;
import dev.weir.log.LogStats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// One partition: its log, and what the log asks of its owner. The hooks run on the log's thread.
final class EnginePartition implements LogHooks {
  /// Agent and incarnation in front of the header that the publisher sent.
  static final int SOURCE_BYTES = 512;

  private final Admission admission;
  private final int number;
  private final int maxSnapshotBytes;
  private final long queueBytes;
  private final AtomicLong queuedBytes = new AtomicLong();
  private volatile boolean isRoomAwaited;
  private final Log log;

  EnginePartition(
      Admission admission, EmbeddedEngineConfig config, int number, Disk disk, Clock clock)
      throws IOException {
    this.admission = admission;
    this.number = number;
    this.queueBytes = config.queueBytes().bytes();
    long maxFrame = config.maxBatchBytes().bytes() + SOURCE_BYTES;
    this.maxSnapshotBytes = (int) Math.min(maxFrame, config.segmentBytes().bytes() / 2);
    LogConfig logConfig =
        new LogConfig(
            config.stream() + "-" + number,
            directory(config, number),
            config.segmentBytes(),
            config.queueBytes(),
            new ByteSize(maxFrame),
            config.retention(),
            BatchFrames::topics);
    this.log = Log.open(logConfig, disk, clock, this);
  }

  static Path directory(EmbeddedEngineConfig config, int number) {
    return config.directory().resolve(config.stream()).resolve(Integer.toString(number));
  }

  Log log() {
    return log;
  }

  /// Rebuilds the partition's part of the state; before the first append.
  void restore(DedupState state, EngineDictionaries dictionaries) throws IOException {
    try (var frames = log.recoveryReader()) {
      state.restore(number, log.snapshot(), frames, dictionaries);
    }
  }

  boolean isOpen() {
    return log.condition() == LogCondition.OPEN;
  }

  /// Whether an append of this many bytes would probably be taken now; when not, [#takeRoomNews]
  /// tells the next release that makes room.
  boolean hasRoom(int bytes) {
    if (isRoomFor(bytes)) {
      return true;
    }
    isRoomAwaited = true;
    return isRoomFor(bytes);
  }

  private boolean isRoomFor(int bytes) {
    long queued = queuedBytes.get();
    return isOpen() && (queued <= 0 || queued + bytes <= queueBytes);
  }

  /// See [Log#offer].
  boolean offer(LogEntry entry, PendingAppend pending) {
    boolean isTaken = log.offer(entry, pending);
    if (isTaken) {
      queuedBytes.addAndGet(pending.weight());
    }
    return isTaken;
  }

  /// An append has its outcome.
  void release(PendingAppend pending) {
    queuedBytes.addAndGet(-pending.weight());
  }

  /// The log's thread, after a release: whether somebody waits for the room that there is now.
  boolean takeRoomNews() {
    boolean isNews = isRoomAwaited && queuedBytes.get() <= queueBytes / 2;
    if (isNews) {
      isRoomAwaited = false;
    }
    return isNews;
  }

  EngineStats.Partition stats() {
    LogStats stats = log.stats();
    return new EngineStats.Partition(
        stats.condition().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        stats.bytes(),
        stats.segments(),
        stats.firstOffset(),
        stats.durableOffset(),
        stats.commits(),
        stats.commitLatency().p50Nanos(),
        stats.commitLatency().p99Nanos(),
        stats.holes(),
        stats.queueBytes());
  }

  @Override
  public Bytes snapshot() {
    return admission.snapshot(number, maxSnapshotBytes);
  }

  @Override
  public void poisoned(WeirException cause) {
    admission.listener().suspended(cause);
  }

  @Override
  public void full(WeirException cause) {
    admission.listener().suspended(cause);
  }

  @Override
  public void recovered() {
    admission.resumed();
  }

  @Override
  public void room() {
    admission.listener().room();
  }
}
