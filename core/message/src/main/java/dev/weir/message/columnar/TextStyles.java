package dev.weir.message.columnar;

import java.util.Arrays;

/// How the values of each series are written, and the whole numbers that they are then. A series
/// has one style and one number of digits after the point for all its values; where there is none,
/// its values stay text. Owned by one thread; reused.
final class TextStyles {
  /// What ends a value that stays text.
  private final int terminator;

  // By row.
  private byte[] styles = new byte[0];
  private short[] decimals = new short[0];
  private int[] starts = new int[0];
  private int[] ends = new int[0];

  // By series.
  private byte[] common = new byte[0];
  private short[] least = new short[0];
  private short[] most = new short[0];
  private boolean[] isBits = new boolean[0];

  /// By series, in the order of their rows.
  private long[] values = new long[0];

  /// @param terminator a byte that no value has
  TextStyles(int terminator) {
    this.terminator = terminator;
  }

  void ensure(int rows) {
    if (styles.length < rows) {
      styles = Arrays.copyOf(styles, rows);
      decimals = Arrays.copyOf(decimals, rows);
      starts = Arrays.copyOf(starts, rows);
      ends = Arrays.copyOf(ends, rows);
      values = new long[rows];
    }
  }

  /// A row without a value.
  void none(int row) {
    styles[row] = DecimalText.FIXED;
    decimals[row] = 0;
  }

  /// A row whose value is no number.
  void text(int row, int start, int end) {
    styles[row] = 0;
    decimals[row] = 0;
    starts[row] = start;
    ends[row] = end;
  }

  /// What was parsed last, and where its text stands.
  void set(int row, DecimalText parsed, int start, int end) {
    styles[row] = (byte) parsed.styles;
    decimals[row] = (short) parsed.decimals;
    starts[row] = start;
    ends[row] = end;
  }

  /// Finds the style of each series; the points are grouped.
  void settle(Points points) {
    begin(points.seriesCount);
    for (int row = 0; row < points.size; row++) {
      int s = points.series[row];
      common[s] &= styles[row];
      least[s] = (short) Math.min(least[s], decimals[row]);
      most[s] = (short) Math.max(most[s], decimals[row]);
    }
    for (int s = 0; s < points.seriesCount; s++) {
      int possible = least[s] == most[s] ? common[s] : common[s] & ~DecimalText.FIXED;
      most[s] = (short) Math.max(0, most[s]);
      common[s] = (byte) (most[s] > DecimalText.MAX_SCALE ? 0 : Integer.lowestOneBit(possible));
    }
    for (int row = 0; row < points.size; row++) {
      int s = points.series[row];
      if (common[s] != 0 && !isScalable(points.values[row], most[s] - decimals[row])) {
        common[s] = 0;
      }
    }
    scale(points);
  }

  private void begin(int seriesCount) {
    if (common.length < seriesCount) {
      int room = seriesCount + seriesCount / 2;
      common = new byte[room];
      least = new short[room];
      most = new short[room];
      isBits = new boolean[room];
    }
    Arrays.fill(common, 0, seriesCount, (byte) 0xf);
    Arrays.fill(least, 0, seriesCount, Short.MAX_VALUE);
    Arrays.fill(most, 0, seriesCount, Short.MIN_VALUE);
  }

  private static boolean isScalable(long value, int digits) {
    return digits <= DecimalText.MAX_DIGITS
        && Math.abs(value) < DecimalText.POWERS[DecimalText.MAX_DIGITS - digits];
  }

  private void scale(Points points) {
    for (int row = 0; row < points.size; row++) {
      int s = points.series[row];
      values[points.slots[row]] =
          common[s] == 0 ? 0 : points.values[row] * DecimalText.POWERS[most[s] - decimals[row]];
    }
    for (int s = 0; s < points.seriesCount; s++) {
      most[s] = common[s] == 0 ? 0 : most[s];
    }
  }

  void write(ColumnWriter out, int seriesCount) {
    int at = out.reserve(2 * seriesCount);
    byte[] bytes = out.array();
    System.arraycopy(common, 0, bytes, at, seriesCount);
    for (int s = 0; s < seriesCount; s++) {
      bytes[at + seriesCount + s] = (byte) most[s];
    }
  }

  long[] values() {
    return values;
  }

  /// For no series: all are whole numbers.
  boolean[] isBits() {
    return isBits;
  }

  void writeTexts(ColumnWriter out, Points points, byte[] raw) {
    int[] rows = new int[points.size];
    int length = 0;
    for (int row = 0; row < points.size; row++) {
      if (common[points.series[row]] == 0) {
        rows[points.slots[row]] = row;
        length += ends[row] - starts[row] + 1;
      }
    }
    out.varint(length);
    for (int s = 0; s < points.seriesCount; s++) {
      for (int i = points.starts[s]; common[s] == 0 && i < points.starts[s + 1]; i++) {
        out.bytes(raw, starts[rows[i]], ends[rows[i]] - starts[rows[i]]);
        out.u8(terminator);
      }
    }
  }
}
