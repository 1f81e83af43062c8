package dev.weir.broker.embedded;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.broker.EngineJournal;
import dev.weir.broker.JournalOwner;
import dev.weir.log.AppendListener;
import dev.weir.log.FrameType;
import dev.weir.log.Log;
import dev.weir.log.LogConfig;
import dev.weir.log.LogEntry;
import dev.weir.log.LogEvent;
import dev.weir.log.LogHooks;
import dev.weir.log.LogReader;
import dev.weir.log.LogSnapshot;
import dev.weir.log.Retention;
import dev.weir.log.TopicExtractor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A journal in a log of its own: a record is a DATA frame of one message, the owner's state stands
/// at the start of each segment. Opening reads the newest segment; those before the one before it
/// are given up.
final class EmbeddedJournal implements EngineJournal, LogHooks {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedJournal.class);

  /// Records in flight are small; this is a burst of a million acks.
  private static final ByteSize QUEUE_BYTES = ByteSize.ofMebibytes(16);

  /// Each begins with all of the state: small enough to read at a start.
  private static final long MAX_SEGMENT_BYTES = 16L << 20;

  private static final ByteSize MAX_RECORD_BYTES = ByteSize.ofMebibytes(64);

  private final String name;
  private final JournalOwner owner;

  /// Set before the first append.
  private @Nullable Log log;

  /// Where the two newest snapshots stand; owned by the log's thread once it appends.
  private long previousSnapshotOffset;

  private long latestSnapshotOffset;
  private boolean isDropDue;

  private EmbeddedJournal(String name, JournalOwner owner) {
    this.name = name;
    this.owner = owner;
  }

  static EmbeddedJournal open(
      String name,
      Path directory,
      ByteSize segmentBytes,
      Disk disk,
      Clock clock,
      JournalOwner owner)
      throws IOException {
    EmbeddedJournal journal = new EmbeddedJournal(name, owner);
    LogConfig config =
        new LogConfig(
            name,
            directory,
            new ByteSize(Math.min(segmentBytes.bytes(), MAX_SEGMENT_BYTES)),
            QUEUE_BYTES,
            MAX_RECORD_BYTES,
            Retention.FOREVER,
            TopicExtractor.NONE);
    Log opened = Log.open(config, disk, clock, journal);
    journal.log = opened;
    boolean isRead = false;
    try {
      journal.read(opened);
      isRead = true;
      return journal;
    } finally {
      if (!isRead) {
        opened.close();
      }
    }
  }

  private void read(Log opened) throws IOException {
    Optional<LogSnapshot> snapshot = opened.snapshot();
    if (snapshot.isPresent() && !snapshot.get().payload().isEmpty()) {
      owner.restore(snapshot.get().payload());
    }
    try (LogReader reader = opened.recoveryReader()) {
      for (LogEvent event = reader.next(); event != null; event = reader.next()) {
        if (event instanceof LogEvent.Frame frame && frame.type() == FrameType.DATA) {
          owner.replay(frame.payload());
        } else if (event instanceof LogEvent.Gap gap) {
          LOG.error("the journal {} is damaged, records in it are forgotten: {}", name, gap);
        }
      }
    }
    latestSnapshotOffset = snapshot.map(LogSnapshot::offset).orElse(0L);
  }

  @Override
  public boolean offer(Bytes content, Listener listener) {
    Log open = log;
    return open != null && open.offer(entry(content), new Told(listener));
  }

  private static LogEntry entry(Bytes content) {
    return new LogEntry(FrameType.DATA, 0, 0, 1, 0, 0, content.length(), Bytes.EMPTY, content);
  }

  /// The log's thread begins a segment.
  @Override
  public Bytes snapshot() {
    Log open = log;
    previousSnapshotOffset = latestSnapshotOffset;
    latestSnapshotOffset = open == null ? 0 : open.durableOffset();
    isDropDue = true;
    return owner.snapshot();
  }

  /// Once a snapshot is durable, what stands before the one before it is not needed: that one is
  /// kept in case the newest cannot be read.
  private void dropBehindSnapshots() {
    Log open = log;
    if (isDropDue && open != null) {
      isDropDue = false;
      open.dropBefore(previousSnapshotOffset);
    }
  }

  @Override
  public void close() {
    Log open = log;
    if (open != null) {
      open.close();
    }
  }

  /// Passes on what became of a record.
  private final class Told implements AppendListener {
    private final Listener listener;

    Told(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void durable(
        long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
      dropBehindSnapshots();
      listener.durable();
    }

    @Override
    public void failed(WeirException cause) {
      listener.failed(cause);
    }
  }
}
