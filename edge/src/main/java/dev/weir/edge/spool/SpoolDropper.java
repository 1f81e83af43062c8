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

/// Finds the oldest frames to give up, by reading them: of the oldest lane first, one lane at a
/// time. On the spool's duty thread.
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

  /// @param ranges what is given up, of one lane
  /// @param reports loss reports among it, to be put in again
  record Selection(List<LossRange> ranges, List<Batch> reports) {}

  /// The lane that holds the oldest frame that is neither acked nor given up; null for none.
  @Nullable LaneAccount oldestLane() {
    for (LaneAccount lane : ledger.lanes()) {
      if (lane.firstKept() < lane.nextDurable()) {
        return lane;
      }
    }
    return null;
  }

  /// Selects a lane's oldest frames until they have so many bytes, or are younger than a time, or
  /// the lane ends.
  ///
  /// @param bytes how much to give up at least; 0 to let only the time decide
  /// @param beforeMicros give up what is older; 0 for only the bytes to decide
  /// @param handedMax frames up to here may be with a core
  Selection select(
      LaneAccount lane,
      LossReason reason,
      long bytes,
      long beforeMicros,
      long handedMax,
      long nowMicros)
      throws IOException {
    boolean isClosed = ledger.live() != lane;
    Gathering gathering = new Gathering(lane, reason, handedMax, nowMicros);
    try (LogReader reader = log.reader(lane.released().offset())) {
      for (LogEvent event = reader.next(); event != null; event = reader.next()) {
        if (event instanceof LogEvent.Gap gap) {
          gathering.goneMessages += LaneRead.messages(gap, lane, isClosed);
        } else if (event instanceof LogEvent.Frame frame) {
          if (gathering.isBeyond(frame)) {
            break;
          }
          boolean isEnough = gathering.bytes >= bytes && frame.timestampMicros() >= beforeMicros;
          if (gathering.isNext(frame)) {
            if (isEnough) {
              return gathering.selection();
            }
            gathering.add(frame);
          }
        }
      }
    }
    if (isClosed) {
      gathering.addMissingEnd();
    }
    return gathering.selection();
  }

  /// Finds again what a drop gave up that was under way when the process ended: any of its frames
  /// may be with a core, so each that the log still has is told by itself.
  ///
  /// @param dropped their sum, as the cursor file has it
  List<LossRange> selectAgain(LaneAccount lane, LossRange dropped) throws IOException {
    Gathering gathering =
        new Gathering(lane, dropped.reason(), Long.MAX_VALUE, dropped.timeMicros());
    try (LogReader reader = log.reader(lane.released().offset())) {
      for (LogEvent event = reader.next(); event != null; event = reader.next()) {
        if (event instanceof LogEvent.Gap gap) {
          gathering.goneMessages += LaneRead.messages(gap, lane, true);
        } else if (event instanceof LogEvent.Frame frame) {
          boolean isBeyond =
              gathering.isBeyond(frame)
                  || (frame.type() == FrameType.DATA
                      && frame.lane() == lane.number()
                      && frame.laneSequence() > dropped.lastSequence());
          if (isBeyond) {
            break;
          }
          if (gathering.isNext(frame)) {
            gathering.add(frame);
          }
        }
      }
    }
    gathering.addRest(dropped);
    return gathering.ranges;
  }

  /// When a lane's oldest frame was written that is neither acked nor given up.
  OptionalLong oldestMicros(LaneAccount lane) throws IOException {
    long expected = lane.firstKept();
    if (expected >= lane.nextDurable()) {
      return OptionalLong.empty();
    }
    try (LogReader reader = log.reader(lane.released().offset())) {
      for (@Nullable LogEvent event = reader.next(); event != null; event = reader.next()) {
        if (event instanceof LogEvent.Frame frame
            && frame.type() == FrameType.DATA
            && frame.lane() == lane.number()
            && frame.laneSequence() >= expected) {
          return OptionalLong.of(frame.timestampMicros());
        }
      }
    }
    return OptionalLong.empty();
  }

  /// What was read so far.
  private static final class Gathering {
    private final LaneAccount lane;
    private final LossReason reason;
    private final long handedMax;
    private final long nowMicros;
    private final List<LossRange> ranges = new ArrayList<>();
    private final List<Batch> reports = new ArrayList<>();
    private long expected;
    private long placeBytes;
    private long bytes;
    private long goneMessages;

    Gathering(LaneAccount lane, LossReason reason, long handedMax, long nowMicros) {
      this.lane = lane;
      this.reason = reason;
      this.handedMax = handedMax;
      this.nowMicros = nowMicros;
      this.expected = lane.firstKept();
      this.placeBytes = lane.released().bytes();
    }

    /// Whether the lane ended before the frame.
    boolean isBeyond(LogEvent.Frame frame) {
      return frame.type() == FrameType.DATA && frame.lane() > lane.number();
    }

    boolean isNext(LogEvent.Frame frame) {
      boolean isOurs = frame.type() == FrameType.DATA && frame.lane() == lane.number();
      boolean isNext = isOurs && frame.laneSequence() >= expected;
      if (isOurs && !isNext) {
        placeBytes += weight(frame); // Settled already, and not yet let go.
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
      placeBytes += weight;
      bytes += weight;
      long messages = goneMessages + (isReport ? 0 : frame.count());
      add(frame.laneSequence(), messages, isReport ? 0 : weight, frame.endOffset());
    }

    /// The disk did not keep the last frames of a closed lane.
    void addMissingEnd() {
      long last = lane.nextDurable() - 1;
      if (expected <= last) {
        add(last, goneMessages, 0, lane.end().offset());
      }
    }

    /// What a sum holds beside the ranges.
    void addRest(LossRange sum) {
      if (expected <= sum.lastSequence()) {
        long told = ranges.stream().mapToLong(LossRange::messages).sum();
        placeBytes = Math.max(placeBytes, sum.endBytes());
        add(sum.lastSequence(), Math.max(0, sum.messages() - told), 0, sum.endOffset());
      }
    }

    private void add(long last, long messages, long lostBytes, long endOffset) {
      join(
          new LossRange(
              expected, last, messages, lostBytes, endOffset, placeBytes, nowMicros, reason));
      expected = last + 1;
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

    Selection selection() {
      return new Selection(ranges, reports);
    }

    private static int weight(LogEvent.Frame frame) {
      return SpoolState.weight(frame.header().length(), frame.payload().length());
    }
  }
}
