package dev.weir.config;

import dev.weir.base.ByteSize;
import java.time.Duration;
import java.util.Optional;

/// The durable log of a core.
///
/// @param duplicateWindow how long a message id is remembered
/// @param duplicateIds how many message ids are remembered
/// @param retainedTopics how many topics may have a retained message
/// @param queueBytes what may wait for the disk
public record StoreConfig(
    ByteSize segmentBytes,
    Retention retention,
    Duration duplicateWindow,
    int duplicateIds,
    int retainedTopics,
    ByteSize queueBytes) {

  /// When the oldest segments go; what is absent does not limit.
  public record Retention(
      Optional<ByteSize> bytes, Optional<Duration> age, ByteSize freeDiskFloor) {}
}
