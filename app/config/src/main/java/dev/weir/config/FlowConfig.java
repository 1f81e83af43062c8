package dev.weir.config;

import dev.weir.base.ByteSize;
import java.time.Duration;

/// What may be in flight between an edge or client and the core.
///
/// @param creditBytes what the core lets all senders have in flight together
/// @param v1Queue messages that the core holds for one version 1 client before they are durable
public record FlowConfig(
    ByteSize creditBytes, Duration heartbeat, int v1Queue, V1Overflow v1Overflow) {

  /// What a full queue of a version 1 client does.
  public enum V1Overflow {
    /// Stop reading until there is room.
    CREDIT,
    /// Drop the oldest message that is not durable yet, count it and tell the client.
    DROP_OLDEST
  }
}
