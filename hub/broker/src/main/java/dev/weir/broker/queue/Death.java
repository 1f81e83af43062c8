package dev.weir.broker.queue;

/// Why a message came into a dead-letter queue.
///
/// @param queue the number of the queue that gave it up
/// @param reason why
/// @param deliveries how often it was delivered there
/// @param micros when, microseconds since 1970
public record Death(int queue, RemovalReason reason, int deliveries, long micros) {}
