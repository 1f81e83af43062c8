package dev.weir.link;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What all streams of a core together may have queued for the store, in equal shares.
///
/// A share never falls below 256 KiB, the size of a usual frame: with more than 64 streams at the
/// default budget the shares add up to more than it, and the limit on streams bounds the sum. Any
/// thread may use it.
final class ByteBudget {
  /// 256 KiB: less would make a stream wait for a grant after every frame.
  static final long FLOOR_BYTES = 256 << 10;

  private final long totalBytes;
  private final AtomicInteger streams = new AtomicInteger();
  private final AtomicLong queuedBytes = new AtomicLong();

  ByteBudget(long totalBytes) {
    this.totalBytes = totalBytes;
  }

  /// A stream begins to share.
  void join() {
    streams.incrementAndGet();
  }

  /// A stream ends.
  void leave() {
    streams.decrementAndGet();
  }

  /// What one stream may have queued now.
  long shareBytes() {
    return Math.max(FLOOR_BYTES, totalBytes / Math.max(1, streams.get()));
  }

  void onQueued(long bytes) {
    queuedBytes.addAndGet(bytes);
  }

  void onReleased(long bytes) {
    queuedBytes.addAndGet(-bytes);
  }

  /// Queued over all streams.
  long queuedBytes() {
    return queuedBytes.get();
  }
}
