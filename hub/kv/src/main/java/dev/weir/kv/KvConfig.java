package dev.weir.kv;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.nio.file.Path;
import java.time.Duration;

/// How a store is kept.
///
/// @param name appears in thread names
/// @param directory of the log, and of nothing else
/// @param segmentBytes a segment of the log ends near this size, 64 KiB to 1 GiB
/// @param queueBytes writes that are not yet durable
/// @param cacheBytes values kept in memory, 0 or more
/// @param maxValueBytes 1 byte to 16 MiB, and at most an eighth of a segment
/// @param maxBuckets 1 to 65,536
/// @param tombstones how long a deletion is remembered at least, so that a watcher who was away
///   hears of it
public record KvConfig(
    String name,
    Path directory,
    ByteSize segmentBytes,
    ByteSize queueBytes,
    ByteSize cacheBytes,
    ByteSize maxValueBytes,
    int maxBuckets,
    Duration tombstones) {
  public static final int MAX_KEY_BYTES = 1 << 10;

  public KvConfig {
    Checks.argument(!name.isBlank(), "the store's name is empty");
    Checks.range("cacheBytes", cacheBytes.bytes(), 0, Long.MAX_VALUE);
    Checks.range("maxValueBytes", maxValueBytes.bytes(), 1, 16 << 20);
    Checks.range("maxValueBytes", maxValueBytes.bytes(), 1, segmentBytes.bytes() / 8);
    Checks.range("maxBuckets", maxBuckets, 1, 1 << 16);
    Checks.argument(!tombstones.isNegative(), "tombstones is " + tombstones);
  }

  /// Values up to 1 MiB, a cache of 64 MiB, deletions remembered for a day.
  public static KvConfig of(String name, Path directory) {
    return new KvConfig(
        name,
        directory,
        ByteSize.ofMebibytes(64),
        ByteSize.ofMebibytes(16),
        ByteSize.ofMebibytes(64),
        ByteSize.ofMebibytes(1),
        1024,
        Duration.ofDays(1));
  }

  public KvConfig withSegmentBytes(ByteSize size) {
    return new KvConfig(
        name, directory, size, queueBytes, cacheBytes, maxValueBytes, maxBuckets, tombstones);
  }

  public KvConfig withCacheBytes(ByteSize size) {
    return new KvConfig(
        name, directory, segmentBytes, queueBytes, size, maxValueBytes, maxBuckets, tombstones);
  }

  public KvConfig withMaxValueBytes(ByteSize size) {
    return new KvConfig(
        name, directory, segmentBytes, queueBytes, cacheBytes, size, maxBuckets, tombstones);
  }

  public KvConfig withTombstones(Duration time) {
    return new KvConfig(
        name, directory, segmentBytes, queueBytes, cacheBytes, maxValueBytes, maxBuckets, time);
  }
}
