package dev.weir.config;

import dev.weir.base.ByteSize;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Values;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The keys of `store`.
final class StoreSection {
  private static final Key<Optional<ByteSize>> BYTES =
      Key.of("bytes", Values.optional(Values.size("1MiB", "1024TiB")))
          .defaults(Values.NONE)
          .about("The oldest segments go when the log is larger.")
          .hot();
  private static final Key<Optional<Duration>> AGE =
      Key.of("age", Values.optional(Values.duration("1m", "36500d")))
          .defaults(Values.NONE)
          .about("Segments go when their newest message is older.")
          .hot();
  private static final Key<ByteSize> FREE_DISK_FLOOR =
      Key.of("freeDiskFloor", Values.size("0B", "1024TiB"))
          .defaults("1GiB")
          .about("The oldest segments go when less of the disk is free.")
          .hot();
  private static final Section<StoreConfig.Retention> RETENTION_SECTION =
      new Section<>(
          "When the oldest messages go; the first limit that is reached counts.",
          List.of(BYTES, AGE, FREE_DISK_FLOOR),
          bound ->
              new StoreConfig.Retention(
                  bound.get(BYTES), bound.get(AGE), bound.get(FREE_DISK_FLOOR)));

  private static final Key<ByteSize> SEGMENT_BYTES =
      Key.of("segmentBytes", Values.size("1MiB", "1GiB"))
          .defaults("64MiB")
          .about("The size of one preallocated file of the log.");
  private static final Key<StoreConfig.Retention> RETENTION =
      Key.of("retention", RETENTION_SECTION);
  private static final Key<Duration> DUPLICATE_WINDOW =
      Key.of("duplicateWindow", Values.duration("0s", "7d"))
          .defaults("10m")
          .about("How long a message id is remembered, so that a retry is stored once.");
  private static final Key<Integer> DUPLICATE_IDS =
      Key.of("duplicateIds", Values.integer("ids", 0, 16_777_216))
          .defaults("131072")
          .about("How many message ids are remembered; bounds the memory of the window.");
  private static final Key<Integer> RETAINED_TOPICS =
      Key.of("retainedTopics", Values.integer("topics", 1, 16_777_216))
          .defaults("1000000")
          .about("How many topics may have a retained message; some 20 bytes of memory each.");
  private static final Key<ByteSize> QUEUE_BYTES =
      Key.of("queueBytes", Values.size("1MiB", "1GiB"))
          .defaults("16MiB")
          .about("How much may wait for the disk before senders are held.");

  static final Section<StoreConfig> SECTION =
      new Section<>(
          "The durable log of the core.",
          List.of(
              SEGMENT_BYTES,
              RETENTION,
              DUPLICATE_WINDOW,
              DUPLICATE_IDS,
              RETAINED_TOPICS,
              QUEUE_BYTES),
          bound ->
              new StoreConfig(
                  bound.get(SEGMENT_BYTES),
                  bound.get(RETENTION),
                  bound.get(DUPLICATE_WINDOW),
                  bound.get(DUPLICATE_IDS),
                  bound.get(RETAINED_TOPICS),
                  bound.get(QUEUE_BYTES)));

  private StoreSection() {}
}
