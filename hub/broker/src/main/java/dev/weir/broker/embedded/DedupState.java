package dev.weir.broker.embedded;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.EngineAppend;
import dev.weir.log.FrameType;
import dev.weir.log.LogEvent;
import dev.weir.log.LogReader;
import dev.weir.log.LogSnapshot;
import dev.weir.message.BatchHeader;
import dev.weir.message.RefusedFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything that the engine knows to suppress duplicates: lanes, message ids, and what of both is
/// on its way to the disk. Not thread-safe: guarded by the engine's lock.
final class DedupState {
  private static final Logger LOG = LoggerFactory.getLogger(DedupState.class);

  /// The ids of an append, held against what is known.
  ///
  /// @param fresh ids that are to be stored with it
  /// @param duplicates indexes of messages whose id is stored, or stands twice in the append
  /// @param firstCopy the ring position of one of them in the window, -1 for none
  /// @param inFlight an append that carries one of the ids and is not durable yet
  record IdVerdict(
      List<PendingAppend.Id> fresh,
      BitSet duplicates,
      long firstCopy,
      @Nullable PendingAppend inFlight) {
    static final IdVerdict NONE = new IdVerdict(List.of(), new BitSet(), -1, null);
  }

  private final LaneTable lanes;
  private final IdWindow ids;
  private final Map<IdHash, PendingAppend> idsInFlight = new HashMap<>();
  private final IdHash.Hasher hasher = new IdHash.Hasher();

  DedupState(EmbeddedEngineConfig config) {
    this.lanes = new LaneTable(config.maxLanes(), micros(config.laneExpiry().toMillis()));
    this.ids = new IdWindow(config.maxIds(), micros(config.idWindow().toMillis()));
  }

  private static long micros(long millis) {
    return millis > Long.MAX_VALUE / 1_000 ? Long.MAX_VALUE : millis * 1_000;
  }

  LaneTable lanes() {
    return lanes;
  }

  IdWindow ids() {
    return ids;
  }

  /// Holds an append's message ids against what is stored and in flight; changes nothing.
  IdVerdict judgeIds(EngineAppend append, long nowMicros) {
    Map<Integer, Bytes> carried = append.header().ids();
    if (carried.isEmpty()) {
      return IdVerdict.NONE;
    }
    List<PendingAppend.Id> fresh = new ArrayList<>(carried.size());
    Map<IdHash, Integer> seen = new HashMap<>();
    BitSet duplicates = new BitSet(append.batch().count());
    long firstCopy = -1;
    PendingAppend inFlight = null;
    for (Map.Entry<Integer, Bytes> entry : carried.entrySet()) {
      IdHash hash = hasher.hash(entry.getValue());
      long stored = ids.find(hash, nowMicros);
      if (stored >= 0 || seen.putIfAbsent(hash, entry.getKey()) != null) {
        duplicates.set(entry.getKey());
        firstCopy = firstCopy < 0 ? stored : firstCopy;
        continue;
      }
      PendingAppend holder = idsInFlight.get(hash);
      inFlight = holder == null ? inFlight : holder;
      fresh.add(new PendingAppend.Id(hash, entry.getKey()));
    }
    return new IdVerdict(fresh, duplicates, firstCopy, inFlight);
  }

  /// An append is on its way.
  void enqueue(PendingAppend pending, long nowMicros) {
    if (pending.identity() != null) {
      lanes.enqueue(pending.identity(), pending, nowMicros);
    }
    for (PendingAppend.Id id : pending.ids()) {
      idsInFlight.put(id.hash(), pending);
    }
  }

  /// An append is durable.
  void settle(PendingAppend pending, long baseOffset, long timestampMicros) {
    if (pending.identity() != null) {
      lanes.settle(pending.identity(), pending, timestampMicros);
    }
    for (PendingAppend.Id id : pending.ids()) {
      idsInFlight.remove(id.hash());
      ids.add(id.hash(), pending.partition(), baseOffset + id.messageIndex(), timestampMicros);
    }
  }

  /// An append failed: nothing of it is known any more.
  void fail(PendingAppend pending) {
    if (pending.identity() != null) {
      lanes.fail(pending.identity(), pending);
    }
    for (PendingAppend.Id id : pending.ids()) {
      idsInFlight.remove(id.hash());
    }
  }

  /// Rebuilds a partition's part from its newest snapshot and the frames behind it.
  void restore(
      int partition,
      Optional<LogSnapshot> snapshot,
      LogReader frames,
      EngineDictionaries dictionaries)
      throws IOException {
    try {
      snapshot.ifPresent(found -> DedupSnapshot.decode(found.payload(), partition, lanes, ids));
    } catch (WeirException e) {
      LOG.error("partition {}: {} Resent batches may be stored twice.", partition, e.getMessage());
    }
    LogEvent event = frames.next();
    while (event != null) {
      if (event instanceof LogEvent.Frame frame && frame.isDictionary()) {
        dictionaries.restore(frame);
      } else if (event instanceof LogEvent.Frame frame) {
        restore(partition, frame);
      }
      event = frames.next();
    }
  }

  private void restore(int partition, LogEvent.Frame frame) {
    boolean isOurs =
        frame.type() == FrameType.DATA
            || frame.type() == FrameType.CONTROL
            || frame.type() == FrameType.LOSS;
    if (!isOurs) {
      return;
    }
    try {
      BatchHeader header = BatchHeader.decode(frame.header());
      if (frame.laneSequence() > 0 && header.source().isPresent()) {
        LaneKey key = new LaneKey(header.source().get(), frame.lane());
        lanes.replay(
            key, partition, frame.laneSequence(), header.sentCrc32c(), frame.timestampMicros());
        if (frame.type() == FrameType.LOSS) {
          ErrorCode code = BatchFrames.refusal(frame.payload());
          lanes.replay(key, new RefusedFrame(frame.laneSequence(), code));
        }
      }
      header
          .ids()
          .forEach((index, id) ->
              ids.add(
                  hasher.hash(id), partition, frame.baseOffset() + index, frame.timestampMicros()));
    } catch (WeirException _) {
      // told as a gap to whoever reads it; its lane is known by the next frame
    }
  }

  /// What a partition's log is to keep at the start of a segment.
  Bytes snapshot(int partition, int maxBytes) {
    return DedupSnapshot.encode(lanes, ids, partition, maxBytes);
  }
}
