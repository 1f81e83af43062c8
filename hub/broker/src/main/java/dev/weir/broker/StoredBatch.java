package dev.weir.broker;

import dev.weir.message.Batch;
import java.util.List;

/// A batch with its place.
///
/// @param baseOffset of its first message
/// @param storedMicros when it was committed, microseconds since 1970; never decreases in a
///   partition
/// @param hasTtl whether any of its messages expires
/// @param hasRetained whether any of its messages asks to be kept as the last of its topic
/// @param topics the distinct topics of its messages
/// @param batch its header holds topics only
public record StoredBatch(
    int partition,
    long baseOffset,
    long storedMicros,
    boolean hasTtl,
    boolean hasRetained,
    List<String> topics,
    Batch batch)
    implements StoredEvent {
  public StoredBatch {
    topics = List.copyOf(topics);
  }

  public long endOffset() {
    return baseOffset + batch.count();
  }
}
