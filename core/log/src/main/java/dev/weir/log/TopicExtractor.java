package dev.weir.log;

import dev.weir.base.Bytes;
import java.util.function.Consumer;

/// Tells the topics of a DATA frame from its header, for the per-segment topic index. Called on the
/// appender's and on readers' threads.
@FunctionalInterface
public interface TopicExtractor {
  /// Knows no topics: a reader by topic then finds nothing.
  TopicExtractor NONE = (header, topics) -> {};

  /// Passes each distinct topic of the frame to the consumer.
  void extract(Bytes header, Consumer<String> topics);
}
