package dev.weir.edge.spool;

import dev.weir.base.WeirException;

/// Told once what became of a frame, on the log's thread or the offering one: must be quick.
public interface FrameListener {
  /// The frame is on disk.
  void durable();

  /// The frame will not be stored.
  void failed(WeirException cause);
}
