package dev.weir.wire;

/// What the server's lease still allows this end. Its time runs from its first call on, so that a
/// connection on which nobody calls needs no frames to keep it.
///
/// Owned by the connection's event loop.
final class SendLease {
  private static final long MILLI_NANOS = 1_000_000L;

  private boolean isInForce;
  private long left;
  private long ttlNanos;
  private boolean hasBegun;
  private long endNanos;

  /// The server gives leases: until the first has come, no call may begin.
  void agreed() {
    isInForce = true;
  }

  boolean isInForce() {
    return isInForce;
  }

  void renew(long calls, long ttlMillis) {
    left = calls;
    ttlNanos = ttlMillis * MILLI_NANOS;
    hasBegun = false;
  }

  /// Whether a call may begin.
  boolean hasRoom(long nowNanos) {
    return !isInForce || (left > 0 && !(hasBegun && nowNanos - endNanos >= 0));
  }

  /// A call has begun.
  void onCall(long nowNanos) {
    if (!isInForce) {
      return;
    }
    left--;
    if (!hasBegun) {
      hasBegun = true;
      endNanos = nowNanos + ttlNanos;
    }
  }
}
