package dev.weir.broker.explain;

/// Somebody who answers requests, at one moment.
///
/// @param filter the topics that it answers
/// @param capacity how many requests it may have in hand; 0 while its client does not read
/// @param inHand how many it has
public record ResponderTrace(String filter, int capacity, int inHand) {}
