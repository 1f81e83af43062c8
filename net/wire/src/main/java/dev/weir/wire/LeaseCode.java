package dev.weir.wire;

/// The body of LEASE: how many calls its reader may begin on the connection within how long of the
/// first of them. It takes the place of the lease before.
///
/// ```
///  0                   4                   8
///  +-------------------+-------------------+
///  | calls u32         | ttlMillis u32     |
///  +-------------------+-------------------+
/// ```
final class LeaseCode {
  private static final long MASK = 0xffff_ffffL;

  private LeaseCode() {}

  static long of(long calls, long ttlMillis) {
    return calls << Integer.SIZE | (ttlMillis & MASK);
  }

  static long calls(long code) {
    return code >>> Integer.SIZE;
  }

  static long ttlMillis(long code) {
    return code & MASK;
  }
}
