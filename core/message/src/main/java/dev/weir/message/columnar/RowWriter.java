package dev.weir.message.columnar;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The payload as it is restored; never longer than announced.
final class RowWriter {
  static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] target;
  private final int end;
  private int index;

  RowWriter(byte[] target, int length) {
    this.target = target;
    this.end = length;
  }

  byte[] array() {
    return target;
  }

  int index() {
    return index;
  }

  int left() {
    return end - index;
  }

  /// Keeps bytes for the caller to fill in.
  ///
  /// @return where they begin in [#array]
  int reserve(int count) {
    if (count > end - index) {
      throw ColumnReader.malformed("hold more than the announced " + end + " bytes");
    }
    int start = index;
    index += count;
    return start;
  }

  void u8(int value) {
    int at = reserve(1);
    target[at] = (byte) value;
  }

  void varint(long value) {
    int at = reserve(Varints.length(value));
    Varints.put(target, at, value);
  }

  void bytes(byte[] source, int from, int count) {
    int at = reserve(count);
    System.arraycopy(source, from, target, at, count);
  }
}
