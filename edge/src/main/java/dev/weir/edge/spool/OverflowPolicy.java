package dev.weir.edge.spool;

/// What happens when the spool is full. Senders that wait for an answer are refused in any case.
public enum OverflowPolicy {
  /// Sources stop until there is room: nothing is lost as long as their input waits for them.
  BLOCK,
  /// The oldest messages without an ack make room for new ones.
  DROP_OLDEST,
  /// New messages are dropped until there is room.
  DROP_NEWEST
}
