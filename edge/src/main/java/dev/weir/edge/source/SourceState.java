package dev.weir.edge.source;

/// What a source is doing.
public enum SourceState {
  /// Made, not yet started.
  NEW,
  /// Reading, or waiting for input.
  RUNNING,
  /// Waiting for room behind it: the spool or its disk is full, or slower than the input.
  BLOCKED,
  /// The input came to its end.
  ENDED,
  /// Stopped by a fault that does not pass by itself.
  FAILED,
  /// Closed by us.
  CLOSED
}
