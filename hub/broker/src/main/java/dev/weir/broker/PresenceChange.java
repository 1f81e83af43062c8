package dev.weir.broker;

/// What changed at a topic.
///
/// @param sequence counts up over all topics, with gaps
/// @param previous the sequence of the topic's change before; a watcher that has seen another one
///   last has missed something
public record PresenceChange(
    String topic, long sequence, long previous, Kind kind, PresenceMember member) {
  public enum Kind {
    /// Was not there before.
    ENTERED,
    /// Says something else of itself.
    UPDATED,
    /// Left, or was held by nobody for longer than its grace.
    LEFT
  }
}
