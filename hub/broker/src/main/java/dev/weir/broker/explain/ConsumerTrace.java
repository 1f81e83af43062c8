package dev.weir.broker.explain;

/// A consumer of a queue at one moment.
///
/// @param queue its queue's name
/// @param prefetch how many messages it may hold; 0 while its client does not read
/// @param held how many it holds
public record ConsumerTrace(String queue, int prefetch, int held) {}
