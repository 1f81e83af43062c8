package dev.weir.edge.spool;

/// A place in the spool's log between two frames.
///
/// @param offset in the log, counted in messages
/// @param bytes of all numbered frames before it, since the spool's beginning
record LogPlace(long offset, long bytes) {
  static final LogPlace BEGINNING = new LogPlace(0, 0);

  /// The one that lies further on, in each of its two measures.
  LogPlace max(LogPlace other) {
    return new LogPlace(Math.max(offset, other.offset), Math.max(bytes, other.bytes));
  }
}
