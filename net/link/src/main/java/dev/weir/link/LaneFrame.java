package dev.weir.link;

import dev.weir.base.Checks;
import dev.weir.message.Batch;
import org.jspecify.annotations.Nullable;

/// One batch and its place on a lane.
///
/// @param sequence from 1, without gaps
/// @param batch what is sent; null when the frame can no longer be read: its sequence is then
///   passed over by agreement with the core, and the source is told that it was refused
public record LaneFrame(long sequence, @Nullable Batch batch) {
  public LaneFrame {
    Checks.range("sequence", sequence, 1, Long.MAX_VALUE - 1);
  }

  /// A frame that was damaged or dropped where it waited.
  public static LaneFrame lost(long sequence) {
    return new LaneFrame(sequence, null);
  }
}
