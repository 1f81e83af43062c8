package dev.weir.client;

import dev.weir.proto.v1.TopicSummary;

/// What was published to a topic since the core started.
///
/// @param messages stored, without duplicates
/// @param bytes of their bodies
/// @param lastMicros when the newest was stored, microseconds since 1970
public record TopicFigures(String topic, long messages, long bytes, long lastMicros) {
  static TopicFigures of(TopicSummary summary) {
    return new TopicFigures(
        summary.getTopic(), summary.getMessages(), summary.getBytes(), summary.getLastMicros());
  }
}
