package dev.weir.edge.spool;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneMatch;
import dev.weir.link.LaneSettlement;
import dev.weir.link.LaneSource;
import dev.weir.log.Log;
import dev.weir.log.LogEvent;
import dev.weir.log.LogReader;
import dev.weir.message.Batch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
  private final Refusals refusals;
  private final Parts parts;
  private final SpoolDictionaries dictionaries = new SpoolDictionaries();
  private @Nullable LogReader reader;
  private long nextRead;
  private LogPlace place = LogPlace.BEGINNING;
  private long lastMicros;
  private @Nullable LaneFrame last;

  /// What all lanes of a spool share.
  ///
  /// @param agent whose messages these are, for loss messages
  /// @param aside keeps what no core will take
  /// @param maxUnsettled frames handed out without an ack
  /// @param onSettled run when acks may have given something back
  /// @param onRead told of each lane whose next frame was read
  record Parts(
      String agent,
      RefusedFrames aside,
      Log log,
      Clock clock,
      int maxUnsettled,
      Runnable onSettled,
      Consumer<SpoolLane> onRead) {}

  SpoolLane(LaneAccount account, SpoolLedger ledger, SpoolAppender appender, Parts parts) {
    this.account = account;
    this.ledger = ledger;
    this.appender = appender;
    this.refusals = new Refusals(account, ledger, appender, parts.aside(), parts.clock());
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
    refusals.settled(settlement.durableSequence());
    parts.onSettled().run();
  }

  /// Compares what the log holds. A frame that was given up may have been sent before or told as
  /// lost since; one that is damaged is not there: neither can convict anyone. One with a
  /// dictionary may have been sent without it, to a core that took none.
  @Override
  public LaneMatch match(long sequence, int crc32c) {
    if (account.rangeAt(sequence).isPresent()) {
      return LaneMatch.OWN;
    }
    try {
      Batch own = find(sequence);
      boolean isOwn =
          own == null
              || own.crc32c() == crc32c
              || (own.dictionary().isPresent() && own.withoutDictionary().crc32c() == crc32c);
      return isOwn ? LaneMatch.OWN : LaneMatch.FOREIGN;
    } catch (WeirException e) {
      LOG.error("frame {} of lane {}: {}", sequence, lane(), e.getMessage());
      return LaneMatch.OWN;
    } catch (IOException e) {
      LOG.warn("frame {} of lane {} cannot be compared now: {}", sequence, lane(), e.toString());
      return LaneMatch.UNREADABLE;
    }
  }

  private @Nullable Batch find(long sequence) throws IOException {
    try (LogReader frames = parts.log().reader(account.placeBefore(sequence).offset())) {
      for (LogEvent event = frames.next(); event != null; event = frames.next()) {
        if (event instanceof LogEvent.Frame frame) {
          switch (LaneRead.of(frame, lane(), sequence)) {
            case OTHER, BEFORE -> {}
            case THIS -> {
              return dictionaries.batch(frame, frames);
            }
            case BEHIND, NEXT_LANE -> {
              return null;
            }
          }
        }
      }
    }
    return null;
  }

  /// The core will never take this frame: see [Refusals].
  @Override
  public void refused(long sequence, ErrorCode code, String detail) {
    if (sequence < firstUnacked() || refusals.isKnown(sequence)) {
      return;
    }
    LaneFrame frame = peek(sequence);
    Batch batch = frame == null ? null : frame.batch();
    if (batch == null) {
      LOG.error(
          "frame {} of lane {} was refused with {} and cannot be read",
          sequence,
          lane(),
          code.label());
    } else if (account.rangeAt(sequence).isEmpty()) {
      LOG.warn(
          "frame {} of lane {} was refused with {}: {}", sequence, lane(), code.label(), detail);
      refusals.add(sequence, batch);
    }
  }

  void close() {
    LogReader open = reader;
    reader = null;
    if (open != null) {
      open.close();
    }
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
              return batch(frame, open);
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

  /// A frame whose dictionary no segment kept is lost like one that is damaged itself.
  private Batch batch(LogEvent.Frame frame, LogReader open) throws IOException {
    try {
      return dictionaries.batch(frame, open);
    } catch (WeirException e) {
      LOG.error("frame {} of lane {}: {}", frame.laneSequence(), lane(), e.getMessage());
      return damaged(frame.laneSequence(), frame.laneSequence(), frame.count(), place);
    }
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
}
