package dev.weir.broker;

import java.util.List;

/// An engine's figures at one moment; counters count since it was opened.
///
/// @param lanes whose last sequence is known
/// @param evictedLanes forgotten because there were too many
/// @param laneGaps lanes that went on behind a gap
/// @param messageIds in the window for duplicates
/// @param duplicateBatches answered without storing them again
/// @param duplicateMessages left out of batches, or alone in them
public record EngineStats(
    List<Partition> partitions,
    int lanes,
    long evictedLanes,
    long laneGaps,
    int messageIds,
    long duplicateBatches,
    long duplicateMessages) {
  public EngineStats {
    partitions = List.copyOf(partitions);
  }

  /// A partition's figures.
  ///
  /// @param condition `open`, `disk full`, `poisoned` or `closed`
  /// @param bytes on disk
  /// @param segments files
  /// @param firstOffset first message kept
  /// @param endOffset one after the last durable message
  /// @param commits groups written with one fsync each
  /// @param commitP50Nanos write and fsync of a group, median
  /// @param commitP99Nanos the same, 99th percentile
  /// @param holes damaged ranges met
  /// @param queueBytes appends not yet durable
  public record Partition(
      String condition,
      long bytes,
      int segments,
      long firstOffset,
      long endOffset,
      long commits,
      long commitP50Nanos,
      long commitP99Nanos,
      long holes,
      long queueBytes) {}
}
