package dev.weir.broker;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The newest batches of one partition in memory, for subscriptions that keep up: they never touch
/// the log. A subscription that falls out of them reads the log until it is back among them.
///
/// The engine's thread adds, any thread reads. Offsets are contiguous within it.
final class RecentBatches {
  /// What a batch takes on the heap beside its payload, measured with four topics.
  private static final int OVERHEAD_BYTES = 512;

  private final long limitBytes;
  private final ConcurrentSkipListMap<Long, SharedBatch> batches = new ConcurrentSkipListMap<>();

  /// Owned by the engine's thread.
  private long heldBytes;

  private volatile long endOffset;

  /// @param endOffset where the partition ends at present
  RecentBatches(long limitBytes, long endOffset) {
    this.limitBytes = limitBytes;
    this.endOffset = endOffset;
  }

  /// The engine's thread: the next batch.
  void add(StoredBatch batch) {
    batches.put(batch.baseOffset(), new SharedBatch(batch));
    heldBytes += weight(batch);
    endOffset = batch.endOffset();
    while (heldBytes > limitBytes && batches.firstKey() < batch.baseOffset()) {
      Map.Entry<Long, SharedBatch> oldest = batches.pollFirstEntry();
      heldBytes -= weight(oldest.getValue().stored());
    }
  }

  private static long weight(StoredBatch batch) {
    return (long) OVERHEAD_BYTES + batch.batch().weight();
  }

  /// One after the last message that was added.
  long endOffset() {
    return endOffset;
  }

  /// The batch that holds an offset, null when it is not here.
  @Nullable SharedBatch at(long offset) {
    Map.Entry<Long, SharedBatch> entry = batches.floorEntry(offset);
    if (entry == null || entry.getValue().stored().endOffset() <= offset) {
      return null;
    }
    return entry.getValue();
  }
}
