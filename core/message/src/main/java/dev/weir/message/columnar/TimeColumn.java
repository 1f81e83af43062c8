package dev.weir.message.columnar;

/// When each point was taken. Three ways to foretell a time, of which the block takes the one with
/// the least left to say: by the row before (all rows of a round have one time), by the point
/// before in the series, or by that and the interval before (a regular series; Gorilla, VLDB 2015,
/// §4.1.1).
///
/// ```
///  varint zigzag(first time of the order), u8 way 0 rows, 1 series, 2 intervals
///  planes of n - 1 zigzag differences, in row order (0) or by series (1, 2)
/// ```
final class TimeColumn {
  private static final int ROWS = 0;
  private static final int SERIES = 1;
  private static final int INTERVALS = 2;

  private long[] grouped = new long[0];
  private long[] best = new long[0];
  private long[] other = new long[0];

  void write(ColumnWriter out, Points points) {
    if (points.size == 0) {
      return;
    }
    ensure(points.series.length);
    int way = ROWS;
    long cost = rows(points, best);
    if (cost > 0) {
      for (int row = 0; row < points.size; row++) {
        grouped[points.slots[row]] = points.times[row];
      }
      for (int candidate = SERIES; candidate <= INTERVALS; candidate++) {
        long candidateCost = bySeries(points, candidate == INTERVALS, other);
        if (candidateCost < cost) {
          cost = candidateCost;
          way = candidate;
          long[] swap = best;
          best = other;
          other = swap;
        }
      }
    }
    out.zigzag(points.times[0]);
    out.u8(way);
    Planes.write(out, best, 1, points.size - 1);
    out.cut();
  }

  private void ensure(int capacity) {
    if (grouped.length < capacity) {
      grouped = new long[capacity];
      best = new long[capacity];
      other = new long[capacity];
    }
  }

  /// What zstd is likely to make of differences: repeated ones cost nothing.
  private static long cost(long[] differences, int count) {
    long cost = 0;
    for (int i = 2; i < count; i++) {
      cost += differences[i] == differences[i - 1] ? 0 : Varints.width(differences[i]);
    }
    return cost;
  }

  private static long rows(Points points, long[] target) {
    for (int row = 1; row < points.size; row++) {
      target[row] = Varints.zigzag(points.times[row] - points.times[row - 1]);
    }
    return cost(target, points.size);
  }

  private long bySeries(Points points, boolean isByInterval, long[] target) {
    long first = grouped[0];
    long interval = 0;
    for (int s = 0; s < points.seriesCount; s++) {
      int start = points.starts[s];
      target[start] = Varints.zigzag(grouped[start] - first);
      first = grouped[start];
      for (int i = start + 1; i < points.starts[s + 1]; i++) {
        long delta = grouped[i] - grouped[i - 1];
        target[i] = Varints.zigzag(isByInterval ? delta - interval : delta);
        interval = delta;
      }
    }
    return cost(target, points.size);
  }

  /// Fills in the time of every row; the points are grouped and every series has one.
  static void read(ColumnReader in, Points points) {
    if (points.size == 0) {
      return;
    }
    long first = in.zigzag();
    int way = in.u8();
    if (way > INTERVALS) {
      throw ColumnReader.malformed("have times of an unknown form");
    }
    long[] differences = way == ROWS ? points.times : new long[points.size];
    Planes.read(in, differences, 1, points.size - 1);
    if (way == ROWS) {
      readRows(points, first);
      return;
    }
    restoreSeries(points, differences, first, way == INTERVALS);
    for (int row = 0; row < points.size; row++) {
      points.times[row] = differences[points.slots[row]];
    }
  }

  private static void readRows(Points points, long first) {
    points.times[0] = first;
    for (int row = 1; row < points.size; row++) {
      points.times[row] = points.times[row - 1] + Varints.unzigzag(points.times[row]);
    }
  }

  private static void restoreSeries(
      Points points, long[] times, long firstTime, boolean isByInterval) {
    long first = firstTime;
    long interval = 0;
    for (int s = 0; s < points.seriesCount; s++) {
      int start = points.starts[s];
      first += Varints.unzigzag(times[start]);
      times[start] = first;
      for (int i = start + 1; i < points.starts[s + 1]; i++) {
        long delta = Varints.unzigzag(times[i]) + (isByInterval ? interval : 0);
        times[i] = times[i - 1] + delta;
        interval = delta;
      }
    }
  }
}
