package dev.weir.message.columnar;

import java.util.Arrays;

/// The columns of a block as they are written, and where it pays to begin a new zstd frame: columns
/// of different kinds compress better with tables of their own. Owned by one thread; reused.
final class ColumnWriter {
  /// Below this a frame's own tables and header (some 20 bytes) cost more than they gain.
  private static final int MIN_SEGMENT_BYTES = 1 << 10;

  private byte[] bytes = new byte[64 << 10];
  private int length;
  private int[] cuts = new int[32];
  private int cutCount;

  void clear() {
    length = 0;
    cutCount = 0;
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  /// Segments, at least one.
  int segments() {
    return lastCut() == length && cutCount > 0 ? cutCount : cutCount + 1;
  }

  /// Where a segment ends.
  int segmentEnd(int segment) {
    return segment < cutCount ? cuts[segment] : length;
  }

  /// Ends a segment here, unless it is too short to stand alone.
  void cut() {
    if (length - lastCut() < MIN_SEGMENT_BYTES) {
      return;
    }
    if (cutCount == cuts.length) {
      cuts = Arrays.copyOf(cuts, 2 * cutCount);
    }
    cuts[cutCount++] = length;
  }

  private int lastCut() {
    return cutCount == 0 ? 0 : cuts[cutCount - 1];
  }

  /// Keeps bytes for the caller to fill in.
  ///
  /// @return where they begin in [#array], which may be another one now
  int reserve(int count) {
    if (count > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
    }
    int start = length;
    length += count;
    return start;
  }

  void u8(int value) {
    int at = reserve(1);
    bytes[at] = (byte) value;
  }

  void bytes(byte[] source, int from, int count) {
    int at = reserve(count);
    System.arraycopy(source, from, bytes, at, count);
  }

  void varint(long value) {
    int at = reserve(10);
    length = Varints.put(bytes, at, value);
  }

  void zigzag(long value) {
    varint(Varints.zigzag(value));
  }
}
