package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.message.Batch;
import java.util.Map;
import java.util.Optional;

/// What is stored at once: messages and where their sources stand after them, or only the latter.
///
/// @param batch the messages; its header's origin holds the positions
/// @param positions the same positions, decoded; an empty value forgets its key
/// @param isRefusable whether its sender waits and can be told that there is no room; otherwise the
///   overflow policy decides
/// @param listener told once
public record SpoolFrame(
    Optional<Batch> batch,
    Map<String, Bytes> positions,
    boolean isRefusable,
    FrameListener listener) {
  public SpoolFrame {
    positions = Map.copyOf(positions);
  }
}
