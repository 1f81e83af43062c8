package dev.weir.broker;

/// What was published to a topic since the core started.
///
/// @param messages stored, without duplicates
/// @param bytes of their bodies
/// @param lastMicros when the newest was committed, microseconds since 1970
public record TopicStatistics(String topic, long messages, long bytes, long lastMicros) {}
