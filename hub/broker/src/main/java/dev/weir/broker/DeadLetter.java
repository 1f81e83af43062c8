package dev.weir.broker;

import dev.weir.broker.queue.RemovalReason;

/// How a message came into a dead-letter queue.
///
/// @param queue that gave it up; empty when it was deleted since
/// @param reason why
/// @param deliveries how often it was delivered there
/// @param micros when, microseconds since 1970
public record DeadLetter(String queue, RemovalReason reason, int deliveries, long micros) {}
