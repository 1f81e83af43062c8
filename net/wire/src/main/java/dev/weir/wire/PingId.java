package dev.weir.wire;

/// What a PING is for: the first 8 bytes of its body, which the PONG repeats. The two highest bits
/// tell the kinds apart, the rest is free.
final class PingId {
  static final long DRAIN = 1L << 62;

  /// Measures the path; see BdpEstimator.
  static final long PATH = 1L << 63;

  private static final long KIND = DRAIN | PATH;

  private PingId() {}

  static boolean isDrain(long id) {
    return (id & KIND) == DRAIN;
  }

  static boolean isPath(long id) {
    return (id & KIND) == PATH;
  }

  static boolean isKeepalive(long id) {
    return (id & KIND) == 0;
  }
}
