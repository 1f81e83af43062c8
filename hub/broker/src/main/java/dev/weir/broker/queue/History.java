package dev.weir.broker.queue;

import org.jspecify.annotations.Nullable;

/// What is remembered of a message that was delivered in vain.
///
/// @param deliveries how often in this queue
/// @param dueMicros when it may be handed out again, microseconds since 1970
/// @param death how it came here, in a dead-letter queue
public record History(int deliveries, long dueMicros, @Nullable Death death) {}
