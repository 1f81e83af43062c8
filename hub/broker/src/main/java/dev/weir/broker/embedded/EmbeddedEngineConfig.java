package dev.weir.broker.embedded;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.log.LogConfig;
import dev.weir.log.Retention;
import java.nio.file.Path;
import java.time.Duration;

/// How the embedded engine keeps its stream.
///
/// @param directory holds one directory a partition: `<stream>/<partition>`
/// @param stream its name
/// @param partitions 1 to 64; may grow, never shrink
/// @param segmentBytes see [LogConfig]
/// @param queueBytes appends of one partition that are not yet durable
/// @param maxBatchBytes header and payload of one batch
/// @param retention when old messages go
/// @param idWindow how long a message id suppresses duplicates
/// @param maxIds ids kept at most: 36 bytes of memory and about 20 of each segment an id
/// @param laneExpiry how long an unused lane is remembered
/// @param maxLanes lanes remembered at most, about 200 bytes of memory and 50 of each segment a
///   lane
public record EmbeddedEngineConfig(
    Path directory,
    String stream,
    int partitions,
    ByteSize segmentBytes,
    ByteSize queueBytes,
    ByteSize maxBatchBytes,
    Retention retention,
    Duration idWindow,
    int maxIds,
    Duration laneExpiry,
    int maxLanes) {
  public static final String DEFAULT_STREAM = "main";
  public static final Duration DEFAULT_ID_WINDOW = Duration.ofMinutes(10);

  /// Two hundred a second for the whole window.
  public static final int DEFAULT_MAX_IDS = 1 << 17;

  /// Longer than a site stays cut off and then comes back with its spool.
  public static final Duration DEFAULT_LANE_EXPIRY = Duration.ofDays(30);

  /// Thousands of edges, and a short-lived publisher every two minutes for the expiry.
  public static final int DEFAULT_MAX_LANES = 1 << 15;

  public EmbeddedEngineConfig {
    Checks.argument(
        stream.matches("[a-z0-9][a-z0-9._-]{0,62}"),
        "stream is '" + stream + "', expected 1 to 63 of a-z 0-9 . _ -");
    Checks.range("partitions", partitions, 1, 64);
    Checks.argument(!idWindow.isNegative(), "idWindow is " + idWindow + ", expected 0 or more");
    Checks.range("maxIds", maxIds, 1, 1 << 24);
    Checks.argument(laneExpiry.isPositive(), "laneExpiry is " + laneExpiry + ", expected more");
    Checks.range("maxLanes", maxLanes, 1, 1 << 20);
  }

  /// The defaults, keeping everything.
  public static EmbeddedEngineConfig of(Path directory) {
    return new EmbeddedEngineConfig(
        directory,
        DEFAULT_STREAM,
        1,
        LogConfig.DEFAULT_SEGMENT_BYTES,
        LogConfig.DEFAULT_QUEUE_BYTES,
        LogConfig.DEFAULT_MAX_FRAME_BYTES,
        Retention.FOREVER,
        DEFAULT_ID_WINDOW,
        DEFAULT_MAX_IDS,
        DEFAULT_LANE_EXPIRY,
        DEFAULT_MAX_LANES);
  }

  public EmbeddedEngineConfig withPartitions(int value) {
    return new EmbeddedEngineConfig(
        directory,
        stream,
        value,
        segmentBytes,
        queueBytes,
        maxBatchBytes,
        retention,
        idWindow,
        maxIds,
        laneExpiry,
        maxLanes);
  }

  /// @param newSegmentBytes see [LogConfig]
  /// @param newQueueBytes see [LogConfig]
  public EmbeddedEngineConfig withSizes(ByteSize newSegmentBytes, ByteSize newQueueBytes) {
    return new EmbeddedEngineConfig(
        directory,
        stream,
        partitions,
        newSegmentBytes,
        newQueueBytes,
        maxBatchBytes,
        retention,
        idWindow,
        maxIds,
        laneExpiry,
        maxLanes);
  }

  public EmbeddedEngineConfig withRetention(Retention value) {
    return new EmbeddedEngineConfig(
        directory,
        stream,
        partitions,
        segmentBytes,
        queueBytes,
        maxBatchBytes,
        value,
        idWindow,
        maxIds,
        laneExpiry,
        maxLanes);
  }

  public EmbeddedEngineConfig withIds(Duration newIdWindow, int newMaxIds) {
    return new EmbeddedEngineConfig(
        directory,
        stream,
        partitions,
        segmentBytes,
        queueBytes,
        maxBatchBytes,
        retention,
        newIdWindow,
        newMaxIds,
        laneExpiry,
        maxLanes);
  }

  public EmbeddedEngineConfig withLanes(Duration newLaneExpiry, int newMaxLanes) {
    return new EmbeddedEngineConfig(
        directory,
        stream,
        partitions,
        segmentBytes,
        queueBytes,
        maxBatchBytes,
        retention,
        idWindow,
        maxIds,
        newLaneExpiry,
        newMaxLanes);
  }
}
