package dev.weir.broker.queue;

import org.jspecify.annotations.Nullable;

/// A message is handed to a consumer, who holds it until the lease ends.
///
/// @param consumer to whom
/// @param position of the message
/// @param lease names this delivery: what settles it must name it
/// @param delivery which one it is of this message, from 1
/// @param untilMicros when the lease ends, microseconds since 1970
/// @param death how it came into this queue, where that is a dead-letter queue
public record Handout(
    long consumer,
    long position,
    long lease,
    int delivery,
    long untilMicros,
    @Nullable Death death) {}
