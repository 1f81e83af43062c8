package dev.weir.link;

import dev.weir.flow.BackfillLimit;
import dev.weir.flow.BackfillShare;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The lanes of a sender, as its sources have them now, and which of them sends next: a fresh one
/// where any has a frame, one frame each in turn; the first of the late ones when it is the past's
/// turn ([BackfillShare]) or nothing is fresh, as far as [BackfillLimit] lets it.
///
/// A lane that its sources gave up is still known until the next hello, because an ack may still
/// name it. Owned by the link's duty thread.
final class SenderLanes {
  private final LaneSources sources;
  private final BackfillShare share;
  private final BackfillLimit limit;
  private final Map<Integer, SenderLane> byNumber = new HashMap<>();
  private List<SenderLane> fresh = List.of();
  private List<SenderLane> backfill = List.of();
  private LaneSources.Lanes seen = new LaneSources.Lanes(List.of(), List.of());
  private int turn;
  private boolean isContended;
  private boolean isHeld;

  SenderLanes(LaneSources sources, int backfillPercent) {
    this.sources = sources;
    this.share = new BackfillShare(backfillPercent);
    this.limit = new BackfillLimit(backfillPercent);
    sync();
  }

  /// Takes lanes that came and leaves those that went.
  @SuppressWarnings("ReferenceEquality") // the same object: nothing changed
  void sync() {
    LaneSources.Lanes now = sources.current();
    if (now != seen) {
      seen = now;
      fresh = known(now.fresh());
      backfill = known(now.backfill());
      turn = 0;
    }
  }

  @SuppressWarnings("ReferenceEquality") // one source a lane
  private List<SenderLane> known(List<LaneSource> wanted) {
    List<SenderLane> lanes = new ArrayList<>();
    for (LaneSource source : wanted) {
      SenderLane lane = byNumber.computeIfAbsent(source.lane(), _ -> new SenderLane(source));
      if (lane.source() != source) {
        throw new IllegalArgumentException("lane " + source.lane() + " has two sources");
      }
      lanes.add(lane);
    }
    return lanes;
  }

  /// Before a hello: only the lanes of now count.
  ///
  /// @return them
  Collection<SenderLane> begin() {
    sync();
    List<SenderLane> all = all();
    byNumber.clear();
    all.forEach(lane -> byNumber.put(lane.source().lane(), lane));
    limit.onSession();
    return all;
  }

  /// Every lane of now.
  List<SenderLane> all() {
    List<SenderLane> all = new ArrayList<>(fresh);
    all.addAll(backfill);
    return all;
  }

  @Nullable SenderLane get(int lane) {
    return byNumber.get(lane);
  }

  /// The lane whose frame goes next; its [SenderLane#next] has it. Null when no lane has any, or
  /// when only the past has some and must wait for acks: [#isHeld].
  ///
  /// @param windowBytes what may be in flight of everything now
  /// @param bytesPerSecond what the path delivered of late
  @Nullable SenderLane next(long maxFrameBytes, long windowBytes, long bytesPerSecond) {
    SenderLane present = nextFresh();
    SenderLane past = nextBackfill();
    isHeld = past != null && !admits(past, maxFrameBytes, windowBytes, bytesPerSecond);
    isContended = present != null && past != null && !isHeld;
    if (present == null) {
      return isHeld ? null : past;
    }
    return isContended && share.isBackfillTurn() ? past : present;
  }

  private @Nullable SenderLane nextFresh() {
    for (int i = 0; i < fresh.size(); i++) {
      SenderLane lane = fresh.get((turn + i) % fresh.size());
      if (lane.next() != null) {
        turn = (turn + i) % fresh.size();
        return lane;
      }
    }
    return null;
  }

  private @Nullable SenderLane nextBackfill() {
    for (SenderLane lane : backfill) {
      if (lane.ledger().hasRoom() && lane.next() != null) {
        return lane;
      }
    }
    return null;
  }

  private boolean admits(
      SenderLane lane, long maxFrameBytes, long windowBytes, long bytesPerSecond) {
    LaneFrame frame = lane.next();
    int weight = frame == null ? 0 : SenderLane.weight(frame, maxFrameBytes);
    return limit.admits(inFlightBackfillBytes(), weight, windowBytes, bytesPerSecond);
  }

  private long inFlightBackfillBytes() {
    long bytes = 0;
    for (SenderLane lane : backfill) {
      bytes += lane.ledger().inFlightBytes();
    }
    return bytes;
  }

  /// Whether the last [#next] found something of the past that must wait for acks.
  boolean isHeld() {
    return isHeld;
  }

  /// The lane that [#next] gave has sent its frame.
  void onSent(SenderLane lane, int weight) {
    boolean isPast = backfill.contains(lane);
    if (!isPast) {
      turn = (turn + 1) % fresh.size();
    }
    if (!isContended) {
      share.onUncontended();
    } else if (isPast) {
      share.onBackfillSent(weight);
    } else {
      share.onFreshSent(weight);
    }
  }

  void onAck(long ackNanos) {
    limit.onAck(ackNanos);
  }
}
