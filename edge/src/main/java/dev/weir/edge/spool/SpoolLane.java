package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneSettlement;
import dev.weir.link.LaneSource;
import dev.weir.log.Log;
import dev.weir.log.LogEvent;
import dev.weir.log.LogReader;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.BatchReader;
import dev.weir.message.Codec;
import dev.weir.message.Message;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One lane of the spool as the link sees it: numbered batches without a gap, read from the log
/// again whenever they are asked for. Called on the link's thread only.
///
/// Nothing is read ahead: the link's window bounds what is in memory, and the log keeps its newest
/// frames itself.
public final class SpoolLane implements LaneSource {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolLane.class);

  private final LaneAccount account;
  private final SpoolLedger ledger;
  private final SpoolAppender appender;
  private final Parts parts;
  private @Nullable LogReader reader;
  private long nextRead;
  private LogPlace place = LogPlace.BEGINNING;
  private long lastMicros;
  private @Nullable LaneFrame last;
  private final TreeSet<Long> refusedSequences = new TreeSet<>();

  /// What all lanes of a spool share.
  ///
  /// @param agent whose messages these are, for loss messages
  /// @param maxUnsettled frames handed out without an ack
  /// @param onSettled run when acks may have given something back
  /// @param onRead told of each lane whose next frame was read
  record Parts(
      String agent,
      RefusedFrames refusedFrames,
      Log log,
      Clock clock,
      int maxUnsettled,
      Runnable onSettled,
      Consumer<SpoolLane> onRead) {}

  SpoolLane(LaneAccount account, SpoolLedger ledger, SpoolAppender appender, Parts parts) {
    this.account = account;
    this.ledger = ledger;
    this.appender = appender;
    this.parts = parts;
  }

  @Override
  public int lane() {
    return account.number();
  }

  /// The first sequence without an ack, from 1.
  @Override
  public long firstUnacked() {
    return account.settledSequence() + 1;
  }

  /// The sequence that the next durable frame will have.
  @Override
  public long nextSequence() {
    return account.nextDurable();
  }

  /// The frame of a sequence, or what stands in its place when it was lost; null when it is not
  /// durable yet, cannot be read now, or too many before it are without an ack.
  @Override
  public @Nullable LaneFrame peek(long sequence) {
    LaneFrame known = last;
    if (known != null && known.sequence() == sequence) {
      return known;
    }
    long first = firstUnacked();
    boolean isOpen = sequence >= first && sequence < first + parts.maxUnsettled();
    if (!isOpen || sequence >= account.nextDurable() || !account.tryHand(sequence)) {
      return null;
    }
    Optional<LossRange> lost = account.rangeAt(sequence);
    Batch batch = lost.isPresent() ? inPlaceOf(lost.get(), sequence) : readOrNull(sequence);
    last = batch == null ? null : new LaneFrame(sequence, batch);
    return last;
  }

  /// Whether what comes now should not wait behind what is read now: asked after a read.
  boolean isLate(BackfillPolicy policy) {
    long ageMicros = parts.clock().epochMicros() - lastMicros;
    return !isClosed() && policy.isLate(ageMicros, account.end().bytes() - place.bytes());
  }

  /// Everything up to a sequence is durable in a core.
  @Override
  public void settled(LaneSettlement settlement) {
    long sequence = settlement.durableSequence();
    account.settled(sequence);
    refusedSequences.headSet(sequence, true).clear();
    parts.onSettled().run();
  }

  /// The core will never take this frame. Its messages are tried one by one under new numbers; one
  /// that is alone already is kept aside and counted.
  @Override
  public void refused(long sequence, ErrorCode code, String detail) {
    LaneFrame frame = peek(sequence);
    Batch batch = frame == null ? null : frame.batch();
    if (batch == null || account.rangeAt(sequence).isPresent() || !refusedSequences.add(sequence)) {
      return;
    }
    LOG.warn("frame {} of lane {} was refused: {} {}", sequence, lane(), code.label(), detail);
    try {
      List<Message> messages = BatchReader.read(batch);
      if (messages.size() > 1) {
        messages.forEach(message -> appender.add(alone(message), 0));
        return;
      }
    } catch (WeirException e) {
      LOG.warn("frame {} of lane {} does not decode: {}", sequence, lane(), e.getMessage());
    }
    parts.refusedFrames().keep(lane(), sequence, batch);
    LossTotal total = new LossTotal(batch.count(), batch.weight());
    appender.add(lane(), refusal(sequence, total), () -> ledger.lost(LossReason.REFUSED, total));
  }

  private List<LossRange> refusal(long sequence, LossTotal total) {
    long micros = parts.clock().epochMicros();
    return List.of(
        new LossRange(
            sequence, sequence, total.messages(), total.bytes(), 0, 0, micros, LossReason.REFUSED));
  }

  void close() {
    LogReader open = reader;
    reader = null;
    if (open != null) {
      open.close();
    }
  }

  private static Batch alone(Message message) {
    BatchBuilder builder = new BatchBuilder(1 << 10);
    builder.add(message);
    return builder.build(1, Bytes.EMPTY);
  }

  private Batch inPlaceOf(LossRange range, long sequence) {
    return LossMessages.inPlaceOf(parts.agent(), lane(), range, sequence);
  }

  private @Nullable Batch readOrNull(long sequence) {
    try {
      return read(sequence);
    } catch (IOException e) {
      LOG.warn("frame {} of lane {} cannot be read now: {}", sequence, lane(), e.toString());
      close();
      return null;
    }
  }

  private @Nullable Batch read(long sequence) throws IOException {
    LogReader open = reader;
    if (open == null || sequence != nextRead) {
      open = seek(sequence);
    }
    long goneMessages = 0;
    for (LogEvent event = open.next(); event != null; event = open.next()) {
      switch (event) {
        case LogEvent.Gap gap -> goneMessages += LaneRead.messages(gap, account, isClosed());
        case LogEvent.Frame frame -> {
          switch (LaneRead.of(frame, lane(), sequence)) {
            case OTHER -> {}
            case BEFORE -> take(frame);
            case THIS -> {
              take(frame);
              parts.onRead().accept(this);
              return batch(frame);
            }
            case BEHIND -> {
              LogPlace end = new LogPlace(frame.baseOffset(), place.bytes());
              return damaged(sequence, frame.laneSequence() - 1, goneMessages, end);
            }
            case NEXT_LANE -> {
              return damaged(sequence, account.nextDurable() - 1, goneMessages, account.end());
            }
          }
        }
      }
    }
    boolean isAtEnd = isClosed() && open.position() >= account.end().offset();
    close(); // Durable and not there: tried again from a place that is known.
    return isAtEnd
        ? damaged(sequence, account.nextDurable() - 1, goneMessages, account.end())
        : null;
  }

  private boolean isClosed() {
    return ledger.live() != account;
  }

  private LogReader seek(long sequence) {
    close();
    place = account.placeBefore(sequence);
    LogReader open = parts.log().reader(place.offset());
    reader = open;
    return open;
  }

  private void take(LogEvent.Frame frame) {
    LogPlace start = new LogPlace(frame.baseOffset(), place.bytes());
    int weight = SpoolState.weight(frame.header().length(), frame.payload().length());
    place = new LogPlace(frame.endOffset(), place.bytes() + weight);
    nextRead = frame.laneSequence() + 1;
    lastMicros = frame.timestampMicros();
    account.met(frame.laneSequence(), start, place);
  }

  /// The disk did not keep some frames.
  private Batch damaged(long first, long last, long goneMessages, LogPlace end) {
    LossRange range =
        new LossRange(
            first,
            last,
            goneMessages,
            0,
            end.offset(),
            end.bytes(),
            parts.clock().epochMicros(),
            LossReason.DAMAGE);
    LOG.error("frames {} to {} of lane {} are damaged", first, last, lane());
    ledger.lost(account, List.of(range));
    appender.add(lane(), List.of(range), () -> {});
    close();
    return inPlaceOf(account.rangeAt(first).orElse(range), first);
  }

  static Batch batch(LogEvent.Frame frame) {
    return new Batch(
        Codec.of(frame.codec()),
        frame.dictionaryId(),
        frame.count(),
        frame.rawLength(),
        frame.header(),
        frame.payload());
  }
}
