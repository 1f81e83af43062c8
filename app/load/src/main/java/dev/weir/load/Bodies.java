package dev.weir.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/// Bodies that say which message they are. Random bytes but for
///
/// ```
///  0                8               16              24
///  +----------------+---------------+---------------+ …
///  | sequence i64   | nanos i64     | check i64     |
///  +----------------+---------------+---------------+ …
/// ```
///
/// big-endian; `nanos` is the sender's clock, which is the reader's. The check is made of sequence,
/// nanos and the length.
final class Bodies {
  static final int LEAST_BYTES = 24;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] pattern;

  /// @param bytes of each body, 24 or more
  Bodies(int bytes, long seed) {
    if (bytes < LEAST_BYTES) {
      throw new IllegalArgumentException("a body has " + bytes + " bytes, at least " + LEAST_BYTES);
    }
    pattern = new byte[bytes];
    new SplittableRandom(seed).nextBytes(pattern);
  }

  byte[] body(long sequence, long nanos) {
    byte[] body = pattern.clone();
    LONG.set(body, 0, sequence);
    LONG.set(body, Long.BYTES, nanos);
    LONG.set(body, 2 * Long.BYTES, check(sequence, nanos, body.length));
    return body;
  }

  /// Whether it is a body of this length, undamaged as far as the check tells.
  boolean isWhole(byte[] bytes, int offset, int length) {
    return length == pattern.length
        && (long) LONG.get(bytes, offset + 2 * Long.BYTES)
            == check(sequence(bytes, offset), nanos(bytes, offset), length);
  }

  static long sequence(byte[] bytes, int offset) {
    return (long) LONG.get(bytes, offset);
  }

  static long nanos(byte[] bytes, int offset) {
    return (long) LONG.get(bytes, offset + Long.BYTES);
  }

  private static long check(long sequence, long nanos, int length) {
    return Long.rotateLeft(sequence * 0x9e3779b97f4a7c15L, 17) ^ nanos ^ length;
  }
}
