package dev.weir.log;

import dev.weir.base.Clock;
import dev.weir.base.disk.Disk;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What the log's thread, its chores thread and readers share. Each field has one writer, named
/// beside it; everything else only reads.
final class LogState {
  final LogConfig config;

  /// When old segments go; may be changed while the log is open.
  volatile Retention retention;

  final Disk disk;
  final Clock clock;
  final UUID log;
  final SegmentCatalog catalog;
  final SegmentIndexes indexes;

  /// Put by the log's thread.
  final TailCache cache;

  /// Holes that readers met (any thread) for the chores thread to copy and record.
  final ConcurrentLinkedQueue<Hole> foundHoles = new ConcurrentLinkedQueue<>();

  /// Holes that are copied (chores thread) for the log's thread to append.
  final ConcurrentLinkedQueue<Hole> recordedHoles = new ConcurrentLinkedQueue<>();

  final AtomicLong holes = new AtomicLong();
  final AtomicLong suspectSegments = new AtomicLong();
  final AtomicLong checkpointFailures = new AtomicLong();

  /// Written by the log's thread.
  private volatile Durable durable;

  private volatile LogCondition condition = LogCondition.OPEN;

  /// Written by the chores thread.
  private volatile long firstOffset;

  LogState(LogConfig config, Disk disk, Clock clock, Recovered recovered) {
    this.config = config;
    this.retention = config.retention();
    this.cache = new TailCache(config.tailCacheBytes().bytes());
    this.disk = disk;
    this.clock = clock;
    this.log = recovered.log();
    this.catalog = recovered.catalog();
    this.indexes = recovered.indexes();
    this.durable = recovered.durable();
    this.firstOffset = firstOf(catalog, durable.offset());
  }

  private static long firstOf(SegmentCatalog catalog, long otherwise) {
    @Nullable Segment first = catalog.first();
    return first == null ? otherwise : first.baseOffset();
  }

  Durable durable() {
    return durable;
  }

  void durable(Durable value) {
    durable = value;
  }

  LogCondition condition() {
    return condition;
  }

  void condition(LogCondition value) {
    condition = value;
  }

  long firstOffset() {
    return firstOffset;
  }

  /// After the catalog lost its oldest segments.
  void trimmed() {
    firstOffset = firstOf(catalog, durable.offset());
  }
}
