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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a spool does beside taking and giving: stores the ack cursor once a second, gives space
/// back, drops what is too old or too much, begins a new lane when the live one is late, puts in
/// again what a failed disk gave back. One platform thread, `weir-spool`, because it forces a file;
/// stepped by hand in tests.
///
/// Order of a drop, each step durable before the next: the cursor file tells the sum of the loss;
/// the log tells the loss frame by frame where a core may have them; the log lets the frames go. On
/// a full disk the frames go before the log tells: the cursor file needs no new space.
final class SpoolDuty {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolDuty.class);
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

  /// 100 ms: how long a full spool or a failed write waits for a look. While nothing changes there
  /// is nothing to look at but what is due each second.
  private static final long TICK_NANOS = SECOND_NANOS / 10;

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
  private final ArrayDeque<LogPlace> grace = new ArrayDeque<>();

  /// By lane: what was dropped and does not stand in the log yet. Also touched by the log's thread.
  private final Map<Integer, LossRange> untold = new ConcurrentHashMap<>();

  private LogPlace storedPlace = LogPlace.BEGINNING;
  private int newestLane;
  private SpoolCursor.Values stored;
  private long nextSecondNanos;
  private volatile boolean isDiskLow;
  private volatile Oldest oldest = new Oldest(0, 0);
  private volatile int lateLane = -1;

  /// When the oldest frames without an ack were written, microseconds since 1970, 0 for none.
  record Oldest(long liveMicros, long backfillMicros) {}

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
    this.newestLane = ledger.live().number();
    this.stored = values();
    this.nextSecondNanos = clock.nanoTime();
    this.thread = SteppedThread.platform("weir-spool", this::step, this::idleNanos);
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

  Oldest oldest() {
    return oldest;
  }

  /// A lane is late: what comes now should go on one of its own. Any thread; says so once, however
  /// often the same lane is found late until it is closed.
  void wantRoll(int lane) {
    if (lane != lateLane && ledger.lanes().size() < SpoolCursor.MAX_LANES) {
      lateLane = lane;
      thread.wake();
    }
  }

  /// A drop that was under way when the process ended.
  void restoreDrop(int number, LossRange range) throws IOException {
    LaneAccount lane = ledger.lane(number);
    if (lane != null && lane.firstKept() <= range.lastSequence()) {
      List<LossRange> ranges = dropper.selectAgain(lane, range);
      untold.put(number, range);
      lane.hold();
      ledger.lost(lane, ranges);
      tell(lane, ranges);
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
      releaseWhenStuck();
      hasDone = rollIfWanted();
      hasDone |= dropExcess();
    } catch (IOException e) {
      LOG.warn("the spool's duty is tried again: {}", e.toString());
    }
    if (hasDone) {
      wakeOthers.run();
    }
    return hasDone;
  }

  /// How long nothing is due unless somebody wakes the duty.
  long idleNanos() {
    boolean isQuiet =
        log.condition() == LogCondition.OPEN
            && untold.isEmpty()
            && appender.hasNothingToDo()
            && !isFull()
            && stored.equals(values());
    long secondNanos = Math.max(0, nextSecondNanos - clock.nanoTime());
    return isQuiet ? Math.min(secondNanos, clock.maxSleepNanos()) : TICK_NANOS;
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
    dropOld();
    oldest = lookUpOldest();
    if (!stored.equals(values())) {
      store();
    }
    giveBack();
  }

  private void dropOld() throws IOException {
    if (config.maxAge().isEmpty()) {
      return;
    }
    long before = clock.epochMicros() - config.maxAge().get().toNanos() / 1_000;
    LaneAccount lane = dropper.oldestLane();
    while (lane != null && dropper.oldestMicros(lane).orElse(Long.MAX_VALUE) < before) {
      if (!drop(lane, LossReason.TOO_OLD, 0, before)) {
        return;
      }
      lane = dropper.oldestLane();
    }
  }

  private Oldest lookUpOldest() throws IOException {
    LaneAccount live = ledger.live();
    LaneAccount oldestLane = dropper.oldestLane();
    long liveMicros = dropper.oldestMicros(live).orElse(0);
    if (oldestLane == null || oldestLane.equals(live)) {
      return new Oldest(liveMicros, 0);
    }
    return new Oldest(liveMicros, dropper.oldestMicros(oldestLane).orElse(0));
  }

  /// The new lane's number is durable before its first frame is, in a file that is not the log: see
  /// [SpoolCursor].
  private boolean rollIfWanted() throws IOException {
    int late = lateLane;
    if (late != appender.wantedLane()) {
      return false;
    }
    newestLane = late + 1;
    store();
    appender.roll(newestLane);
    LOG.info("what comes from now on goes first, on lane {}; the backlog follows", newestLane);
    return true;
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
    LaneAccount lane = dropper.oldestLane();
    boolean hasDropped = lane != null && drop(lane, LossReason.DROP_OLDEST, Math.max(1, share), 0);
    if (hasDropped && isDiskLow) {
      isDiskLow = disk.freeBytes(config.directory()) < config.freeDiskFloor().bytes();
    }
    return hasDropped;
  }

  private boolean isFull() {
    return ledger.heldBytes() >= config.maxBytes().bytes()
        || isDiskLow
        || log.condition() == LogCondition.DISK_FULL;
  }

  /// The link gets no further on the lane until the log tells the loss: else a core might have some
  /// of a range's numbers and, after a crash, be told of others.
  private boolean drop(LaneAccount lane, LossReason reason, long bytes, long beforeMicros)
      throws IOException {
    long handedMax = lane.hold();
    boolean isTold = false;
    try {
      SpoolDropper.Selection selection =
          dropper.select(lane, reason, bytes, beforeMicros, handedMax, clock.epochMicros());
      if (selection.ranges().isEmpty()) {
        return false;
      }
      LossRange sum = selection.ranges().stream().reduce(LossRange::joined).orElseThrow();
      untold.merge(lane.number(), sum, LossRange::joined);
      store();
      List<LossRange> ranges = lane.joined(selection.ranges());
      ledger.lost(lane, ranges);
      tell(lane, ranges);
      isTold = true;
      selection.reports().forEach(report -> appender.add(report, SpoolAppender.REPORT_FLAG));
      if (log.condition() == LogCondition.DISK_FULL) {
        log.dropBefore(sum.endOffset()); // There may be no room for telling before.
      }
      LOG.warn(
          "dropped {} messages without an ack ({} bytes): {}",
          sum.messages(),
          sum.bytes(),
          reason.label());
      return true;
    } finally {
      if (!isTold) {
        lane.release();
      }
    }
  }

  private void tell(LaneAccount lane, List<LossRange> ranges) {
    LossRange last = ranges.getLast();
    appender.add(lane.number(), ranges, () -> told(lane, last));
  }

  private void told(LaneAccount lane, LossRange last) {
    untold.computeIfPresent(
        lane.number(), (_, range) -> range.lastSequence() > last.lastSequence() ? range : null);
    if (!untold.containsKey(lane.number())) {
      lane.release();
    }
    log.dropBefore(last.endOffset());
  }

  /// A log that takes nothing now must not keep the link from what it holds; but for a lane with a
  /// loss that it does not tell yet.
  private void releaseWhenStuck() {
    if (log.condition() != LogCondition.OPEN) {
      for (LaneAccount lane : ledger.lanes()) {
        if (!untold.containsKey(lane.number())) {
          lane.release();
        }
      }
    }
  }

  private SpoolCursor.Values values() {
    List<SpoolCursor.Lane> lanes = new ArrayList<>();
    for (LaneAccount lane : ledger.lanes()) {
      Optional<LossRange> dropped = Optional.ofNullable(untold.get(lane.number()));
      lanes.add(
          new SpoolCursor.Lane(
              lane.number(), lane.settledSequence(), lane.settledPlace(), dropped));
    }
    return new SpoolCursor.Values(newestLane, lanes);
  }

  private void store() throws IOException {
    LogPlace place = ledger.settledPlace(); // Before the values, which may be further.
    SpoolCursor.Values values = values();
    cursor.store(values);
    stored = values;
    storedPlace = place;
    grace.addLast(place);
  }

  /// Lets go what was acked before the grace, never beyond the cursor on disk.
  private void giveBack() {
    long keptBytes = storedPlace.bytes() - config.ackGrace().bytes();
    long offset = -1;
    while (!grace.isEmpty() && grace.peekFirst().bytes() <= keptBytes) {
      offset = grace.pollFirst().offset();
    }
    if (offset > 0) {
      log.dropBefore(offset);
    }
  }
}
