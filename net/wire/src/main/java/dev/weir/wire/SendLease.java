package dev.weir.wire;

/// What the server's lease allows this end, against what it has called. A lease's time runs from
/// its first call on, so that a connection on which nobody calls needs no frames to keep it.
///
/// Owned by the connection's event loop.
final class SendLease {
  private static final long MILLI_NANOS = 1_000_000L;

  private boolean isInForce;
  private long calls;
  private long limit;
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

  /// @param newLimit absolute; one that is lower than the last changes nothing but the time
  void renew(long newLimit, long ttlMillis) {
    limit = Math.max(limit, newLimit);
    ttlNanos = ttlMillis * MILLI_NANOS;
    hasBegun = false;
  }

  /// Whether a call may begin.
  boolean hasRoom(long nowNanos) {
    return !isInForce || (calls < limit && !(hasBegun && nowNanos - endNanos >= 0));
  }

  /// A call's first frame is sent.
  void onBegun(long nowNanos) {
    if (!hasBegun) {
      hasBegun = true;
      endNanos = nowNanos + ttlNanos;
    }
  }

  /// A call's last frame is sent.
  void onSent() {
    calls++;
  }
}
