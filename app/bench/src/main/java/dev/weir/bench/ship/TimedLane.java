package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneMatch;
import dev.weir.link.LaneSettlement;
import dev.weir.link.LaneSource;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Stands between an edge's spool and its link and times each frame from when the link took it to
/// its ack. The link looks at the next frame until it may be sent: its last look counts.
///
/// The link's thread owns it.
final class TimedLane implements LaneSource {
  private final LaneSource lane;
  private final AckTimes times;
  private final Clock clock;
  private final ArrayDeque<Look> looks = new ArrayDeque<>();

  /// When the link last looked at a frame.
  private record Look(long sequence, int messages, long nanos) {}

  TimedLane(LaneSource lane, AckTimes times, Clock clock) {
    this.lane = lane;
    this.times = times;
    this.clock = clock;
  }

  @Override
  public int lane() {
    return lane.lane();
  }

  @Override
  public long firstUnacked() {
    return lane.firstUnacked();
  }

  @Override
  public long nextSequence() {
    return lane.nextSequence();
  }

  @Override
  public @Nullable LaneFrame peek(long sequence) {
    @Nullable LaneFrame frame = lane.peek(sequence);
    if (frame != null && frame.batch() != null) {
      Look last = looks.peekLast();
      if (last != null && last.sequence() >= sequence) {
        looks.pollLast();
      }
      looks.addLast(new Look(sequence, frame.batch().count(), clock.nanoTime()));
    }
    return frame;
  }

  @Override
  public LaneMatch match(long sequence, int crc32c) {
    return lane.match(sequence, crc32c);
  }

  @Override
  public void settled(LaneSettlement settlement) {
    long nowNanos = clock.nanoTime();
    Look first = looks.peekFirst();
    while (first != null && first.sequence() <= settlement.durableSequence()) {
      looks.pollFirst();
      times.record(nowNanos - first.nanos());
      times.acked(first.messages(), 0);
      first = looks.peekFirst();
    }
    lane.settled(settlement);
  }

  @Override
  public void refused(long sequence, ErrorCode code, String detail) {
    lane.refused(sequence, code, detail);
  }
}
