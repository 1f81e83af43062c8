package dev.weir.message.columnar;

import java.util.Arrays;

/// The points of a block while they are columns: in row order, and by series. Grouping is a stable
/// counting sort, so the series of each row is all that is needed to undo it. Owned by one thread;
/// an encoder reuses it, a decoder makes one of the size that was declared.
final class Points {
  /// Bounds what a small block can make a decoder allocate: 48 bytes a point. More than the 838,000
  /// rows of 20 bytes of the largest payload.
  static final int MAX_POINTS = 1 << 20;

  int[] series;
  long[] times;

  /// In row order in an encoder, by series in a decoder.
  long[] values;

  /// Where each row stands when they are grouped by series.
  int[] slots;

  /// Where each series begins in that order; one more than there are series.
  int[] starts;

  int size;
  int seriesCount;

  Points(int capacity) {
    series = new int[capacity];
    times = new long[capacity];
    values = new long[capacity];
    slots = new int[capacity];
    starts = new int[1];
  }

  void ensure(int capacity) {
    if (capacity > series.length) {
      int room = Math.max(capacity, 2 * series.length);
      series = Arrays.copyOf(series, room);
      times = Arrays.copyOf(times, room);
      values = Arrays.copyOf(values, room);
      slots = Arrays.copyOf(slots, room);
    }
  }

  /// Fills in `starts` and `slots` from `series`.
  void group() {
    if (starts.length <= seriesCount) {
      starts = new int[seriesCount + 1 + seriesCount / 2];
    }
    Arrays.fill(starts, 0, seriesCount + 1, 0);
    for (int row = 0; row < size; row++) {
      starts[series[row]]++;
    }
    int sum = 0;
    for (int s = 0; s <= seriesCount; s++) {
      int count = starts[s];
      starts[s] = sum;
      sum += count;
    }
    for (int row = 0; row < size; row++) {
      slots[row] = starts[series[row]]++;
    }
    // Each start has moved on to its end, which is the start of the next.
    System.arraycopy(starts, 0, starts, 1, seriesCount);
    starts[0] = 0;
  }

  /// As [#group], for series that were read.
  ///
  /// @throws dev.weir.base.WeirException with MALFORMED when a series has no row
  void groupRead() {
    group();
    for (int s = 0; s < seriesCount; s++) {
      if (starts[s] == starts[s + 1]) {
        throw ColumnReader.malformed("have no row of series " + s);
      }
    }
  }
}
