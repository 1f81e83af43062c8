package dev.weir.broker.queue;

/// What is remembered of a message that was delivered in vain.
///
/// @param deliveries how often
/// @param dueMicros when it may be handed out again, microseconds since 1970
public record History(int deliveries, long dueMicros) {}
