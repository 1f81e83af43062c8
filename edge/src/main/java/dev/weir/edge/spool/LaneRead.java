package dev.weir.edge.spool;

import dev.weir.log.FrameType;
import dev.weir.log.LogEvent;

/// What a frame of the log is to someone who reads one lane of it for a sequence.
enum LaneRead {
  /// Of an earlier lane, or none that has a number.
  OTHER,
  /// Of the lane, before the sequence.
  BEFORE,
  /// The one that is looked for.
  THIS,
  /// Of the lane, behind the sequence, which is gone.
  BEHIND,
  /// Of a later lane: this one has nothing more.
  NEXT_LANE;

  static LaneRead of(LogEvent.Frame frame, int lane, long sequence) {
    if (frame.type() != FrameType.DATA || frame.lane() < lane) {
      return OTHER;
    }
    if (frame.lane() > lane) {
      return NEXT_LANE;
    }
    if (frame.laneSequence() == sequence) {
      return THIS;
    }
    return frame.laneSequence() < sequence ? BEFORE : BEHIND;
  }

  /// How many messages of a gap belonged to a lane.
  ///
  /// @param isClosed whether the lane's end is known
  static long messages(LogEvent.Gap gap, LaneAccount lane, boolean isClosed) {
    long from = Math.max(gap.fromOffset(), lane.start().offset());
    long to = isClosed ? Math.min(gap.toOffset(), lane.end().offset()) : gap.toOffset();
    return Math.max(0, to - from);
  }
}
