package dev.weir.router.nodes;

import dev.weir.base.Checks;

/// What a storage node answers to an [Announcement].
///
/// @param node what the storage node calls itself, 1 to 255 bytes of UTF-8
/// @param isDraining whether it is about to end
/// @param figures how it fares
/// @param mapVersion the newest that it was told, this announcement's included; 1 or more
/// @param mapHash of that map
/// @param mapRouter who told it, bytes as above
/// @param mapNode what that map calls the storage node, bytes as above
public record NodeReport(
    String node,
    boolean isDraining,
    Figures figures,
    long mapVersion,
    long mapHash,
    String mapRouter,
    String mapNode) {
  /// Of one moment.
  ///
  /// @param fault why nothing can be stored, at most 255 bytes of UTF-8; empty when it can
  /// @param revisions of keys that are kept, deletions included
  /// @param bytes of the buckets' log
  /// @param queueBytes taken and not yet durable
  /// @param commitMicros write and fsync of a group, 99th percentile since the start
  public record Figures(
      String fault, long revisions, long bytes, long queueBytes, long commitMicros) {
    public Figures {
      NodeCodec.checkText("fault", fault, 0);
      Checks.range("revisions", revisions, 0, Long.MAX_VALUE);
      Checks.range("bytes", bytes, 0, Long.MAX_VALUE);
      Checks.range("queueBytes", queueBytes, 0, Long.MAX_VALUE);
      Checks.range("commitMicros", commitMicros, 0, Long.MAX_VALUE);
    }

    public boolean canStore() {
      return fault.isEmpty();
    }
  }

  public NodeReport {
    NodeCodec.checkName("node", node);
    NodeCodec.checkName("mapRouter", mapRouter);
    NodeCodec.checkName("mapNode", mapNode);
    Checks.range("mapVersion", mapVersion, 1, Long.MAX_VALUE);
  }
}
