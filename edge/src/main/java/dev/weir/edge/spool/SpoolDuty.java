package dev.weir.edge.spool;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.log.Log;
import dev.weir.log.LogCondition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a spool does beside taking and giving: stores the ack cursor once a second, gives space
/// back, drops what is too old or too much, puts in again what a failed disk gave back. One
/// platform thread, `weir-spool`, because it forces a file; stepped by hand in tests.
///
/// Order of a drop, each step durable before the next: the cursor file tells the loss; the log lets
/// the frames go; the log tells the loss. The cursor file needs no new space on a full disk.
final class SpoolDuty {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolDuty.class);
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

  /// How long drops of the newest wait to be told in one message while there is no room.
  private static final long REPORT_NANOS = Duration.ofSeconds(10).toNanos();

  private final SpoolConfig config;
  private final Disk disk;
  private final Clock clock;
  private final Log log;
  private final SpoolLedger ledger;
  private final SpoolAppender appender;
  private final SpoolCursor cursor;
  private final SpoolDropper dropper;
  private final Runnable wakeOthers;
  private final SteppedThread thread;
  private final ArrayDeque<SpoolLedger.Place> grace = new ArrayDeque<>();
  private Optional<LossRange> untold = Optional.empty();
  private SpoolCursor.Values stored;
  private long nextSecondNanos;
  private volatile boolean isDiskLow;
  private volatile long oldestMicros;

  SpoolDuty(
      SpoolConfig config,
      Disk disk,
      Clock clock,
      Log log,
      SpoolLedger ledger,
      SpoolAppender appender,
      SpoolCursor cursor,
      Runnable wakeOthers) {
    this.config = config;
    this.disk = disk;
    this.clock = clock;
    this.log = log;
    this.ledger = ledger;
    this.appender = appender;
    this.cursor = cursor;
    this.dropper = new SpoolDropper(ledger, log);
    this.wakeOthers = wakeOthers;
    this.stored = values();
    this.nextSecondNanos = clock.nanoTime();
    this.thread = SteppedThread.platform("weir-spool", this::step, () -> SECOND_NANOS / 10);
  }

  void start() {
    thread.start();
  }

  void wake() {
    thread.wake();
  }

  boolean isDiskLow() {
    return isDiskLow;
  }

  long oldestMicros() {
    return oldestMicros;
  }

  /// A drop that was under way when the process ended.
  void restoreDrop(LossRange range) {
    boolean isKnown = ledger.firstKept() > range.lastSequence();
    if (!isKnown) {
      ledger.lost(List.of(range));
      tell(List.of(range));
    }
  }

  /// @return whether something was done that may let others go on
  boolean step() {
    boolean hasDone = false;
    try {
      if (clock.nanoTime() - nextSecondNanos >= 0) {
        nextSecondNanos = clock.nanoTime() + SECOND_NANOS;
        everySecond();
      }
      appender.retry(!isFull() || appender.unreportedNanos() >= REPORT_NANOS);
      hasDone = dropExcess();
    } catch (IOException e) {
      LOG.warn("the spool's duty is tried again: {}", e.toString());
    }
    if (hasDone) {
      wakeOthers.run();
    }
    return hasDone;
  }

  /// Ends the thread, then the log, then stores how far everything is.
  void close(Runnable closeLog) {
    thread.close();
    appender.retry(true);
    closeLog.run();
    try {
      store();
    } catch (IOException e) {
      LOG.warn("the last acks are not stored and will be asked again: {}", e.toString());
    }
    cursor.close();
  }

  private void everySecond() throws IOException {
    boolean wasLow = isDiskLow;
    isDiskLow = disk.freeBytes(config.directory()) < config.freeDiskFloor().bytes();
    if (wasLow != isDiskLow) {
      tellDisk();
      wakeOthers.run();
    }
    OptionalLong oldest = dropper.oldestMicros();
    oldestMicros = oldest.orElse(0);
    if (config.maxAge().isPresent() && oldest.isPresent()) {
      long before = clock.epochMicros() - config.maxAge().get().toNanos() / 1_000;
      if (oldest.getAsLong() < before) {
        drop(LossReason.TOO_OLD, 0, before);
      }
    }
    if (!stored.equals(values())) {
      store();
    }
    giveBack();
  }

  private void tellDisk() {
    if (isDiskLow) {
      String free = "The spool's disk has less than " + config.freeDiskFloor() + " free.";
      LOG.error("{}", new WeirException(ErrorCode.DISK_FULL, free).explanation());
    } else {
      LOG.info("the spool's disk has {} free again", config.freeDiskFloor());
    }
  }

  /// With drop-oldest: a segment's worth at a time, so that each drop frees a file and the reading
  /// of what is dropped costs no more than the writing of what replaces it.
  private boolean dropExcess() throws IOException {
    if (config.overflow() != OverflowPolicy.DROP_OLDEST || !isFull()) {
      return false;
    }
    long share = Math.min(config.segmentBytes().bytes(), config.maxBytes().bytes() / 4);
    boolean hasDropped = drop(LossReason.DROP_OLDEST, Math.max(1, share), 0);
    if (hasDropped && isDiskLow) {
      isDiskLow = disk.freeBytes(config.directory()) < config.freeDiskFloor().bytes();
    }
    return hasDropped;
  }

  private boolean isFull() {
    return ledger.unackedBytes() >= config.maxBytes().bytes()
        || isDiskLow
        || log.condition() == LogCondition.DISK_FULL;
  }

  private boolean drop(LossReason reason, long bytes, long beforeMicros) throws IOException {
    long handedMax = ledger.hold();
    try {
      SpoolDropper.Selection selection =
          dropper.select(reason, bytes, beforeMicros, handedMax, clock.epochMicros());
      List<LossRange> ranges = selection.ranges();
      if (ranges.isEmpty()) {
        return false;
      }
      LossRange sum = ranges.getFirst();
      for (LossRange range : ranges.subList(1, ranges.size())) {
        sum = sum.joined(range);
      }
      LossRange added = sum;
      Optional<LossRange> before = untold();
      untold(before.map(known -> known.joined(added)).orElse(added));
      store();
      ledger.lost(ranges);
      tell(ranges);
      selection.reports().forEach(report -> appender.add(report, SpoolAppender.REPORT_FLAG));
      log.dropBefore(sum.endOffset());
      LOG.warn(
          "dropped {} messages without an ack ({} bytes): {}",
          sum.messages(),
          sum.bytes(),
          reason.label());
      return true;
    } finally {
      ledger.release();
    }
  }

  private void tell(List<LossRange> ranges) {
    long last = ranges.getLast().lastSequence();
    appender.add(ranges, () -> told(last));
  }

  private synchronized void told(long lastSequence) {
    untold = untold.filter(range -> range.lastSequence() > lastSequence);
  }

  private synchronized Optional<LossRange> untold() {
    return untold;
  }

  private synchronized void untold(LossRange range) {
    untold = Optional.of(range);
  }

  private SpoolCursor.Values values() {
    return new SpoolCursor.Values(ledger.settledSequence(), ledger.settledPlace(), untold());
  }

  private void store() throws IOException {
    SpoolCursor.Values values = values();
    cursor.store(values);
    stored = values;
    grace.addLast(values.place());
  }

  /// Lets go what was acked before the grace, never beyond the cursor on disk.
  private void giveBack() {
    long keptBytes = stored.place().bytes() - config.ackGrace().bytes();
    long offset = -1;
    while (!grace.isEmpty() && grace.peekFirst().bytes() <= keptBytes) {
      offset = grace.pollFirst().offset();
    }
    if (offset > 0) {
      log.dropBefore(offset);
    }
  }
}
