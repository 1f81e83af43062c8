package dev.weir.edge.spool;

import dev.weir.base.Checks;
import java.nio.ByteBuffer;

/// Frames of a lane that will not be sent. Their sequence numbers still are, each with a loss
/// message in place of the frame, of which the last tells the sums: so the lane has no gap.
///
/// ```
///  byte 0      u64 first sequence
///       8      u64 last sequence
///      16      u64 messages
///      24      u64 bytes of the frames
///      32      u64 end offset: where the log goes on behind the last frame
///      40      u64 end bytes: all frames up to there, since the spool's beginning
///      48      u64 time, microseconds since 1970
///      56      u32 reason
/// ```
///
/// @param firstSequence of the first frame
/// @param lastSequence of the last frame
/// @param messages in all of them
/// @param bytes of all of them
/// @param endOffset offset in the log behind the last frame
/// @param endBytes of all frames up to and with the last one
/// @param timeMicros when they were given up
public record LossRange(
    long firstSequence,
    long lastSequence,
    long messages,
    long bytes,
    long endOffset,
    long endBytes,
    long timeMicros,
    LossReason reason) {
  static final int ENCODED_BYTES = 60;

  public LossRange {
    Checks.range("lastSequence", lastSequence, firstSequence, Long.MAX_VALUE);
    Checks.range("messages", messages, 0, Long.MAX_VALUE);
    Checks.range("bytes", bytes, 0, Long.MAX_VALUE);
  }

  boolean holds(long sequence) {
    return firstSequence <= sequence && sequence <= lastSequence;
  }

  /// Where the log goes on behind the last frame.
  LogPlace endPlace() {
    return new LogPlace(endOffset, endBytes);
  }

  /// This range and one that follows it at once.
  LossRange joined(LossRange next) {
    return new LossRange(
        firstSequence,
        next.lastSequence,
        messages + next.messages,
        bytes + next.bytes,
        next.endOffset,
        next.endBytes,
        next.timeMicros,
        reason);
  }

  boolean canJoin(LossRange next) {
    return next.firstSequence == lastSequence + 1 && next.reason == reason;
  }

  void encode(ByteBuffer out) {
    out.putLong(firstSequence).putLong(lastSequence).putLong(messages).putLong(bytes);
    out.putLong(endOffset).putLong(endBytes).putLong(timeMicros).putInt(reason.number());
  }

  static LossRange decode(ByteBuffer in) {
    return new LossRange(
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        LossReason.of(in.getInt()));
  }
}
