package dev.weir.flow;

/// How many bytes a sender may have in flight: a controller that sees every frame sent and every
/// ack, and answers with a limit. It is driven only by what it is told; it reads no clock.
///
/// Acks are cumulative, so a controller that wants a frame's own delivery sample keeps the frames
/// in order of sending and takes them off as acked bytes add up.
///
/// Owned by the thread that owns the link.
public interface Window {
  /// A frame went out.
  void onSent(long nowNanos, long bytes);

  /// An ack settled bytes.
  ///
  /// @param bytes newly acked, above 0
  /// @param rttNanos from sending the newest acked frame to its ack
  /// @param commitMicros write and fsync of the newest frame, as the server reports
  /// @param queueMicros its wait before that, as the server reports
  void onAck(long nowNanos, long bytes, long rttNanos, long commitMicros, long queueMicros);

  /// Sending paused for a reason. A delivery rate measured while the window was not the reason says
  /// nothing about the path's capacity.
  void onLimited(long nowNanos, LimitedBy reason);

  /// A new session began, perhaps on another path: nothing is in flight.
  void onSession();

  /// Bytes taken back from flight without an ack; they will be sent again.
  void onTakenBack(long bytes);

  /// The limit in bytes, above 0; may change with every call above.
  long limitBytes();

  /// What it measured of the path so far.
  PathFigures figures();
}
