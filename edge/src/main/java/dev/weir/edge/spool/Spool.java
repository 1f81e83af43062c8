package dev.weir.edge.spool;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.edge.source.Admission;
import dev.weir.log.Log;
import dev.weir.log.LogConfig;
import dev.weir.log.LogHooks;
import dev.weir.message.Batch;
import dev.weir.message.BatchSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The edge's durable memory: frames are kept from the moment they are told durable until a core
/// has them, or until a policy gives them up, which is counted and told.
///
/// Invariants: nothing is told durable before its fsync; nothing is removed before its ack is in
/// `acked.cursor` or its loss is; no lane has a gap, a lost frame's number carries a loss message;
/// sources' positions become durable with the messages before them; opening costs one segment.
///
/// Lanes: what arises is numbered on the live lane. When a core is there again and much of that
/// lane is late, it is closed and a new one begins, which goes first ([BackfillPolicy]). Order
/// holds within a lane. A lane that has nothing left is gone, and its number is never used again.
///
/// Threads: any thread offers; `weir-log-spool` tells; the link's thread reads through [#lanes];
/// `weir-spool` does the duty ([SpoolDuty]).
public final class Spool implements FrameSink, Admission, AutoCloseable {
  /// Frames on their way to the disk: a group's worth. More would only cost an edge its memory.
  private static final ByteSize QUEUE_SIZE = ByteSize.ofMebibytes(4);

  /// What the link has not read yet when it keeps up: 80 ms of 50 MB/s of log lines, compressed.
  /// What it reads later comes from the page cache.
  private static final ByteSize TAIL_CACHE_SIZE = ByteSize.ofMebibytes(1);

  static final String LOG_DIRECTORY = "log";

  /// Seven eighths: late enough that a backlog of any usual size does not get there, early enough
  /// that the rest takes what comes while the oldest segments drain.
  private static final int PRESSED_PARTS = 7;

  private static final int PRESSED_DIVISOR = 8;

  private final SpoolConfig config;
  private final Log log;
  private final BatchSource source;
  private final SpoolLedger ledger;
  private final SpoolAppender appender;
  private final SpoolLanes lanes;
  private final SpoolDuty duty;
  private final List<Runnable> wakes;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private Spool(
      SpoolConfig config,
      Log log,
      BatchSource source,
      SpoolLedger ledger,
      SpoolAppender appender,
      SpoolLanes lanes,
      SpoolDuty duty,
      List<Runnable> wakes) {
    this.config = config;
    this.log = log;
    this.source = source;
    this.ledger = ledger;
    this.appender = appender;
    this.lanes = lanes;
    this.duty = duty;
    this.wakes = wakes;
  }

  /// Opens or creates a spool and starts its threads.
  ///
  /// @param random draws the incarnation of a new spool
  /// @throws WeirException with CONFIG_INVALID when it belongs to another agent,
  ///   DATA_DIRECTORY_LOCKED when another process has it
  public static Spool open(
      SpoolConfig config, String agent, Disk disk, Clock clock, RandomGenerator random)
      throws IOException {
    Spool spool = open(config, agent, disk, clock, random, false);
    spool.duty.start();
    return spool;
  }

  /// Opens a spool without threads: the caller does the work by calling [#step]. For tests.
  public static Spool openStepped(
      SpoolConfig config, String agent, Disk disk, Clock clock, RandomGenerator random)
      throws IOException {
    return open(config, agent, disk, clock, random, true);
  }

  private static Spool open(
      SpoolConfig config,
      String agent,
      Disk disk,
      Clock clock,
      RandomGenerator random,
      boolean isStepped)
      throws IOException {
    Path directory = config.directory();
    disk.createDirectories(directory);
    List<Runnable> wakes = new CopyOnWriteArrayList<>();
    Runnable wake = () -> wakes.forEach(Runnable::run);
    Hooks hooks = new Hooks(wake);
    LogConfig logConfig =
        LogConfig.of("spool", directory.resolve(LOG_DIRECTORY))
            .withSegmentBytes(config.segmentBytes())
            .withQueueBytes(QUEUE_SIZE)
            .withTailCacheBytes(TAIL_CACHE_SIZE);
    Log log =
        isStepped
            ? Log.openStepped(logConfig, disk, clock, hooks)
            : Log.open(logConfig, disk, clock, hooks);
    @Nullable Spool spool = null;
    @Nullable SpoolCursor cursor = null;
    try {
      Optional<BatchSource> known = SpoolIdentity.read(disk, directory);
      known.ifPresent(found -> SpoolIdentity.check(found, agent, directory));
      cursor = new SpoolCursor(disk, directory);
      Optional<SpoolCursor.Values> acked = cursor.load();
      SpoolState state =
          SpoolReplay.run(
              log,
              acked.map(SpoolCursor.Values::newest).orElse(0),
              () -> known.map(BatchSource::incarnation).orElseGet(() -> draw(random)));
      BatchSource source = new BatchSource(agent, state.incarnation());
      if (known.isEmpty()) {
        SpoolIdentity.write(disk, directory, source);
      }
      SpoolLedger ledger = ledger(config, log, state, acked);
      spool = wire(config, disk, clock, log, ledger, source, cursor, wakes, wake);
      hooks.ledger = spool.ledger;
      for (SpoolCursor.Lane lane : acked.map(SpoolCursor.Values::lanes).orElse(List.of())) {
        restoreDrop(spool.duty, lane);
      }
      return spool;
    } finally {
      if (spool == null) {
        if (cursor != null) {
          cursor.close();
        }
        log.close();
      }
    }
  }

  private static void restoreDrop(SpoolDuty duty, SpoolCursor.Lane lane) throws IOException {
    if (lane.dropped().isPresent()) {
      duty.restoreDrop(lane.number(), lane.dropped().get());
    }
  }

  /// Without a cursor everything kept is sent again; what it weighs is what the log does, at most.
  private static SpoolLedger ledger(
      SpoolConfig config, Log log, SpoolState state, Optional<SpoolCursor.Values> acked) {
    long bytes = state.live().end().bytes() - log.stats().bytes();
    LogPlace first = new LogPlace(log.firstOffset(), Math.max(0, bytes));
    SpoolLedger.Acked nothing =
        new SpoolLedger.Acked() {
          @Override
          public long settled(LaneState lane) {
            return 0;
          }

          @Override
          public LogPlace place(LaneState lane) {
            return first;
          }
        };
    return new SpoolLedger(
        state, acked.map(SpoolLedger.Acked.class::cast).orElse(nothing), config.maxUnsettled());
  }

  private static Spool wire(
      SpoolConfig config,
      Disk disk,
      Clock clock,
      Log log,
      SpoolLedger ledger,
      BatchSource source,
      SpoolCursor cursor,
      List<Runnable> wakes,
      Runnable wake) {
    SpoolAppender appender = new SpoolAppender(ledger, source, clock, wake);
    appender.start(log);
    SpoolDuty duty = new SpoolDuty(config, disk, clock, log, ledger, appender, cursor, wake);
    SpoolLane.Parts parts =
        new SpoolLane.Parts(
            source.agent(),
            new RefusedFrames(disk, config.directory()),
            log,
            clock,
            config.maxUnsettled(),
            wake,
            lane -> {
              if (lane.isLate(config.backfill())) {
                duty.wantRoll(lane.lane());
              }
            });
    SpoolLanes lanes =
        new SpoolLanes(
            ledger,
            of -> of.heldBytes() >= config.maxBytes().bytes() / PRESSED_DIVISOR * PRESSED_PARTS,
            account -> new SpoolLane(account, ledger, appender, parts));
    return new Spool(config, log, source, ledger, appender, lanes, duty, wakes);
  }

  private static long draw(RandomGenerator random) {
    long drawn = random.nextLong();
    return drawn == 0 ? 1 : drawn;
  }

  /// Who numbers the frames.
  public BatchSource source() {
    return source;
  }

  /// Where sources go on.
  public Map<String, Bytes> positions() {
    return ledger.positions();
  }

  /// The frames as a link sends them.
  public SpoolLanes lanes() {
    return lanes;
  }

  @Override
  public Optional<WeirException> refusal() {
    return switch (log.condition()) {
      case CLOSED, POISONED ->
          refused(ErrorCode.LOG_POISONED, "The spool's disk fails; it is tried again by itself.");
      case DISK_FULL -> refused(ErrorCode.DISK_FULL, "The spool's disk is full.");
      case OPEN -> limits();
    };
  }

  private Optional<WeirException> limits() {
    if (duty.isDiskLow()) {
      return refused(
          ErrorCode.DISK_FULL,
          "The spool's disk has less than " + config.freeDiskFloor() + " free.");
    }
    long heldBytes = ledger.heldBytes();
    if (heldBytes >= config.maxBytes().bytes()) {
      return refused(
          ErrorCode.SPOOL_FULL,
          "The spool holds "
              + new ByteSize(heldBytes)
              + " from the first frame without an ack on.");
    }
    return Optional.empty();
  }

  private static Optional<WeirException> refused(ErrorCode code, String detail) {
    return Optional.of(new WeirException(code, detail));
  }

  @Override
  public boolean offer(SpoolFrame frame) {
    if (isClosed.get()) {
      frame.listener().failed(new WeirException(ErrorCode.CONNECTION_LOST, "The edge stops."));
      return true;
    }
    Optional<WeirException> refusal = refusal();
    if (refusal.isEmpty()) {
      return appender.offer(frame);
    }
    if (frame.isRefusable()) {
      frame.listener().failed(refusal.get());
      return true;
    }
    boolean isFull = refusal.get().code() != ErrorCode.LOG_POISONED;
    return switch (config.overflow()) {
      case BLOCK -> false;
      case DROP_OLDEST -> {
        duty.wake();
        yield false;
      }
      case DROP_NEWEST -> {
        if (isFull) {
          dropNewest(frame);
        }
        yield isFull;
      }
    };
  }

  private void dropNewest(SpoolFrame frame) {
    long messages = frame.batch().map(Batch::count).orElse(0);
    long bytes =
        frame
            .batch()
            .map(b -> SpoolState.weight(b.header().length(), b.payload().length()))
            .orElse(0);
    appender.dropNewest(frame, messages, bytes);
  }

  @Override
  public boolean isIdle() {
    return appender.isIdle();
  }

  @Override
  public void addWake(Runnable wake) {
    wakes.add(wake);
  }

  public SpoolStats stats() {
    Map<LossReason, LossTotal> losses = new EnumMap<>(LossReason.class);
    for (LossReason reason : LossReason.values()) {
      losses.put(reason, ledger.loss(reason));
    }
    LossTotal waiting = appender.unreported();
    losses.compute(
        LossReason.DROP_NEWEST,
        (_, total) ->
            (total == null ? LossTotal.NONE : total).plus(waiting.messages(), waiting.bytes()));
    LaneAccount live = ledger.live();
    long backfillBytes = 0;
    long backfillMessages = 0;
    for (LaneAccount lane : ledger.lanes()) {
      backfillBytes += lane == live ? 0 : lane.unackedBytes();
      backfillMessages += lane == live ? 0 : lane.unackedMessages();
    }
    SpoolDuty.Oldest oldest = duty.oldest();
    return new SpoolStats(
        new SpoolStats.Backlog(
            Math.max(0, ledger.unackedBytes() - backfillBytes),
            live.unackedMessages(),
            oldest.liveMicros()),
        new SpoolStats.Backlog(backfillBytes, backfillMessages, oldest.backfillMicros()),
        ledger.heldBytes(),
        live.number(),
        ledger.lanes().size(),
        live.settledSequence(),
        live.nextDurable(),
        refusal().isPresent(),
        losses,
        log.stats());
  }

  /// One turn of all duties of a spool opened without threads, until nothing is left to do now.
  public void step() {
    boolean hasDone = true;
    while (hasDone) {
      hasDone = log.step() > 0;
      hasDone |= duty.step();
    }
  }

  /// How long the duty of a stepped spool would sleep now.
  long dutyIdleNanos() {
    return duty.idleNanos();
  }

  /// Writes what was taken, stores the cursor, closes the log. Idempotent.
  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      duty.close(() -> {
        log.close();
        appender.close();
      });
      lanes.close();
    }
  }

  /// What the log asks and tells, on its own thread.
  private static final class Hooks implements LogHooks {
    private final Runnable wake;
    private volatile @Nullable SpoolLedger ledger;

    Hooks(Runnable wake) {
      this.wake = wake;
    }

    @Override
    public Bytes snapshot() {
      SpoolLedger current = ledger;
      return current == null ? Bytes.EMPTY : current.snapshot();
    }

    @Override
    public void recovered() {
      wake.run();
    }

    @Override
    public void room() {
      wake.run();
    }
  }
}
