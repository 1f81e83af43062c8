package dev.weir.kv;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.log.AppendListener;
import dev.weir.log.FrameType;
import dev.weir.log.Log;
import dev.weir.log.LogEntry;
import dev.weir.log.LogEvent;
import dev.weir.log.LogReader;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Frees the log of revisions that nobody needs any more.
///
/// Problem: a log gives up whole segments at its old end only, and what is needed lies among what
/// is not. Idea: when less than about half of the log is needed, read one segment's worth from the
/// old end, append again what is still needed, and once that is durable give up what was read.
///
/// Invariants:
/// - nothing is given up before its copy is durable; a crash in between leaves a revision twice,
///   and the later place wins;
/// - a record is copied only while no write of its key is on its way, so its copy lies before any
///   newer revision of the key;
/// - a deletion is forgotten only where it is the last record of its key in the log, so that
///   everything older goes with it or before it.
///
/// Runs on the store's duty thread, a bounded amount each step.
final class Compactor {
  /// Below so many segments there is nothing to gain.
  private static final int MIN_SEGMENTS = 4;

  private static final int RECORDS_PER_STEP = 256;

  /// Bytes of copies that are not yet durable: a quarter of the log's queue, so that writers always
  /// find room beside them.
  private static final int QUEUE_DIVISOR = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

  private final StoreState state;
  private final Log log;
  private @Nullable LogReader reader;
  private LogEvent.@Nullable Frame held;
  private long readBytes;
  private long readTo;
  private boolean isReadDone;
  private boolean isAsked;

  // Guarded by the store's lock.
  private final Set<Bucket> changed = new HashSet<>();
  private long copyingBytes;
  private boolean hasFailed;

  Compactor(StoreState state, Log log) {
    this.state = state;
    this.log = log;
  }

  /// Any thread: a round is to begin whatever the figures say.
  void ask() {
    state.lock.lock();
    try {
      isAsked = true;
    } finally {
      state.lock.unlock();
    }
  }

  /// Works a little.
  ///
  /// @return whether something was done
  boolean step() {
    try {
      if (reader == null) {
        return isWorthwhile() && begin();
      }
      return isReadDone ? finish() : advance();
    } catch (IOException e) {
      LOG.warn("store {}: compaction could not read", state.config.name(), e);
      end();
      return false;
    }
  }

  private boolean isWorthwhile() {
    long segment = state.config.segmentBytes().bytes();
    long bytes = log.stats().bytes();
    state.lock.lock();
    try {
      boolean isDue = isAsked;
      isAsked = false;
      return isDue || bytes > MIN_SEGMENTS * segment + 2 * state.index.liveBytes();
    } finally {
      state.lock.unlock();
    }
  }

  private boolean begin() {
    reader = log.reader(log.firstOffset());
    readBytes = 0;
    readTo = log.firstOffset();
    isReadDone = false;
    hasFailed = false;
    return true;
  }

  private boolean advance() throws IOException {
    LogReader from = reader;
    if (from == null) {
      return false;
    }
    for (int i = 0; i < RECORDS_PER_STEP; i++) {
      boolean isEnough = readBytes > state.config.segmentBytes().bytes();
      LogEvent event = isEnough ? null : held == null ? from.next() : held;
      held = null;
      if (event == null) {
        isReadDone = appendChangedBuckets();
        return isReadDone;
      }
      if (event instanceof LogEvent.Frame frame) {
        if (frame.type() == FrameType.DATA && !take(frame)) {
          held = frame;
          return i > 0;
        }
        readBytes += frame.header().length() + frame.payload().length() + 64;
      }
      readTo = from.position();
    }
    return true;
  }

  /// Copies a record if it is needed.
  ///
  /// @return false when that has to wait
  private boolean take(LogEvent.Frame frame) {
    RecordHeader header = RecordHeader.decode(frame.header());
    state.lock.lock();
    try {
      if (header.kindCode() == RecordHeader.BUCKET) {
        Bucket bucket = state.index.bucket(header.bucket());
        return bucket == null || bucket.offset != frame.baseOffset() || remember(bucket);
      }
      KeyState key = state.index.key(header.bucket(), header.key());
      if (key == null) {
        return true;
      }
      long number = header.revision() == 0 ? frame.baseOffset() + 1 : header.revision();
      Revision revision = key.find(number);
      if (revision == null || revision.offset != frame.baseOffset() || isForgotten(revision)) {
        return true;
      }
      return key.pending == null && copy(header, revision, frame.payload());
    } finally {
      state.lock.unlock();
    }
  }

  private boolean remember(Bucket bucket) {
    changed.add(bucket);
    return true;
  }

  /// Lets a revision go that only an old deletion keeps, or that deletion itself.
  private boolean isForgotten(Revision revision) {
    KeyState key = revision.key;
    Revision newest = key.newest();
    if (newest == null
        || key.pending != null
        || newest.kind == KvKind.PUT
        || newest.writtenMillis + state.config.tombstones().toMillis() > state.nowMillis()) {
      return false;
    }
    boolean isLast = key.revisions.size() == 1 && revision.offset == key.lastOffset;
    if (revision == newest && !isLast) {
      return false;
    }
    state.index.remove(revision);
    if (revision == newest) {
      key.bucket.forgottenRevision = Math.max(key.bucket.forgottenRevision, revision.number);
      changed.add(key.bucket);
      state.index.forget(key);
    }
    return true;
  }

  private boolean copy(RecordHeader header, Revision revision, Bytes payload) {
    RecordHeader copied =
        new RecordHeader(
            header.kindCode(),
            revision.number,
            header.writtenMillis(),
            header.expiresMillis(),
            header.bucket(),
            revision.key.key);
    return offer(copied, Bytes.wrap(payload.toArray()));
  }

  private boolean offer(RecordHeader header, Bytes value) {
    if (copyingBytes > state.config.queueBytes().bytes() / QUEUE_DIVISOR) {
      return false;
    }
    LogEntry entry = LogEntry.data(1, header.encode(), value);
    int bytes = 1 + entry.header().length() + value.length();
    boolean isTaken = log.offer(entry, new Copy(header, bytes));
    copyingBytes += isTaken ? bytes : 0;
    return isTaken;
  }

  /// What was forgotten in this round has to be known after it; and a bucket's own record goes on.
  ///
  /// @return false when that has to wait
  private boolean appendChangedBuckets() {
    state.lock.lock();
    try {
      while (!changed.isEmpty()) {
        Bucket bucket = changed.iterator().next();
        if (bucket.configuring > 0 || !offer(KvIndex.bucketRecord(bucket), Bytes.EMPTY)) {
          return false;
        }
        changed.remove(bucket);
      }
      return true;
    } finally {
      state.lock.unlock();
    }
  }

  private boolean finish() {
    boolean isGivenUp;
    state.lock.lock();
    try {
      if (copyingBytes > 0) {
        return false;
      }
      isGivenUp = hasFailed;
    } finally {
      state.lock.unlock();
    }
    if (!isGivenUp) {
      log.dropBefore(readTo);
    }
    end();
    return true;
  }

  /// Ends the round; what it copied stays.
  void end() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
    held = null;
  }

  /// A copy on its way to the disk.
  private final class Copy implements AppendListener {
    private final RecordHeader header;
    private final int bytes;

    Copy(RecordHeader header, int bytes) {
      this.header = header;
      this.bytes = bytes;
    }

    @Override
    public void durable(
        long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
      state.lock.lock();
      try {
        copyingBytes -= bytes;
        if (header.kindCode() == RecordHeader.BUCKET) {
          state.index.moveBucket(header.bucket(), baseOffset);
        } else {
          state.index.move(header, baseOffset);
        }
      } finally {
        state.lock.unlock();
      }
    }

    @Override
    public void failed(WeirException cause) {
      state.lock.lock();
      try {
        copyingBytes -= bytes;
        hasFailed = true;
        if (header.kindCode() == RecordHeader.BUCKET) {
          changed.add(state.index.bucketOrNew(header.bucket()));
        }
      } finally {
        state.lock.unlock();
      }
    }
  }
}
