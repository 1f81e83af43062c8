package dev.weir.wire;

/// Is told when something that was queued has been written, or dropped with its stream.
@FunctionalInterface
public interface Written {
  /// Runs on the loop of the connection that it was written to.
  ///
  /// @param frameBytes what it cost its sender: [FrameView#frameBytes]
  void onWritten(WireStream stream, int frameBytes);
}
