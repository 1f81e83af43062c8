package dev.weir.broker.explain;

/// Something that happened to a message in a queue.
///
/// @param micros when, microseconds since 1970
/// @param kind what
/// @param deliveries how often it had been delivered by then
/// @param who where the consumer is, `HOST:PORT`; empty when it is not known or there is none
public record QueueEvent(long micros, Kind kind, int deliveries, String who) {
  /// What happens to messages of queues.
  public enum Kind {
    HANDED_OUT,
    /// A delivery ended without an ack: by a nack, with its lease, or with its consumer.
    GIVEN_BACK,
    ACKED,
    EXPIRED,
    DROPPED,
    REJECTED,
    EXHAUSTED,
    LOST
  }
}
