package dev.weir.edge.spool;

import dev.weir.log.FrameType;
import dev.weir.log.Log;
import dev.weir.log.LogEvent;
import dev.weir.log.LogReader;
import dev.weir.message.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Finds the oldest frames to give up, by reading them. On the spool's duty thread.
///
/// Frames that the link may have sent get a range each, so that each is told as lost or arrived by
/// itself; the others become one.
final class SpoolDropper {
  private final SpoolLedger ledger;
  private final Log log;

  SpoolDropper(SpoolLedger ledger, Log log) {
    this.ledger = ledger;
    this.log = log;
  }

  /// @param ranges what is given up
  /// @param reports loss reports among it, to be put in again
  record Selection(List<LossRange> ranges, List<Batch> reports) {}

  /// Selects the oldest frames until they have so many bytes, or are younger than a time.
  ///
  /// @param bytes how much to give up at least; 0 to let only the time decide
  /// @param beforeMicros give up what is older; 0 for only the bytes to decide
  /// @param handedMax frames up to here may be with a core
  Selection select(LossReason reason, long bytes, long beforeMicros, long handedMax, long nowMicros)
      throws IOException {
    SpoolLedger.Place place = ledger.released();
    Gathering gathering = new Gathering(reason, handedMax, nowMicros, ledger.firstKept(), place);
    try (LogReader reader = log.reader(place.offset())) {
      for (LogEvent event = reader.next(); event != null; event = reader.next()) {
        if (event instanceof LogEvent.Gap gap) {
          gathering.goneMessages += gap.toOffset() - gap.fromOffset();
        } else if (event instanceof LogEvent.Frame frame && gathering.isNext(frame)) {
          if (gathering.bytes >= bytes && frame.timestampMicros() >= beforeMicros) {
            break;
          }
          gathering.add(frame);
        }
      }
    }
    return new Selection(gathering.ranges, gathering.reports);
  }

  /// When the oldest frame was written that is neither acked nor given up.
  OptionalLong oldestMicros() throws IOException {
    long expected = ledger.firstKept();
    if (expected >= ledger.nextDurable()) {
      return OptionalLong.empty();
    }
    try (LogReader reader = log.reader(ledger.released().offset())) {
      for (@Nullable LogEvent event = reader.next(); event != null; event = reader.next()) {
        if (event instanceof LogEvent.Frame frame
            && frame.type() == FrameType.DATA
            && frame.laneSequence() >= expected) {
          return OptionalLong.of(frame.timestampMicros());
        }
      }
    }
    return OptionalLong.empty();
  }

  /// What was read so far.
  private static final class Gathering {
    private final LossReason reason;
    private final long handedMax;
    private final long nowMicros;
    private final List<LossRange> ranges = new ArrayList<>();
    private final List<Batch> reports = new ArrayList<>();
    private long expected;
    private long laneBytes;
    private long bytes;
    private long goneMessages;

    Gathering(
        LossReason reason,
        long handedMax,
        long nowMicros,
        long firstKept,
        SpoolLedger.Place place) {
      this.reason = reason;
      this.handedMax = handedMax;
      this.nowMicros = nowMicros;
      this.expected = firstKept;
      this.laneBytes = place.bytes();
    }

    boolean isNext(LogEvent.Frame frame) {
      boolean isNext = frame.type() == FrameType.DATA && frame.laneSequence() >= expected;
      if (frame.type() == FrameType.DATA && !isNext) {
        laneBytes += weight(frame); // Settled already, and not yet let go.
      }
      return isNext;
    }

    /// Sequences that are missing before the frame are gone with it.
    void add(LogEvent.Frame frame) {
      boolean isReport = (frame.flags() & SpoolAppender.REPORT_FLAG) != 0;
      if (isReport) {
        reports.add(SpoolDictionaries.batch(frame));
      }
      int weight = weight(frame);
      laneBytes += weight;
      bytes += weight;
      join(
          new LossRange(
              expected,
              frame.laneSequence(),
              goneMessages + (isReport ? 0 : frame.count()),
              isReport ? 0 : weight,
              frame.endOffset(),
              laneBytes,
              nowMicros,
              reason));
      expected = frame.laneSequence() + 1;
      goneMessages = 0;
    }

    private void join(LossRange range) {
      LossRange last = ranges.isEmpty() ? null : ranges.getLast();
      if (last != null && last.firstSequence() > handedMax && last.canJoin(range)) {
        ranges.set(ranges.size() - 1, last.joined(range));
      } else {
        ranges.add(range);
      }
    }

    private static int weight(LogEvent.Frame frame) {
      return SpoolState.weight(frame.header().length(), frame.payload().length());
    }
  }
}
