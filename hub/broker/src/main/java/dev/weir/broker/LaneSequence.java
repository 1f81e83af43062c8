package dev.weir.broker;

import dev.weir.base.Checks;
import dev.weir.message.BatchSource;

/// The identity of a batch: sent again after any fault, it is stored once.
///
/// @param source who numbered it
/// @param lane the flow within the source, not negative
/// @param sequence from 1, without gaps within the lane
/// @param crc32c the checksum of the frame as it was sent ([dev.weir.message.Batch#crc32c]), kept
///   so that a sender can tell whether what is stored under its identity is its own; 0 when not
///   known
public record LaneSequence(BatchSource source, int lane, long sequence, int crc32c) {
  public LaneSequence {
    Checks.range("lane", lane, 0, Integer.MAX_VALUE);
    Checks.range("sequence", sequence, 1, Long.MAX_VALUE - 1);
  }

  /// Of a frame whose checksum is not known.
  public LaneSequence(BatchSource source, int lane, long sequence) {
    this(source, lane, sequence, 0);
  }

  /// The form that people read: `edge-1/1f lane 0 #42`.
  @Override
  public String toString() {
    return source + " lane " + lane + " #" + sequence;
  }
}
