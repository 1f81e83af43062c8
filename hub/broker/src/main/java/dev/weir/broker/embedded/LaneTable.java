package dev.weir.broker.embedded;

import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.broker.LaneSequence;
import dev.weir.message.BatchSource;
import dev.weir.message.RefusedFrame;
import dev.weir.message.StoredLane;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is stored of each lane, and what is on its way to the disk:
///
///     1 ....... durable ....... enqueued | enqueued + 1 ....
///     |- stored -|-- in flight -----------|-- next to take --|
///
/// Invariants: `durable` moves only when the log says that a frame is durable; what is in flight of a
/// lane lies in one partition, so that its outcomes come in order; after a failure `enqueued` falls
/// back before the frame that failed, and nothing behind that is taken until it comes again.
///
/// A lane that nothing is known of begins with whatever sequence comes first. A known lane goes on
/// behind its last sequence, or where a sender said that it resumes ([#resume]).
///
/// Ordered by use: when there are too many, the longest unused one without frames in flight goes.
/// Not thread-safe: guarded by its owner.
final class LaneTable {
  /// What a sequence is to its lane.
  enum Verdict {
    /// The next one.
    NEXT,
    /// Stored before.
    STORED,
    /// Its first copy is on its way to the disk.
    IN_FLIGHT,
    /// Something before it is missing.
    GAP
  }

  /// One lane's state.
  static final class Lane {
    private final LaneKey key;
    private final ArrayDeque<PendingAppend> inFlight = new ArrayDeque<>(2);
    private int partition;
    private final ArrayDeque<RefusedFrame> refused = new ArrayDeque<>(0);
    private long durable;
    private int durableCrc32c;
    private long enqueued;
    private long resumeAt;
    private long lastMicros;

    private Lane(LaneKey key) {
      this.key = key;
    }

    LaneKey key() {
      return key;
    }

    int partition() {
      return partition;
    }

    long durable() {
      return durable;
    }

    /// The checksum of the frame that came under the last stored sequence; 0 when not known.
    int durableCrc32c() {
      return durableCrc32c;
    }

    /// The newest frames that were refused and perhaps not told, ascending.
    Collection<RefusedFrame> refused() {
      return refused;
    }

    long lastMicros() {
      return lastMicros;
    }

    private void refuse(RefusedFrame frame) {
      if (refused.size() == StoredLane.MAX_REFUSED) {
        refused.removeFirst();
      }
      refused.addLast(frame);
    }
  }

  private final int maxCount;
  private final long expiryMicros;
  private final LinkedHashMap<LaneKey, Lane> lanes = new LinkedHashMap<>(64, 0.75f, true);
  private long evicted;
  private long gaps;

  /// @param maxCount lanes kept at most
  /// @param expiryMicros how long an unused lane is kept
  LaneTable(int maxCount, long expiryMicros) {
    this.maxCount = Checks.range("maxCount", maxCount, 1, 1 << 20);
    this.expiryMicros = Checks.range("expiryMicros", expiryMicros, 1, Long.MAX_VALUE);
  }

  int size() {
    return lanes.size();
  }

  long evicted() {
    return evicted;
  }

  long gaps() {
    return gaps;
  }

  /// What to do with a sequence; changes nothing.
  Verdict judge(LaneSequence identity) {
    Lane lane = lanes.get(new LaneKey(identity.source(), identity.lane()));
    long sequence = identity.sequence();
    if (lane == null) {
      return Verdict.NEXT;
    }
    if (sequence <= lane.durable) {
      return Verdict.STORED;
    }
    if (sequence <= lane.enqueued) {
      return inFlight(identity) == null ? Verdict.GAP : Verdict.IN_FLIGHT;
    }
    boolean isNext = sequence == lane.enqueued + 1 || sequence == lane.resumeAt;
    return isNext ? Verdict.NEXT : Verdict.GAP;
  }

  /// The sequence that the lane expects next.
  long expected(LaneSequence identity) {
    Lane lane = lanes.get(new LaneKey(identity.source(), identity.lane()));
    return lane == null ? identity.sequence() : lane.enqueued + 1;
  }

  /// The append in flight with this sequence.
  @Nullable PendingAppend inFlight(LaneSequence identity) {
    Lane lane = lanes.get(new LaneKey(identity.source(), identity.lane()));
    if (lane != null) {
      for (PendingAppend pending : lane.inFlight) {
        if (pending.sequence() == identity.sequence() && !pending.isVoid()) {
          return pending;
        }
      }
    }
    return null;
  }

  /// Notes that the next sequence is on its way.
  void enqueue(LaneSequence identity, PendingAppend pending, long nowMicros) {
    Lane lane = obtain(new LaneKey(identity.source(), identity.lane()), nowMicros);
    boolean isNew = lane.enqueued == 0 && lane.inFlight.isEmpty();
    pending.enqueuedBefore(isNew ? identity.sequence() - 1 : lane.enqueued);
    if (lane.enqueued + 1 != identity.sequence()) {
      gaps++;
    }
    lane.enqueued = identity.sequence();
    lane.resumeAt = 0;
    lane.partition = pending.partition();
    lane.lastMicros = Math.max(lane.lastMicros, nowMicros);
    lane.inFlight.addLast(pending);
  }

  /// A frame in flight became durable.
  void settle(LaneSequence identity, PendingAppend pending, long timeMicros) {
    Lane lane = lanes.get(new LaneKey(identity.source(), identity.lane()));
    if (lane == null || !lane.inFlight.remove(pending) || pending.isVoid()) {
      throw new IllegalStateException("frame " + identity + " was stored, but not in flight");
    }
    lane.durable = identity.sequence();
    lane.durableCrc32c = identity.crc32c();
    ErrorCode refusal = pending.refusal();
    if (refusal != null) {
      lane.refuse(new RefusedFrame(identity.sequence(), refusal));
    }
    lane.lastMicros = Math.max(lane.lastMicros, timeMicros);
  }

  /// A frame in flight failed, and with it what was enqueued behind it.
  void fail(LaneSequence identity, PendingAppend pending) {
    Lane lane = lanes.get(new LaneKey(identity.source(), identity.lane()));
    if (lane == null || !lane.inFlight.remove(pending)) {
      throw new IllegalStateException("frame " + identity + " failed, but was not in flight");
    }
    if (pending.isVoid()) {
      return;
    }
    for (PendingAppend later : lane.inFlight) {
      if (later.sequence() > identity.sequence()) {
        later.makeVoid();
      }
    }
    lane.enqueued = pending.enqueuedBefore();
    lane.resumeAt = identity.sequence();
  }

  /// The last sequence stored, 0 for none.
  long durable(BatchSource source, int lane) {
    Lane known = lanes.get(new LaneKey(source, lane));
    return known == null ? 0 : known.durable;
  }

  /// The newest append of a lane that is on its way, whatever will become of it.
  @Nullable PendingAppend newestInFlight(BatchSource source, int lane) {
    Lane known = lanes.get(new LaneKey(source, lane));
    return known == null ? null : known.inFlight.peekLast();
  }

  /// The sender holds nothing before a sequence any more: that one may come next, too, and it has
  /// been told of everything before it.
  StoredLane resume(BatchSource source, int lane, long firstSequence) {
    Lane known = lanes.get(new LaneKey(source, lane));
    if (known == null) {
      return StoredLane.NONE;
    }
    if (firstSequence > known.enqueued + 1) {
      known.resumeAt = firstSequence;
    }
    known.refused.removeIf(frame -> frame.sequence() < firstSequence);
    return new StoredLane(known.durable, known.durableCrc32c, List.copyOf(known.refused));
  }

  /// Notes a frame that was found in the log, or a lane of a snapshot.
  ///
  /// @param crc32c of the frame as it was sent, 0 when not known
  void replay(LaneKey key, int partition, long sequence, int crc32c, long timeMicros) {
    Lane lane = obtain(key, timeMicros);
    if (sequence >= lane.durable) {
      lane.durable = sequence;
      lane.durableCrc32c = crc32c;
      lane.enqueued = sequence;
      lane.partition = partition;
    }
    lane.lastMicros = Math.max(lane.lastMicros, timeMicros);
  }

  /// Notes a refusal that was found there, after its lane.
  void replay(LaneKey key, RefusedFrame refused) {
    Lane lane = lanes.get(key);
    boolean isNews =
        lane != null
            && (lane.refused.isEmpty() || lane.refused.getLast().sequence() < refused.sequence());
    if (lane != null && isNews) {
      lane.refuse(refused);
    }
  }

  private Lane obtain(LaneKey key, long nowMicros) {
    Lane known = lanes.get(key);
    if (known != null) {
      return known;
    }
    if (lanes.size() >= maxCount) {
      expire(nowMicros);
    }
    if (lanes.size() >= maxCount) {
      evictOldest();
    }
    Lane lane = new Lane(key);
    lanes.put(key, lane);
    return lane;
  }

  /// Forgets the lanes that were not used for the expiry.
  void expire(long nowMicros) {
    lanes
        .values()
        .removeIf(lane -> lane.inFlight.isEmpty() && nowMicros - lane.lastMicros > expiryMicros);
  }

  private void evictOldest() {
    Iterator<Map.Entry<LaneKey, Lane>> oldest = lanes.entrySet().iterator();
    while (oldest.hasNext()) {
      if (oldest.next().getValue().inFlight.isEmpty()) {
        oldest.remove();
        evicted++;
        return;
      }
    }
  }

  /// Every lane with something stored, longest unused first.
  void forEachStored(Consumer<Lane> consumer) {
    lanes.values().stream().filter(lane -> lane.durable > 0).forEach(consumer);
  }
}
