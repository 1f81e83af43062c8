package dev.weir.config;

import dev.weir.base.ByteSize;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Values;
import java.time.Duration;
import java.util.List;

/// The keys of `kv`.
final class KvSection {
  private static final Key<ByteSize> SEGMENT_BYTES =
      Key.of("segmentBytes", Values.size("1MiB", "1GiB"))
          .defaults("64MiB")
          .about("The size of one preallocated file of the buckets' log.");
  private static final Key<ByteSize> QUEUE_BYTES =
      Key.of("queueBytes", Values.size("1MiB", "1GiB"))
          .defaults("16MiB")
          .about("How much may wait for the disk before writes are refused.");
  private static final Key<ByteSize> CACHE_BYTES =
      Key.of("cacheBytes", Values.size("0B", "1TiB"))
          .defaults("64MiB")
          .about("How much of the values is kept in memory.");
  private static final Key<ByteSize> MAX_VALUE =
      Key.of("maxValue", Values.size("1B", "16MiB"))
          .defaults("1MiB")
          .about("The largest value that is accepted, at most an eighth of a segment.");
  private static final Key<Integer> MAX_BUCKETS =
      Key.of("maxBuckets", Values.integer("buckets", 1, 65_536))
          .defaults("1024")
          .about("How many buckets there may be.");
  private static final Key<Duration> TOMBSTONES =
      Key.of("tombstones", Values.duration("0s", "3650d"))
          .defaults("1d")
          .about("How long a deletion is remembered, so that a watcher who was away hears of it.");

  static final Section<KvStoreConfig> SECTION =
      new Section<>(
          "The key/value buckets of a core or a storage node.",
          List.of(SEGMENT_BYTES, QUEUE_BYTES, CACHE_BYTES, MAX_VALUE, MAX_BUCKETS, TOMBSTONES),
          bound ->
              new KvStoreConfig(
                  bound.get(SEGMENT_BYTES),
                  bound.get(QUEUE_BYTES),
                  bound.get(CACHE_BYTES),
                  bound.get(MAX_VALUE),
                  bound.get(MAX_BUCKETS),
                  bound.get(TOMBSTONES)));

  private KvSection() {}
}
