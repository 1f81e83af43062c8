package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.log.AppendListener;
import dev.weir.log.FrameType;
import dev.weir.log.Log;
import dev.weir.log.LogEntry;
import dev.weir.message.Batch;
import dev.weir.message.BatchHeader;
import dev.weir.message.BatchSource;
import dev.weir.message.Dictionary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Brings frames into the log, numbered without a gap and in order, also over a disk that fails in
/// between. A monitor: batchers and the duty thread offer, the log's thread tells.
///
/// Problem: when the disk fails, the log fails all that waits, and the numbers of those frames must
/// not be given to others: their bytes may stand on the disk after all. Idea: a frame is kept from
/// its number's assignment until it is durable; after a failure all of them are offered again, in
/// order and with their numbers, before anything else is.
///
/// A new lane begins when everything numbered on the one before is durable, so that lanes lie in
/// the log one behind the other; until then batchers wait, as for a log that has no room.
final class SpoolAppender {
  /// Marks a DATA frame that reports a loss: not to be dropped itself.
  static final int REPORT_FLAG = 1;

  private final SpoolLedger ledger;
  private final BatchSource source;
  private final Clock clock;
  private final Runnable wake;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private @Nullable Log log;
  private boolean mustRepeat;

  /// The lane to begin, or what the live one is already.
  private int wantedLane;

  private LossTotal unreported = LossTotal.NONE;
  private final Map<String, Bytes> unreportedPositions = new HashMap<>();
  private long unreportedSinceNanos;

  SpoolAppender(SpoolLedger ledger, BatchSource source, Clock clock, Runnable wake) {
    this.ledger = ledger;
    this.source = source;
    this.clock = clock;
    this.wake = wake;
    this.wantedLane = ledger.live().number();
  }

  /// The log, once it is open: it needs this object's snapshots to open.
  synchronized void start(Log newLog) {
    log = newLog;
  }

  /// @return false when the log has no room now: nothing happened
  synchronized boolean offer(SpoolFrame frame) {
    if (!roll() || !repeat() || !report()) {
      return false;
    }
    return frame.batch().isPresent()
        ? number(frame.batch().get(), 0, frame.positions(), frame.listener(), false)
        : control(frame);
  }

  /// Takes a frame of our own in any case; when the log has no room it is offered again later.
  synchronized void add(Batch batch, int flags) {
    number(batch, flags, Map.of(), new Quiet(), true);
  }

  /// As before, with positions that become durable with it; its header's origin holds them, too.
  synchronized void add(
      Batch batch, int flags, Map<String, Bytes> positions, Runnable whenDurable) {
    number(batch, flags, positions, new Quiet(whenDurable), true);
  }

  /// Numbers what comes from now on, on a lane of its own; at once or when what is on its way is
  /// durable. The number is in the cursor file already.
  synchronized void roll(int number) {
    wantedLane = number;
    roll();
  }

  /// The lane that what comes from now on is numbered on: the live one, or the next one.
  synchronized int wantedLane() {
    return wantedLane;
  }

  /// @return whether the live lane is the wanted one
  private boolean roll() {
    if (wantedLane == ledger.live().number()) {
      return true;
    }
    if (!pending.isEmpty()) {
      return false;
    }
    ledger.roll(wantedLane);
    return true;
  }

  /// Writes down which frames of a lane will not be sent.
  synchronized void add(int lane, List<LossRange> ranges, Runnable whenDurable) {
    ByteBuffer out =
        ByteBuffer.allocate(ranges.size() * LossRange.ENCODED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ranges.forEach(range -> range.encode(out));
    Bytes payload = Bytes.wrap(out.array());
    LogEntry entry =
        new LogEntry(FrameType.LOSS, 0, 0, 0, lane, 0, payload.length(), Bytes.EMPTY, payload);
    append(new Pending(entry, 0, Map.of(), new Quiet(whenDurable)), true);
  }

  /// Drops a frame that has no number yet, and goes on behind it.
  synchronized void dropNewest(SpoolFrame frame, long messages, long bytes) {
    if (unreported.messages() == 0) {
      unreportedSinceNanos = clock.nanoTime();
    }
    unreported = unreported.plus(messages, bytes);
    unreportedPositions.putAll(frame.positions());
  }

  /// What was dropped of the newest and is not yet in the log, with how long it waits.
  synchronized LossTotal unreported() {
    return unreported;
  }

  synchronized long unreportedNanos() {
    return unreported.messages() == 0 ? 0 : clock.nanoTime() - unreportedSinceNanos;
  }

  /// Offers again what a failed disk gave back, then what is to be reported.
  synchronized void retry(boolean reportsNow) {
    if (repeat() && reportsNow) {
      report();
    }
  }

  /// Whether nothing is on its way to the log and nothing waits to be reported.
  synchronized boolean hasNothingToDo() {
    return pending.isEmpty() && unreported.messages() == 0;
  }

  synchronized boolean isIdle() {
    return pending.isEmpty();
  }

  /// Nothing more will be written: whoever waits is told.
  void close() {
    List<Pending> left;
    synchronized (this) {
      left = List.copyOf(pending);
      pending.clear();
    }
    WeirException cause = new WeirException(ErrorCode.LOG_POISONED, "The spool is closed.");
    left.forEach(append -> append.listener.failed(cause));
  }

  private boolean control(SpoolFrame frame) {
    if (frame.positions().isEmpty()) {
      frame.listener().durable();
      return true;
    }
    Bytes origin = Positions.encode(frame.positions());
    Bytes header = new BatchHeader(List.of(), Optional.empty(), origin, Map.of()).encode();
    LogEntry entry = LogEntry.control(header, Bytes.EMPTY);
    return append(new Pending(entry, 0, frame.positions(), frame.listener()), false);
  }

  private boolean number(
      Batch batch,
      int flags,
      Map<String, Bytes> positions,
      FrameListener listener,
      boolean isKept) {
    int weight = SpoolState.weight(batch.header().length(), batch.payload().length());
    LogEntry entry =
        new LogEntry(
            FrameType.DATA,
            batch.codec().number(),
            flags,
            batch.count(),
            ledger.live().number(),
            ledger.assign(weight),
            batch.dictionaryId(),
            batch.dictionary().map(Dictionary::bytes).orElse(Bytes.EMPTY),
            batch.rawLength(),
            batch.header(),
            batch.payload());
    boolean isTaken = append(new Pending(entry, weight, positions, listener), isKept);
    if (!isTaken) {
      ledger.unassign(weight);
    }
    return isTaken;
  }

  private boolean append(Pending append, boolean isKept) {
    pending.addLast(append); // Before the offer: the log's thread may be done before we return.
    boolean isOffered = !mustRepeat && offered(append);
    if (!isOffered && isKept) {
      mustRepeat = true;
    } else if (!isOffered) {
      pending.removeLast();
    }
    return isOffered || isKept;
  }

  private boolean offered(Pending append) {
    append.isOffered = log != null && log.offer(append.entry, append);
    return append.isOffered;
  }

  private boolean repeat() {
    if (!mustRepeat) {
      return true;
    }
    for (Pending append : pending) {
      if (!append.isOffered && !offered(append)) {
        return false;
      }
    }
    mustRepeat = false;
    return true;
  }

  private boolean report() {
    if (unreported.messages() == 0) {
      return true;
    }
    Batch batch =
        LossMessages.ofNewest(
            source.agent(),
            ledger.live().number(),
            unreported,
            clock.epochMicros(),
            unreportedPositions);
    LossTotal total = unreported;
    Map<String, Bytes> positions = Map.copyOf(unreportedPositions);
    boolean isTaken =
        number(
            batch,
            REPORT_FLAG,
            positions,
            new Quiet(() -> ledger.lost(LossReason.DROP_NEWEST, total)),
            false);
    if (isTaken) {
      unreported = LossTotal.NONE;
      unreportedPositions.clear();
    }
    return isTaken;
  }

  private synchronized void written(Pending append, long baseOffset) {
    pending.remove(append);
    LogEntry entry = append.entry;
    if (entry.type() == FrameType.DATA) {
      long endOffset = baseOffset + entry.count();
      ledger.durable(
          entry.lane(), entry.laneSequence(), append.weight, endOffset, append.positions);
    } else {
      ledger.positions(append.positions);
    }
    roll();
  }

  private synchronized void givenBack(Pending append) {
    append.isOffered = false;
    mustRepeat = true;
  }

  /// A frame from its number to its durability.
  private final class Pending implements AppendListener {
    private final LogEntry entry;
    private final int weight;
    private final Map<String, Bytes> positions;
    private final FrameListener listener;
    private boolean isOffered;

    Pending(LogEntry entry, int weight, Map<String, Bytes> positions, FrameListener listener) {
      this.entry = entry;
      this.weight = weight;
      this.positions = positions;
      this.listener = listener;
    }

    @Override
    public void durable(
        long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
      written(this, baseOffset);
      listener.durable();
      wake.run();
    }

    @Override
    public void failed(WeirException cause) {
      givenBack(this);
      wake.run();
    }
  }

  private record Quiet(Runnable whenDurable) implements FrameListener {
    Quiet() {
      this(() -> {});
    }

    @Override
    public void durable() {
      whenDurable.run();
    }

    @Override
    public void failed(WeirException cause) {}
  }
}
