package dev.weir.wire;

/// What serves the streams of one method: asked once for each stream that a peer opens. It runs on
/// the connection's event loop and must not block.
@FunctionalInterface
public interface WireService {
  /// @return the stream's owner; what it throws ends the stream as INTERNAL
  StreamHandler open(WireStream stream, OpenRequest request);
}
