package dev.weir.edge.spool;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the spool's log says of one lane. Lanes lie in the log one behind the other: all frames of
/// a lane come before all frames of the next. Part of a [SpoolState], and guarded like it. Encoded
/// little-endian:
///
/// ```
///  byte 0      u32 number
///       4      u64 next sequence
///      12      u64 offset and u64 bytes of its beginning
///      28      u64 offset and u64 bytes of its end
///      44      u32 n, n × LossRange                  lost and not yet told
/// ```
///
/// Invariants: sequences only grow by one; applying a frame twice changes nothing; a closed lane's
/// end does not move.
final class LaneState {
  private static final int FIXED_BYTES = 48;

  private final int number;
  private final LogPlace start;
  private final TreeMap<Long, LossRange> ranges = new TreeMap<>();
  private long nextSequence = 1;
  private LogPlace end;

  LaneState(int number, LogPlace start) {
    this.number = number;
    this.start = start;
    this.end = start;
  }

  /// A frame of the lane is durable.
  ///
  /// @return whether that is news
  boolean data(long sequence, int weight, long endOffset) {
    boolean isNew = sequence >= nextSequence; // Else written twice, after a disk that failed.
    nextSequence = Math.max(nextSequence, sequence + 1);
    end = new LogPlace(Math.max(end.offset(), endOffset), end.bytes() + (isNew ? weight : 0));
    return isNew;
  }

  /// Frames will not be sent. Ranges come in order of their sequences; one that begins where the
  /// last one does takes its place.
  ///
  /// @return what that adds to what was lost
  LossTotal lost(LossRange range) {
    LossRange last = lastRange().orElse(null);
    if (last != null && range.lastSequence() <= last.lastSequence()) {
      return LossTotal.NONE; // Known already: what is read again after a crash.
    }
    boolean isGrown = last != null && range.firstSequence() == last.firstSequence();
    ranges.put(range.firstSequence(), range);
    return isGrown && last != null
        ? new LossTotal(range.messages() - last.messages(), range.bytes() - last.bytes())
        : new LossTotal(range.messages(), range.bytes());
  }

  /// Sequences that nobody has: bytes of the log are gone that held them.
  void skip(long count) {
    nextSequence += count;
  }

  /// The lane ends here: what follows belongs to the next one.
  void close(long endOffset) {
    end = new LogPlace(Math.max(end.offset(), endOffset), end.bytes());
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

  int number() {
    return number;
  }

  /// The sequence of the next frame.
  long nextSequence() {
    return nextSequence;
  }

  /// Before its first frame.
  LogPlace start() {
    return start;
  }

  /// Behind its last frame so far.
  LogPlace end() {
    return end;
  }

  int encodedBytes() {
    return FIXED_BYTES + LossRange.ENCODED_BYTES * ranges.size();
  }

  void encode(ByteBuffer out) {
    out.putInt(number).putLong(nextSequence);
    out.putLong(start.offset()).putLong(start.bytes());
    out.putLong(end.offset()).putLong(end.bytes());
    out.putInt(ranges.size());
    ranges.values().forEach(range -> range.encode(out));
  }

  static LaneState decode(ByteBuffer in) {
    int number = in.getInt();
    long nextSequence = in.getLong();
    LaneState lane = new LaneState(number, new LogPlace(in.getLong(), in.getLong()));
    lane.nextSequence = nextSequence;
    lane.end = new LogPlace(in.getLong(), in.getLong());
    lane.decodeRanges(in);
    return lane;
  }

  /// The only lane of a spool of version 1.
  static LaneState decodeSingle(long nextSequence, LogPlace end) {
    LaneState lane = new LaneState(0, LogPlace.BEGINNING);
    lane.nextSequence = nextSequence;
    lane.end = end;
    return lane;
  }

  void decodeRanges(ByteBuffer in) {
    for (int count = in.getInt(); count > 0; count--) {
      LossRange range = LossRange.decode(in);
      ranges.put(range.firstSequence(), range);
    }
  }
}
