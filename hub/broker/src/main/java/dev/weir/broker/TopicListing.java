package dev.weir.broker;

import java.util.List;

/// Topics by name.
///
/// @param topics sorted
/// @param isComplete false when the limit cut the list, or more topics were published than are
///   counted one by one
public record TopicListing(List<TopicStatistics> topics, boolean isComplete) {
  public TopicListing {
    topics = List.copyOf(topics);
  }
}
