package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the spool's log says when all its durable frames are taken together. Pure; guarded by the
/// spool's lock. Written as SNAP at the start of each segment, little-endian:
///
/// ```
///  byte 0      u32 version = 2
///       4      u64 incarnation
///      12      u32 n, n × { u32 reason, u64 messages, u64 bytes }      what was lost
///       ..     u32 n, n × LaneState                                   oldest first, the last is live
///       ..     positions to the end, see Positions
///
///  version 1, which is still read: one lane
///  byte 12     u64 next sequence
///      20      u64 bytes of all frames, u64 offset behind the last of them
///      36      what was lost; ranges of the lane; positions
/// ```
///
/// Invariants: there is always a live lane, which alone grows; numbers of lanes only grow; applying
/// a frame twice changes nothing.
final class SpoolState {
  private static final int VERSION = 2;

  /// What a frame takes beside its header and payload, for accounting.
  static final int FRAME_BYTES = 64;

  private final long incarnation;
  private final List<LaneState> lanes = new ArrayList<>();
  private final Map<String, Bytes> positions = new HashMap<>();
  private final EnumMap<LossReason, LossTotal> losses = new EnumMap<>(LossReason.class);

  /// A new spool's, with lane 0.
  SpoolState(long incarnation) {
    this.incarnation = incarnation;
    lanes.add(new LaneState(0, LogPlace.BEGINNING));
  }

  private SpoolState(long incarnation, List<LaneState> lanes) {
    this.incarnation = incarnation;
    this.lanes.addAll(lanes);
  }

  static int weight(int headerBytes, int payloadBytes) {
    return FRAME_BYTES + headerBytes + payloadBytes;
  }

  /// A frame of the live lane is durable; one of a closed lane is known.
  void data(int lane, long sequence, int weight, long endOffset, Map<String, Bytes> changed) {
    if (lane == live().number() && live().data(sequence, weight, endOffset)) {
      positions(changed);
    }
  }

  /// Closes the live lane and begins another one.
  ///
  /// @param startOffset where it begins in the log
  LaneState roll(int number, long startOffset) {
    LaneState old = live();
    Checks.argument(number > old.number(), "lane " + number + " does not follow " + old.number());
    old.close(startOffset);
    LaneState fresh = new LaneState(number, old.end());
    lanes.add(fresh);
    return fresh;
  }

  /// A closed lane has nothing left to send, and nothing left that could be refused again.
  void remove(LaneState lane) {
    Checks.state(lane != live(), "the live lane stays");
    lanes.remove(lane);
    positions.keySet().removeIf(key -> Refusals.isMark(key, lane.number()));
  }

  /// Sources moved on.
  void positions(Map<String, Bytes> changed) {
    changed.forEach((key, value) -> {
      if (value.isEmpty()) {
        positions.remove(key);
      } else {
        positions.put(key, value);
      }
    });
  }

  /// Messages were lost.
  void lost(LossReason reason, long messages, long lostBytes) {
    losses.put(reason, loss(reason).plus(messages, lostBytes));
  }

  /// Frames of a lane will not be sent; see [LaneState#lost].
  void lost(int number, LossRange range) {
    LaneState lane = lane(number);
    if (lane != null) {
      LossTotal total = lane.lost(range);
      lost(range.reason(), total.messages(), total.bytes());
    }
  }

  long incarnation() {
    return incarnation;
  }

  /// The lanes, oldest first.
  List<LaneState> lanes() {
    return List.copyOf(lanes);
  }

  /// The lane that new frames go to.
  LaneState live() {
    return lanes.getLast();
  }

  /// A lane; null when it was never begun or has nothing left.
  @Nullable LaneState lane(int number) {
    for (LaneState lane : lanes) {
      if (lane.number() == number) {
        return lane;
      }
    }
    return null;
  }

  Map<String, Bytes> positions() {
    return Map.copyOf(positions);
  }

  LossTotal loss(LossReason reason) {
    return losses.getOrDefault(reason, LossTotal.NONE);
  }

  Bytes encode() {
    Bytes encodedPositions = Positions.encode(positions);
    int laneBytes = lanes.stream().mapToInt(LaneState::encodedBytes).sum();
    int size = 20 + 20 * losses.size() + laneBytes + encodedPositions.length();
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(VERSION).putLong(incarnation).putInt(losses.size());
    losses.forEach((reason, total) ->
        out.putInt(reason.number()).putLong(total.messages()).putLong(total.bytes()));
    out.putInt(lanes.size());
    lanes.forEach(lane -> lane.encode(out));
    encodedPositions.copyTo(out);
    return Bytes.wrap(out.array(), 0, out.position());
  }

  /// @throws WeirException with LOG_DAMAGED when it is not one that this version reads
  static SpoolState decode(Bytes encoded) {
    try {
      ByteBuffer in = encoded.buffer().order(ByteOrder.LITTLE_ENDIAN);
      SpoolState state =
          switch (in.getInt()) {
            case 1 -> decodeSingle(in);
            case VERSION -> decodeLanes(in);
            default -> throw new IllegalArgumentException("unknown version");
          };
      int read = in.position();
      state.positions.putAll(Positions.decode(encoded.slice(read, encoded.length() - read)));
      return state;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new WeirException(
          ErrorCode.LOG_DAMAGED, "The spool's snapshot cannot be read: " + e.getMessage(), e);
    }
  }

  private static SpoolState decodeSingle(ByteBuffer in) {
    long incarnation = in.getLong();
    long nextSequence = in.getLong();
    long bytes = in.getLong();
    LaneState lane = LaneState.decodeSingle(nextSequence, new LogPlace(in.getLong(), bytes));
    SpoolState state = new SpoolState(incarnation, List.of(lane));
    state.decodeLosses(in);
    lane.decodeRanges(in);
    return state;
  }

  private static SpoolState decodeLanes(ByteBuffer in) {
    SpoolState state = new SpoolState(in.getLong(), List.of());
    state.decodeLosses(in);
    for (int count = in.getInt(); count > 0; count--) {
      state.lanes.add(LaneState.decode(in));
    }
    Checks.argument(!state.lanes.isEmpty(), "no lane");
    return state;
  }

  private void decodeLosses(ByteBuffer in) {
    for (int count = in.getInt(); count > 0; count--) {
      LossReason reason = LossReason.of(in.getInt());
      losses.put(reason, new LossTotal(in.getLong(), in.getLong()));
    }
  }
}
