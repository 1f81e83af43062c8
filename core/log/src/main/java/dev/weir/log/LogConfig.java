package dev.weir.log;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.nio.file.Path;

/// How one log is kept.
///
/// @param name appears in thread names and metrics
/// @param directory holds the segments and nothing else; created when missing
/// @param segmentBytes a segment ends near this size, 64 KiB to 1 GiB
/// @param queueBytes appends that are not yet durable, in bytes of frames
/// @param maxFrameBytes the largest header and payload that an append may have
/// @param retention when old segments go
/// @param topics finds the topics in frame headers
/// @param tailCacheBytes the newest frames that are held in memory for readers who keep up, 64 KiB
///   to 1 GiB
public record LogConfig(
    String name,
    Path directory,
    ByteSize segmentBytes,
    ByteSize queueBytes,
    ByteSize maxFrameBytes,
    Retention retention,
    TopicExtractor topics,
    ByteSize tailCacheBytes) {
  /// Large enough that sealing costs little, small enough that one is read in a tenth of a second
  /// when the process starts.
  public static final ByteSize DEFAULT_SEGMENT_BYTES = ByteSize.ofMebibytes(64);

  /// Four groups of the largest size: the disk always finds the next group waiting.
  public static final ByteSize DEFAULT_QUEUE_BYTES = ByteSize.ofMebibytes(16);

  /// The largest message that a link carries, with room for its header.
  public static final ByteSize DEFAULT_MAX_FRAME_BYTES = ByteSize.ofMebibytes(17);

  /// Enough that a subscriber a tenth of a second behind at full speed is still served from memory.
  public static final ByteSize DEFAULT_TAIL_CACHE_BYTES = ByteSize.ofMebibytes(8);

  public LogConfig {
    Checks.argument(!name.isBlank(), "the log's name is empty");
    Checks.range("segmentBytes", segmentBytes.bytes(), 1L << 16, 1L << 30);
    Checks.range("queueBytes", queueBytes.bytes(), 1L << 10, Long.MAX_VALUE);
    Checks.range("maxFrameBytes", maxFrameBytes.bytes(), 1, Layout.LARGEST_BODY_BYTES);
    Checks.range("tailCacheBytes", tailCacheBytes.bytes(), 64L << 10, 1L << 30);
  }

  /// With the default tail cache.
  public LogConfig(
      String name,
      Path directory,
      ByteSize segmentBytes,
      ByteSize queueBytes,
      ByteSize maxFrameBytes,
      Retention retention,
      TopicExtractor topics) {
    this(
        name,
        directory,
        segmentBytes,
        queueBytes,
        maxFrameBytes,
        retention,
        topics,
        DEFAULT_TAIL_CACHE_BYTES);
  }

  /// The defaults: 64 MiB segments, a 16 MiB queue, nothing removed, no topics.
  public static LogConfig of(String name, Path directory) {
    return new LogConfig(
        name,
        directory,
        DEFAULT_SEGMENT_BYTES,
        DEFAULT_QUEUE_BYTES,
        DEFAULT_MAX_FRAME_BYTES,
        Retention.FOREVER,
        TopicExtractor.NONE);
  }

  public LogConfig withSegmentBytes(ByteSize value) {
    return new LogConfig(
        name, directory, value, queueBytes, maxFrameBytes, retention, topics, tailCacheBytes);
  }

  public LogConfig withQueueBytes(ByteSize value) {
    return new LogConfig(
        name, directory, segmentBytes, value, maxFrameBytes, retention, topics, tailCacheBytes);
  }

  public LogConfig withMaxFrameBytes(ByteSize value) {
    return new LogConfig(
        name, directory, segmentBytes, queueBytes, value, retention, topics, tailCacheBytes);
  }

  public LogConfig withRetention(Retention value) {
    return new LogConfig(
        name, directory, segmentBytes, queueBytes, maxFrameBytes, value, topics, tailCacheBytes);
  }

  public LogConfig withTopics(TopicExtractor value) {
    return new LogConfig(
        name, directory, segmentBytes, queueBytes, maxFrameBytes, retention, value, tailCacheBytes);
  }

  public LogConfig withTailCacheBytes(ByteSize value) {
    return new LogConfig(
        name, directory, segmentBytes, queueBytes, maxFrameBytes, retention, topics, value);
  }
}
