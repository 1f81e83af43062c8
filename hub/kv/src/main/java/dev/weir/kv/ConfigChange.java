package dev.weir.kv;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.log.AppendListener;
import dev.weir.log.Log;
import dev.weir.log.LogEntry;
import java.util.concurrent.CompletableFuture;

/// A bucket's new configuration on its way to the disk.
final class ConfigChange implements AppendListener {
  private final StoreState state;
  private final Log log;
  private final String name;
  private final BucketConfig config;
  private final CompletableFuture<WriteResult> result = new CompletableFuture<>();

  ConfigChange(StoreState state, Log log, String name, BucketConfig config) {
    this.state = state;
    this.log = log;
    this.name = name;
    this.config = config;
  }

  CompletableFuture<WriteResult> submit() {
    boolean isTaken;
    state.lock.lock();
    try {
      state.checkRoomFor(name);
      Bucket bucket = state.index.bucketOrNew(name);
      RecordHeader header = KvIndex.bucketRecord(name, config, bucket.forgottenRevision);
      isTaken = !state.isClosed && log.offer(LogEntry.data(1, header.encode(), Bytes.EMPTY), this);
      bucket.configuring += isTaken ? 1 : 0;
    } finally {
      state.lock.unlock();
    }
    if (!isTaken) {
      result.completeExceptionally(
          new WeirException(ErrorCode.OVERLOADED, "The log takes no write now."));
    }
    return result;
  }

  @Override
  public void durable(long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
    state.lock.lock();
    try {
      Bucket bucket = state.index.bucketOrNew(name);
      bucket.configuring--;
      state.index.applyBucket(
          KvIndex.bucketRecord(name, config, bucket.forgottenRevision), baseOffset);
    } finally {
      state.lock.unlock();
    }
    result.complete(
        new WriteResult.Stored(
            new KvReceipt(baseOffset + 1, KvReceipt.Durability.DURABLE, commitMicros)));
  }

  @Override
  public void failed(WeirException cause) {
    state.lock.lock();
    try {
      state.index.bucketOrNew(name).configuring--;
    } finally {
      state.lock.unlock();
    }
    result.completeExceptionally(cause);
  }
}
