package dev.weir.edge.spool;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneMatch;
import dev.weir.link.LaneSettlement;
import dev.weir.link.LaneSource;
import dev.weir.log.FrameType;
import dev.weir.log.Log;
import dev.weir.log.LogEvent;
import dev.weir.log.LogReader;
import dev.weir.message.Batch;
import dev.weir.message.BatchSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The spool as the link sees it: numbered batches without a gap, read from the log again whenever
/// they are asked for. Called on the link's thread only.
///
/// Nothing is read ahead: the link's window bounds what is in memory, and the log keeps its newest
/// frames itself.
public final class SpoolLane implements LaneSource {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolLane.class);

  private final SpoolLedger ledger;
  private final SpoolAppender appender;
  private final Refusals refusals;
  private final BatchSource source;
  private final Log log;
  private final Clock clock;
  private final int maxUnsettled;
  private final Runnable wake;
  private final SpoolDictionaries dictionaries = new SpoolDictionaries();
  private @Nullable LogReader reader;
  private long nextRead;
  private long readBytes;
  private @Nullable LaneFrame last;

  SpoolLane(
      SpoolLedger ledger,
      SpoolAppender appender,
      Refusals refusals,
      BatchSource source,
      Log log,
      Clock clock,
      int maxUnsettled,
      Runnable wake) {
    this.ledger = ledger;
    this.appender = appender;
    this.refusals = refusals;
    this.source = source;
    this.log = log;
    this.clock = clock;
    this.maxUnsettled = maxUnsettled;
    this.wake = wake;
  }

  @Override
  public int lane() {
    return SpoolAppender.LANE;
  }

  /// The first sequence without an ack, from 1.
  @Override
  public long firstUnacked() {
    return ledger.settledSequence() + 1;
  }

  /// The sequence that the next durable frame will have.
  @Override
  public long nextSequence() {
    return ledger.nextDurable();
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
    boolean isOpen = sequence >= first && sequence < first + maxUnsettled;
    if (!isOpen || sequence >= ledger.nextDurable() || !ledger.tryHand(sequence)) {
      return null;
    }
    Optional<LossRange> lost = ledger.rangeAt(sequence);
    Batch batch =
        lost.isPresent()
            ? LossMessages.inPlaceOf(source.agent(), lost.get(), sequence)
            : readOrNull(sequence);
    last = batch == null ? null : new LaneFrame(sequence, batch);
    return last;
  }

  /// Everything up to a sequence is durable in a core.
  @Override
  public void settled(LaneSettlement settlement) {
    refusals.settled(settlement.durableSequence());
    wake.run();
  }

  /// Compares what the log holds. A frame that was given up may have been sent before or told as
  /// lost since; one that is damaged is not there: neither can convict anyone. One with a dictionary
  /// may have been sent without it, to a core that took none.
  @Override
  public LaneMatch match(long sequence, int crc32c) {
    if (ledger.rangeAt(sequence).isPresent()) {
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
      LOG.error("frame {} of the spool: {}", sequence, e.getMessage());
      return LaneMatch.OWN;
    } catch (IOException e) {
      LOG.warn("frame {} of the spool cannot be compared now: {}", sequence, e.toString());
      return LaneMatch.UNREADABLE;
    }
  }

  private @Nullable Batch find(long sequence) throws IOException {
    try (LogReader frames = log.reader(ledger.placeBefore(sequence).offset())) {
      for (LogEvent event = frames.next(); event != null; event = frames.next()) {
        if (event instanceof LogEvent.Frame frame
            && frame.type() == FrameType.DATA
            && frame.laneSequence() >= sequence) {
          return frame.laneSequence() == sequence ? dictionaries.batch(frame, frames) : null;
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
      LOG.error("frame {} was refused with {} and cannot be read", sequence, code.label());
    } else if (ledger.rangeAt(sequence).isEmpty()) {
      LOG.warn("frame {} was refused with {}: {}", sequence, code.label(), detail);
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

  private @Nullable Batch readOrNull(long sequence) {
    try {
      return read(sequence);
    } catch (IOException e) {
      LOG.warn("frame {} of the spool cannot be read now: {}", sequence, e.toString());
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
        case LogEvent.Gap gap -> goneMessages += gap.toOffset() - gap.fromOffset();
        case LogEvent.Frame frame -> {
          if (frame.type() == FrameType.DATA && frame.laneSequence() > sequence) {
            return damaged(sequence, frame, goneMessages);
          }
          if (frame.type() == FrameType.DATA && take(frame) == sequence) {
            return batch(frame, open);
          }
        }
      }
    }
    close(); // Durable and not there: tried again from a place that is known.
    return null;
  }

  private LogReader seek(long sequence) {
    close();
    SpoolLedger.Place place = ledger.placeBefore(sequence);
    readBytes = place.bytes();
    LogReader open = log.reader(place.offset());
    reader = open;
    return open;
  }

  private long take(LogEvent.Frame frame) {
    SpoolLedger.Place start = new SpoolLedger.Place(frame.baseOffset(), readBytes);
    readBytes += SpoolState.weight(frame.header().length(), frame.payload().length());
    SpoolLedger.Place end = new SpoolLedger.Place(frame.endOffset(), readBytes);
    nextRead = frame.laneSequence() + 1;
    if (frame.laneSequence() <= ledger.settledSequence()) {
      ledger.passed(frame.laneSequence(), end);
    } else {
      ledger.handed(frame.laneSequence(), start, end);
    }
    return frame.laneSequence();
  }

  /// A frame whose dictionary no segment kept is lost like one that is damaged itself.
  private Batch batch(LogEvent.Frame frame, LogReader open) throws IOException {
    try {
      return dictionaries.batch(frame, open);
    } catch (WeirException e) {
      LOG.error("frame {} of the spool: {}", frame.laneSequence(), e.getMessage());
      return damaged(frame.laneSequence(), frame.laneSequence(), frame.endOffset(), frame.count());
    }
  }

  /// The disk did not keep the frames before this one.
  private Batch damaged(long sequence, LogEvent.Frame next, long goneMessages) {
    return damaged(sequence, next.laneSequence() - 1, next.baseOffset(), goneMessages);
  }

  private Batch damaged(long sequence, long lastSequence, long endOffset, long goneMessages) {
    LossRange range =
        new LossRange(
            sequence,
            lastSequence,
            goneMessages,
            0,
            endOffset,
            readBytes,
            clock.epochMicros(),
            LossReason.DAMAGE);
    LOG.error("frames {} to {} of the spool are damaged", sequence, range.lastSequence());
    ledger.lost(List.of(range));
    appender.add(List.of(range), () -> {});
    close();
    return LossMessages.inPlaceOf(source.agent(), ledger.rangeAt(sequence).orElse(range), sequence);
  }
}
