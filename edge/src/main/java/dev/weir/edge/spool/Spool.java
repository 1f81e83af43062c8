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
/// `acked.cursor` or its loss is; the lane has no gap, a lost frame's number carries a loss
/// message; sources' positions become durable with the messages before them; opening costs one
/// segment.
///
/// Threads: any thread offers; `weir-log-spool` tells; the link's thread reads through [#lane];
/// `weir-spool` does the duty ([SpoolDuty]).
public final class Spool implements FrameSink, Admission, AutoCloseable {
  static final String LOG_DIRECTORY = "log";

  private final SpoolConfig config;
  private final Log log;
  private final BatchSource source;
  private final SpoolLedger ledger;
  private final SpoolAppender appender;
  private final SpoolLane lane;
  private final SpoolDuty duty;
  private final List<Runnable> wakes;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private Spool(
      SpoolConfig config,
      Log log,
      BatchSource source,
      SpoolLedger ledger,
      SpoolAppender appender,
      SpoolLane lane,
      SpoolDuty duty,
      List<Runnable> wakes) {
    this.config = config;
    this.log = log;
    this.source = source;
    this.ledger = ledger;
    this.appender = appender;
    this.lane = lane;
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
            .withSegmentBytes(config.segmentBytes());
    Log log =
        isStepped
            ? Log.openStepped(logConfig, disk, clock, hooks)
            : Log.open(logConfig, disk, clock, hooks);
    @Nullable Spool spool = null;
    try {
      Optional<BatchSource> known = SpoolIdentity.read(disk, directory);
      known.ifPresent(found -> SpoolIdentity.check(found, agent, directory));
      SpoolState state =
          SpoolReplay.run(
              log, () -> known.map(BatchSource::incarnation).orElseGet(() -> draw(random)));
      BatchSource source = new BatchSource(agent, state.incarnation());
      if (known.isEmpty()) {
        SpoolIdentity.write(disk, directory, source);
      }
      spool = wire(config, disk, clock, log, state, source, wakes, wake);
      hooks.ledger = spool.ledger;
      return spool;
    } finally {
      if (spool == null) {
        log.close();
      }
    }
  }

  private static Spool wire(
      SpoolConfig config,
      Disk disk,
      Clock clock,
      Log log,
      SpoolState state,
      BatchSource source,
      List<Runnable> wakes,
      Runnable wake)
      throws IOException {
    SpoolCursor cursor = new SpoolCursor(disk, config.directory());
    Optional<SpoolCursor.Values> stored = cursor.load();
    long settled = stored.map(SpoolCursor.Values::settled).orElse(0L);
    // Without a cursor everything kept is sent again; what it weighs is what the log does, at most.
    SpoolLedger.Place place =
        stored
            .map(SpoolCursor.Values::place)
            .orElseGet(() ->
                new SpoolLedger.Place(
                    log.firstOffset(), Math.max(0, state.bytes() - log.stats().bytes())));
    SpoolLedger ledger = new SpoolLedger(state, settled, place, settled + config.maxUnsettled());
    SpoolAppender appender = new SpoolAppender(ledger, source, clock, wake);
    appender.start(log);
    RefusedFrames aside = new RefusedFrames(disk, config.directory());
    Refusals refusals = new Refusals(ledger, appender, aside, clock);
    SpoolLane lane =
        new SpoolLane(ledger, appender, refusals, source, log, clock, config.maxUnsettled(), wake);
    SpoolDuty duty = new SpoolDuty(config, disk, clock, log, ledger, appender, cursor, wake);
    stored.flatMap(SpoolCursor.Values::dropped).ifPresent(duty::restoreDrop);
    return new Spool(config, log, source, ledger, appender, lane, duty, wakes);
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
  public SpoolLane lane() {
    return lane;
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
    if (ledger.unackedBytes() >= config.maxBytes().bytes()) {
      return refused(
          ErrorCode.SPOOL_FULL,
          "The spool holds " + new ByteSize(ledger.unackedBytes()) + " without an ack.");
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
    return new SpoolStats(
        ledger.unackedBytes(),
        ledger.unackedMessages(),
        duty.oldestMicros(),
        ledger.settledSequence(),
        ledger.nextDurable(),
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

  /// Writes what was taken, stores the cursor, closes the log. Idempotent.
  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      duty.close(() -> {
        log.close();
        appender.close();
      });
      lane.close();
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
