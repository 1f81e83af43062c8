package dev.weir.client;

import java.util.List;

/// What a queue made of a message.
///
/// @param standing `not-seen`, `waiting`, `delayed`, `behind-its-key`, `held` or `gone`
/// @param deliveries how often a delivery ended without an ack
/// @param untilMicros the end of its lease or wait, microseconds since 1970; 0 without one
/// @param holder where its consumer is; empty when nobody holds it or that is not known
/// @param deadReason why it is a dead letter; empty when it is none
/// @param deadQueue which queue gave it up; empty when that is gone
/// @param deadDeliveries how often it was delivered there
/// @param incidents what happened to it, the oldest first, as far as the core remembers it
public record QueueExplanation(
    String queue,
    String standing,
    int deliveries,
    long untilMicros,
    String holder,
    String deadReason,
    String deadQueue,
    int deadDeliveries,
    List<Incident> incidents) {
  public QueueExplanation {
    incidents = List.copyOf(incidents);
  }

  /// Something that happened to a message in a queue.
  ///
  /// @param atMicros microseconds since 1970
  /// @param kind `handed-out`, `given-back`, `acked`, `expired`, `dropped`, `rejected`, `exhausted`
  ///   or `lost`
  /// @param deliveries how often it had been delivered in vain by then
  /// @param who where the consumer is; empty when that is not known
  public record Incident(long atMicros, String kind, int deliveries, String who) {}
}
