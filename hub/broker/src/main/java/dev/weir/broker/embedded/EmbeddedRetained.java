package dev.weir.broker.embedded;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.broker.RetainedMessage;
import dev.weir.broker.RetainedPage;
import dev.weir.broker.RetainedStore;
import dev.weir.broker.retained.TopicIndex;
import dev.weir.log.AppendListener;
import dev.weir.log.FrameType;
import dev.weir.log.Log;
import dev.weir.log.LogConfig;
import dev.weir.log.LogEntry;
import dev.weir.log.LogEvent;
import dev.weir.log.LogHooks;
import dev.weir.log.LogReader;
import dev.weir.log.Retention;
import dev.weir.log.TopicExtractor;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Retained messages in a log of their own, compacted from its old end.
///
/// Invariants:
/// - the index names durable frames only, and for each topic the last frame of it in the log: one
///   thread writes, and it waits for each write before it goes on, so that a copy made by the
///   compaction never lands behind a newer message of its topic;
/// - nothing is given up before its copy is durable; a clearing frame goes with the oldest segment,
///   when nothing that it cleared is left;
/// - a frame of a place in the stream before [#scannedOffset] changes nothing: feeding the same
///   part of the stream again is harmless.
///
/// Opening reads all of the log, which is at most twice what is kept and four segments.
///
/// Threads: one writes (`weir-retained`); any reads. The lock guards the index and the scan, and is
/// never held while the disk is read or written.
final class EmbeddedRetained implements RetainedStore {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRetained.class);

  /// Compaction works by segments: small ones keep what is read at once small.
  private static final long MAX_SEGMENT_BYTES = 16L << 20;

  private static final ByteSize QUEUE_BYTES = ByteSize.ofMebibytes(32);
  private static final ByteSize MAX_FRAME_BYTES = ByteSize.ofMebibytes(18);

  /// Below so many segments there is nothing to gain.
  private static final int MIN_SEGMENTS = 4;

  /// Copied and waited for at a time, so that messages never wait long behind a compaction.
  private static final int COPY_BYTES = 1 << 20;

  /// Two of the largest messages: what one who looks may make a core hold.
  private static final long PAGE_BYTES = 32L << 20;

  private final String stream;
  private final long segmentBytes;
  private final Log log;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final TopicIndex index = new TopicIndex();
  private final long[] scanned;
  private long liveBytes;

  private EmbeddedRetained(String stream, int partitions, long segmentBytes, Log log) {
    this.stream = stream;
    this.segmentBytes = segmentBytes;
    this.log = log;
    this.scanned = new long[partitions];
  }

  static EmbeddedRetained open(Path directory, EmbeddedEngineConfig engine, Disk disk, Clock clock)
      throws IOException {
    long segmentBytes = Math.min(engine.segmentBytes().bytes(), MAX_SEGMENT_BYTES);
    LogConfig config =
        new LogConfig(
            "retained",
            directory,
            new ByteSize(segmentBytes),
            QUEUE_BYTES,
            MAX_FRAME_BYTES,
            Retention.FOREVER,
            TopicExtractor.NONE);
    Log opened = Log.open(config, disk, clock, LogHooks.NONE);
    EmbeddedRetained store =
        new EmbeddedRetained(engine.stream(), engine.partitions(), segmentBytes, opened);
    boolean isRead = false;
    try {
      store.read();
      isRead = true;
      return store;
    } finally {
      if (!isRead) {
        opened.close();
      }
    }
  }

  private void read() throws IOException {
    try (LogReader reader = log.reader(log.firstOffset())) {
      for (LogEvent event = reader.next(); event != null; event = reader.next()) {
        if (event instanceof LogEvent.Frame frame && frame.type() == FrameType.DATA) {
          RetainedFrames.Head head = RetainedFrames.head(frame.header());
          if (head.partition() < scanned.length) {
            apply(head, Ref.of(frame));
          }
        } else if (event instanceof LogEvent.Gap gap) {
          LOG.error("retained messages are damaged, some are forgotten: {}", gap);
        }
      }
    }
  }

  /// Takes what is durable into the index. Under the lock, or before there are threads.
  private void apply(RetainedFrames.Head head, Ref ref) {
    advance(head.partition(), head.isScanned() ? head.offset() : head.offset() + 1);
    if (head.isScanned()) {
      return;
    }
    long before = index.get(head.topic());
    liveBytes -= before == TopicIndex.ABSENT ? 0 : Ref.of(before).bytes();
    if (head.isMessage()) {
      index.put(head.topic(), ref.packed());
      liveBytes += ref.bytes();
    } else {
      index.remove(head.topic());
    }
  }

  private void advance(int partition, long offset) {
    scanned[partition] = Math.max(scanned[partition], offset);
  }

  @Override
  public long scannedOffset(int partition) {
    lock.lock();
    try {
      return scanned[partition];
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void keep(List<RetainedMessage> messages) throws IOException, InterruptedException {
    List<LogEntry> entries = new ArrayList<>();
    for (RetainedMessage message : messages) {
      if (message.position().offset() >= scannedOffset(message.position().partition())) {
        entries.add(RetainedFrames.entry(message));
      }
    }
    Written written = append(entries);
    lock.lock();
    try {
      for (int i = 0; i < entries.size(); i++) {
        LogEntry entry = entries.get(i);
        apply(RetainedFrames.head(entry.header()), Ref.of(written.offset(i), entry));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void scanned(int partition, long offset) throws IOException, InterruptedException {
    // The first mark makes the store: without one it would not be there after a crash.
    if (offset > scannedOffset(partition) || log.durableOffset() == 0) {
      append(List.of(RetainedFrames.scanned(partition, offset)));
      lock.lock();
      try {
        advance(partition, offset);
      } finally {
        lock.unlock();
      }
    }
  }

  /// Appends and waits until everything is durable.
  private Written append(List<LogEntry> entries) throws IOException, InterruptedException {
    Written written = new Written(entries.size());
    try {
      for (int i = 0; i < entries.size(); i++) {
        log.append(entries.get(i), written.listener(i));
      }
    } catch (WeirException e) {
      throw new IOException(e.explanation(), e);
    }
    written.await();
    return written;
  }

  @Override
  public boolean compact() throws IOException, InterruptedException {
    lock.lock();
    try {
      if (log.stats().bytes() <= MIN_SEGMENTS * segmentBytes + 2 * liveBytes) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    long readBytes = 0;
    long readTo = log.firstOffset();
    try (LogReader reader = log.reader(readTo)) {
      List<LogEvent.Frame> live = new ArrayList<>();
      long liveBytesRead = 0;
      while (readBytes <= segmentBytes) {
        LogEvent event = reader.next();
        if (event == null) {
          break;
        }
        if (event instanceof LogEvent.Frame frame && frame.type() == FrameType.DATA) {
          readBytes += Ref.of(frame).bytes();
          if (isLive(frame)) {
            live.add(frame);
            liveBytesRead += Ref.of(frame).bytes();
          }
        }
        if (liveBytesRead > COPY_BYTES) {
          copy(live);
          live.clear();
          liveBytesRead = 0;
        }
        readTo = reader.position();
      }
      copy(live);
    }
    List<LogEntry> marks = new ArrayList<>();
    for (int i = 0; i < scanned.length; i++) {
      marks.add(RetainedFrames.scanned(i, scannedOffset(i)));
    }
    append(marks);
    log.dropBefore(readTo);
    return true;
  }

  private boolean isLive(LogEvent.Frame frame) {
    RetainedFrames.Head head = RetainedFrames.head(frame.header());
    return head.isMessage() && offsetOf(head.topic()) == frame.baseOffset();
  }

  /// Where the topic's message stands in the log; [TopicIndex#ABSENT] when there is none.
  private long offsetOf(String topic) {
    lock.lock();
    try {
      long packed = index.get(topic);
      return packed == TopicIndex.ABSENT ? packed : Ref.of(packed).offset();
    } finally {
      lock.unlock();
    }
  }

  private void copy(List<LogEvent.Frame> live) throws IOException, InterruptedException {
    List<LogEntry> entries = live.stream().map(RetainedFrames::copy).toList();
    Written written = append(entries);
    lock.lock();
    try {
      for (int i = 0; i < entries.size(); i++) {
        LogEntry entry = entries.get(i);
        String topic = RetainedFrames.head(entry.header()).topic();
        index.put(topic, Ref.of(written.offset(i), entry).packed());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public RetainedPage page(List<TopicFilter> filters, String after, int max) throws IOException {
    List<RetainedReading.Found> found = new ArrayList<>();
    String next = find(filters, after, max, found);
    return new RetainedPage(new RetainedReading(log, stream, this::offsetOf).read(found), next);
  }

  /// One walk for all filters: their ranges one after the other would repeat topics.
  ///
  /// @return where the next page goes on, empty when there is none
  private String find(
      List<TopicFilter> filters, String after, int max, List<RetainedReading.Found> found) {
    long[] bytes = new long[1];
    boolean[] isCut = new boolean[1];
    String prefix = RetainedReading.commonPrefix(filters);
    lock.lock();
    try {
      index.walk(
          prefix,
          after,
          (topic, packed) -> {
            if (!matches(filters, topic)) {
              return true;
            }
            Ref ref = Ref.of(packed);
            bytes[0] += ref.bytes();
            isCut[0] = found.size() == max || (bytes[0] > PAGE_BYTES && !found.isEmpty());
            if (!isCut[0]) {
              found.add(new RetainedReading.Found(topic, ref.offset()));
            }
            return !isCut[0];
          });
    } finally {
      lock.unlock();
    }
    return isCut[0] ? found.getLast().topic() : "";
  }

  private static boolean matches(List<TopicFilter> filters, String topic) {
    for (TopicFilter filter : filters) {
      if (filter.test(topic)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean has(String topic) {
    lock.lock();
    try {
      return index.get(topic) != TopicIndex.ABSENT;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int topics() {
    lock.lock();
    try {
      return index.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long indexBytes() {
    lock.lock();
    try {
      return index.bytes();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    log.close();
  }

  /// A frame's place and about how long it is, in one number: the offset above 20 bits that count
  /// the frame in 64 bytes.
  private record Ref(long offset, long bytes) {
    private static final int SIZE_BITS = 20;
    private static final int UNIT_BITS = 6;
    private static final int OVERHEAD_BYTES = 64;

    static Ref of(long packed) {
      long units = packed & ((1 << SIZE_BITS) - 1);
      return new Ref(packed >>> SIZE_BITS, units << UNIT_BITS);
    }

    static Ref of(LogEvent.Frame frame) {
      return of(frame.baseOffset(), frame.header().length() + frame.payload().length());
    }

    static Ref of(long offset, LogEntry entry) {
      return of(offset, entry.header().length() + entry.payload().length());
    }

    private static Ref of(long offset, int bodyBytes) {
      long units = ((long) bodyBytes + OVERHEAD_BYTES + (1 << UNIT_BITS) - 1) >>> UNIT_BITS;
      return new Ref(offset, units << UNIT_BITS);
    }

    long packed() {
      return offset << SIZE_BITS | bytes >>> UNIT_BITS;
    }
  }

  /// Waits for entries that were handed to the log.
  private static final class Written {
    private final long[] offsets;
    private final CountDownLatch open;
    private volatile @Nullable WeirException fault;

    Written(int count) {
      this.offsets = new long[count];
      this.open = new CountDownLatch(count);
    }

    AppendListener listener(int number) {
      return new AppendListener() {
        @Override
        public void durable(
            long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
          offsets[number] = baseOffset;
          open.countDown();
        }

        @Override
        public void failed(WeirException cause) {
          fault = cause;
          open.countDown();
        }
      };
    }

    void await() throws IOException, InterruptedException {
      open.await();
      WeirException cause = fault;
      if (cause != null) {
        throw new IOException(cause.explanation(), cause);
      }
    }

    long offset(int number) {
      return offsets[number];
    }
  }
}
