package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the spool's log says when all its durable frames are taken together. Pure; guarded by the
/// spool's lock. Written as SNAP at the start of each segment, little-endian:
///
/// ```
///  byte 0      u32 version = 1
///       4      u64 incarnation
///      12      u64 next sequence
///      20      u64 bytes of all frames of the lane since its beginning
///      28      u64 end offset of the last of them
///      36      u32 n, n × { u32 reason, u64 messages, u64 bytes }      what was lost
///       ..     u32 n, n × LossRange                                   lost and not yet told
///       ..     positions to the end, see Positions
/// ```
///
/// Invariants: sequences only grow by one; applying a frame twice changes nothing.
final class SpoolState {
  private static final int VERSION = 1;

  /// What a frame takes beside its header and payload, for accounting.
  static final int FRAME_BYTES = 64;

  private long incarnation;
  private long nextSequence = 1;
  private long bytes;
  private long endOffset;
  private final Map<String, Bytes> positions = new HashMap<>();
  private final EnumMap<LossReason, LossTotal> losses = new EnumMap<>(LossReason.class);
  private final TreeMap<Long, LossRange> ranges = new TreeMap<>();

  SpoolState(long incarnation) {
    this.incarnation = incarnation;
  }

  static int weight(int headerBytes, int payloadBytes) {
    return FRAME_BYTES + headerBytes + payloadBytes;
  }

  /// A frame of the lane is durable.
  void data(long sequence, int weight, long newEndOffset, Map<String, Bytes> changed) {
    endOffset = Math.max(endOffset, newEndOffset);
    if (sequence < nextSequence) {
      return; // Written twice, after a disk that failed in between.
    }
    nextSequence = sequence + 1;
    bytes += weight;
    positions(changed);
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

  /// Messages without a sequence were dropped.
  void lost(LossReason reason, long messages, long lostBytes) {
    losses.put(reason, loss(reason).plus(messages, lostBytes));
  }

  /// Frames will not be sent. Ranges come in order of their sequences.
  ///
  /// @param mayJoin whether no number of the last range was sent yet, so that the new one may
  ///   become part of it
  void lost(LossRange range, boolean mayJoin) {
    Optional<LossRange> last = lastRange();
    if (last.isPresent() && range.lastSequence() <= last.get().lastSequence()) {
      return; // Known already: what is read again after a crash.
    }
    lost(range.reason(), range.messages(), range.bytes());
    boolean isJoined = mayJoin && last.isPresent() && last.get().canJoin(range);
    LossRange added = isJoined ? last.get().joined(range) : range;
    ranges.put(added.firstSequence(), added);
  }

  /// Sequences that nobody has: bytes of the log are gone that held them.
  void skipTo(long sequence) {
    nextSequence = Math.max(nextSequence, sequence);
  }

  /// Everything up to a sequence is settled; ranges up to there are told.
  void settled(long sequence) {
    while (!ranges.isEmpty() && ranges.firstEntry().getValue().lastSequence() <= sequence) {
      ranges.pollFirstEntry();
    }
  }

  Optional<LossRange> rangeAt(long sequence) {
    return rangeBefore(sequence).filter(range -> range.holds(sequence));
  }

  /// The last range that begins at or before a sequence.
  Optional<LossRange> rangeBefore(long sequence) {
    return Optional.ofNullable(ranges.floorEntry(sequence)).map(Map.Entry::getValue);
  }

  Optional<LossRange> lastRange() {
    return Optional.ofNullable(ranges.lastEntry()).map(Map.Entry::getValue);
  }

  long incarnation() {
    return incarnation;
  }

  /// The sequence of the next frame.
  long nextSequence() {
    return nextSequence;
  }

  /// Bytes of all frames so far, whatever became of them.
  long bytes() {
    return bytes;
  }

  /// The log's offset behind the last frame.
  long endOffset() {
    return endOffset;
  }

  Map<String, Bytes> positions() {
    return Map.copyOf(positions);
  }

  LossTotal loss(LossReason reason) {
    return losses.getOrDefault(reason, LossTotal.NONE);
  }

  Bytes encode() {
    Bytes encodedPositions = Positions.encode(positions);
    int size =
        44
            + 20 * losses.size()
            + LossRange.ENCODED_BYTES * ranges.size()
            + encodedPositions.length();
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(VERSION).putLong(incarnation).putLong(nextSequence).putLong(bytes);
    out.putLong(endOffset).putInt(losses.size());
    losses.forEach((reason, total) ->
        out.putInt(reason.number()).putLong(total.messages()).putLong(total.bytes()));
    out.putInt(ranges.size());
    ranges.values().forEach(range -> range.encode(out));
    encodedPositions.copyTo(out);
    return Bytes.wrap(out.array(), 0, out.position());
  }

  /// @throws WeirException with LOG_DAMAGED when it is not one of this version
  static SpoolState decode(Bytes encoded) {
    try {
      ByteBuffer in = encoded.buffer().order(ByteOrder.LITTLE_ENDIAN);
      if (in.getInt() != VERSION) {
        throw new IllegalArgumentException("unknown version");
      }
      SpoolState state = new SpoolState(in.getLong());
      state.nextSequence = in.getLong();
      state.bytes = in.getLong();
      state.endOffset = in.getLong();
      for (int count = in.getInt(); count > 0; count--) {
        LossReason reason = LossReason.of(in.getInt());
        state.losses.put(reason, new LossTotal(in.getLong(), in.getLong()));
      }
      for (int count = in.getInt(); count > 0; count--) {
        LossRange range = LossRange.decode(in);
        state.ranges.put(range.firstSequence(), range);
      }
      int read = in.position();
      state.positions.putAll(Positions.decode(encoded.slice(read, encoded.length() - read)));
      return state;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new WeirException(
          ErrorCode.LOG_DAMAGED, "The spool's snapshot cannot be read: " + e.getMessage(), e);
    }
  }
}
