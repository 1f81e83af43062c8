package dev.weir.edge.source.protobuf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Tells UTF-8 from other bytes (RFC 3629 §4, the table of well-formed sequences).
public final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private Utf8() {}

  /// Where the first sequence begins that is not well-formed; -1 when all of it is text.
  ///
  /// @param from 0 to `to`
  /// @param to at most the array's length
  public static int firstInvalid(byte[] bytes, int from, int to) {
    int index = from;
    while (index < to) {
      if (to - index >= Long.BYTES && ((long) LONGS.get(bytes, index) & HIGH_BITS) == 0) {
        index += Long.BYTES; // Most text is ASCII.
        continue;
      }
      int length = sequenceLength(bytes, index, to);
      if (length == 0) {
        return index;
      }
      index += length;
    }
    return -1;
  }

  /// The bytes of the sequence at an index; 0 when it is not well-formed.
  private static int sequenceLength(byte[] bytes, int index, int to) {
    int first = bytes[index] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    int length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first < 0xc2 || first > 0xf4 || length > to - index) {
      return 0;
    }
    int second = bytes[index + 1] & 0xff;
    // No overlong forms, no surrogates, nothing beyond U+10FFFF.
    int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[index + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
