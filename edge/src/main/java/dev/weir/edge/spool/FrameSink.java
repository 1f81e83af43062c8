package dev.weir.edge.spool;

/// Where batchers put frames: the [Spool]. Any thread.
public interface FrameSink {
  /// Takes a frame, or tells its listener that it is refused. Never blocks.
  ///
  /// @return false when there is no room for it now: the same frame is offered again later
  boolean offer(SpoolFrame frame);

  /// Whether everything that was taken is on disk, so that a frame offered now is written at once.
  boolean isIdle();

  /// What to call when there may be room again, or when it became idle. Any thread may call it.
  void addWake(Runnable wake);
}
