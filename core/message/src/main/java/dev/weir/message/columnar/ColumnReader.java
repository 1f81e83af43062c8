package dev.weir.message.columnar;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.Arrays;

/// Columns as they came: every read is checked against the bytes that are left.
final class ColumnReader {
  private final byte[] bytes;
  private final int end;
  private int index;

  ColumnReader(byte[] bytes, int length) {
    this.bytes = bytes;
    this.end = length;
  }

  byte[] array() {
    return bytes;
  }

  int left() {
    return end - index;
  }

  /// Passes over bytes that the caller reads by itself.
  ///
  /// @return where they begin in [#array]
  int skip(long count) {
    if (count < 0 || count > end - index) {
      throw malformed("end inside a column of " + count + " bytes");
    }
    int start = index;
    index += (int) count;
    return start;
  }

  byte[] copy(int count) {
    int start = skip(count);
    return Arrays.copyOfRange(bytes, start, start + count);
  }

  int u8() {
    return bytes[skip(1)] & 0xff;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int b = u8();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw malformed("hold a number of more than ten bytes");
  }

  long zigzag() {
    return Varints.unzigzag(varint());
  }

  /// A declared count.
  ///
  /// @throws WeirException with MALFORMED beyond what the caller can believe
  int count(String what, long max) {
    long count = varint();
    if (count < 0 || count > max) {
      throw malformed("declare " + Long.toUnsignedString(count) + " " + what + " of " + max);
    }
    return (int) count;
  }

  static WeirException malformed(String fault) {
    return new WeirException(ErrorCode.MALFORMED, "The columns " + fault + ".");
  }
}
