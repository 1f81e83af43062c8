package dev.weir.kv;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.concurrent.locks.ReentrantLock;

/// What the parts of a store share. Everything mutable is guarded by [#lock], which is held for
/// some map operations and never for I/O.
final class StoreState {
  /// A snapshot takes at most this part of the segment that it begins.
  private static final int SNAPSHOT_DIVISOR = 16;

  final KvConfig config;
  final Clock clock;
  final ReentrantLock lock = new ReentrantLock();
  final KvIndex index = new KvIndex();
  final ValueCache cache;

  /// The newest durable revision.
  long lastRevision;

  boolean isClosed;

  StoreState(KvConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
    this.cache = new ValueCache(config.cacheBytes().bytes());
  }

  long nowMillis() {
    return clock.epochMicros() / 1_000;
  }

  /// Under the lock: whether a bucket is there or may be made.
  ///
  /// @throws WeirException TOO_LARGE when there are too many
  void checkRoomFor(String bucket) {
    if (index.bucket(bucket) == null && index.buckets().size() >= config.maxBuckets()) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "The store has " + config.maxBuckets() + " buckets, which is its limit.");
    }
  }

  /// The log's thread: the index as it stands.
  Bytes snapshot() {
    lock.lock();
    try {
      return IndexSnapshot.encode(index, config.segmentBytes().bytes() / SNAPSHOT_DIVISOR);
    } finally {
      lock.unlock();
    }
  }
}
