package dev.weir.wire;

/// The body of LEASE: up to how many calls its reader may send on the connection, all that it has
/// sent so far included, and within how long of the first call from now on. A call counts once its
/// last frame is sent, so that both ends count the same frames, in the same order.
///
/// ```
///  0                               8               12
///  +-------------------------------+---------------+
///  | limit u64                     | ttlMillis u32 |
///  +-------------------------------+---------------+
/// ```
final class LeaseCode {
  static final int BYTES = Long.BYTES + Integer.BYTES;

  private LeaseCode() {}

  /// @param frame with [#BYTES] of body at least
  static long limit(FrameView frame) {
    return frame.buffer().getLong(frame.bodyIndex());
  }

  static long ttlMillis(FrameView frame) {
    return frame.buffer().getUnsignedInt(frame.bodyIndex() + Long.BYTES);
  }
}
