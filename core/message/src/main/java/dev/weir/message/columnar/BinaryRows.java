package dev.weir.message.columnar;

/// Rows of 20 bytes, see [RowShape#ROWS].
///
/// ```
///  varint N rows, varint K series
///  column of K   u32 key of each series
///  series of N rows        SeriesColumn
///  times of N rows         TimeColumn
///  K × u8                  digits after the point, 0 to 6; 7: values are bits
///  values of N rows        ValueColumn
/// ```
///
/// A value is a scaled decimal when dividing the whole number by the power of ten gives the same
/// double again: both are exact, so the quotient is the double that is nearest to the decimal (IEEE
/// 754, §5.4.1). Below 2^51 the product with the power is less than a half away from the whole
/// number, so rounding finds it, also with more digits than the value itself needs.
final class BinaryRows {
  static final int ROW_BYTES = 20;
  private static final int TIME = 4;
  private static final int VALUE = 12;

  /// Gauges have up to three digits, ratios six; beyond, bits are hardly longer.
  private static final int MAX_DIGITS = 6;

  private static final int BITS = MAX_DIGITS + 1;
  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
  private static final double EXACT = 0x1p51;

  private final IntKeys keys = new IntKeys();
  private final SeriesColumn seriesColumn = new SeriesColumn();
  private final TimeColumn timeColumn = new TimeColumn();
  private final ValueColumn valueColumn = new ValueColumn();
  private final Points points = new Points(1 << 10);
  private long[] grouped = new long[0];
  private long[] ids = new long[0];
  private byte[] digits = new byte[0];
  private boolean[] isBits = new boolean[0];

  /// Reads the bodies of this shape.
  ///
  /// @param units set to the rows of each of them
  /// @return false when there are too many rows
  boolean read(byte[] raw, RecordMarks marks, long[] units) {
    long rows = 0;
    for (int i = 0; i < marks.size(); i++) {
      if (marks.shape(i) == RowShape.ROWS.number()) {
        units[i] = marks.length(i) / ROW_BYTES;
        rows += units[i];
      }
    }
    if (rows > Points.MAX_POINTS) {
      return false;
    }
    keys.begin();
    points.ensure((int) rows);
    points.size = 0;
    for (int i = 0; i < marks.size(); i++) {
      if (marks.shape(i) == RowShape.ROWS.number()) {
        readBody(raw, marks.body(i), marks.end(i));
      }
    }
    points.seriesCount = keys.size();
    return true;
  }

  private void readBody(byte[] raw, int from, int end) {
    int row = points.size;
    for (int at = from; at < end; at += ROW_BYTES, row++) {
      points.series[row] = keys.number((int) RowWriter.INTS.get(raw, at));
      points.times[row] = (long) RowWriter.LONGS.get(raw, at + TIME);
      points.values[row] = (long) RowWriter.LONGS.get(raw, at + VALUE);
    }
    points.size = row;
  }

  void write(ColumnWriter out) {
    ensure();
    points.group();
    for (int row = 0; row < points.size; row++) {
      grouped[points.slots[row]] = points.values[row];
    }
    int count = points.seriesCount;
    for (int s = 0; s < count; s++) {
      ids[s] = keys.key(s);
      digits[s] = (byte) scale(points.starts[s], points.starts[s + 1]);
      isBits[s] = digits[s] == BITS;
    }
    out.varint(points.size);
    out.varint(count);
    LongColumn.write(out, ids, count);
    out.cut();
    seriesColumn.write(out, points);
    timeColumn.write(out, points);
    out.bytes(digits, 0, count);
    valueColumn.write(out, points, grouped, isBits);
  }

  private void ensure() {
    if (grouped.length < points.size) {
      grouped = new long[points.series.length];
    }
    if (digits.length < points.seriesCount) {
      int room = points.seriesCount + points.seriesCount / 2;
      ids = new long[room];
      digits = new byte[room];
      isBits = new boolean[room];
    }
  }

  /// Replaces the bits of a series by scaled decimals where all of them are such.
  ///
  /// @return the digits after the point, or [#BITS]
  private int scale(int start, int end) {
    int digits = 0;
    long largest = 0;
    for (int i = start; i < end; i++) {
      double value = Double.longBitsToDouble(grouped[i]);
      while (!isExact(value, digits)) {
        if (++digits > MAX_DIGITS) {
          return BITS;
        }
      }
      largest = Math.max(largest, grouped[i] & Long.MAX_VALUE);
    }
    if (Double.longBitsToDouble(largest) * POWERS[digits] >= EXACT) {
      return BITS;
    }
    for (int i = start; i < end; i++) {
      grouped[i] = (long) Math.rint(Double.longBitsToDouble(grouped[i]) * POWERS[digits]);
    }
    return digits;
  }

  private static boolean isExact(double value, int digits) {
    double whole = Math.rint(value * POWERS[digits]);
    // Through long, so that -0.0 is none.
    return Math.abs(whole) < EXACT
        && Double.doubleToRawLongBits((double) (long) whole / POWERS[digits])
            == Double.doubleToRawLongBits(value);
  }

  /// Reads the columns; the decoder then gives the bodies in order.
  static Decoder decoder(ColumnReader in, int rawLength) {
    Points points =
        new Points(in.count("rows", Math.min(Points.MAX_POINTS, rawLength / ROW_BYTES)));
    points.size = points.series.length;
    points.seriesCount = in.count("series", points.size);
    long[] ids = LongColumn.read(in, points.seriesCount);
    SeriesColumn.read(in, points);
    points.groupRead();
    TimeColumn.read(in, points);
    byte[] scales = in.copy(points.seriesCount);
    ValueColumn.read(in, points);
    for (int s = 0; s < points.seriesCount; s++) {
      unscale(points.values, points.starts[s], points.starts[s + 1], scales[s]);
    }
    return new Decoder(points, ids);
  }

  private static void unscale(long[] values, int start, int end, int digits) {
    if (digits < 0 || digits > BITS) {
      throw ColumnReader.malformed("have values with " + digits + " digits");
    }
    if (digits == BITS) {
      return;
    }
    double power = POWERS[digits];
    for (int i = start; i < end; i++) {
      values[i] = Double.doubleToRawLongBits((double) values[i] / power);
    }
  }

  /// Rows, restored.
  static final class Decoder implements BodyDecoder {
    private final Points points;
    private final long[] ids;
    private int row;

    Decoder(Points points, long[] ids) {
      this.points = points;
      this.ids = ids;
    }

    @Override
    public void body(RowWriter out, long units) {
      if (units < 0 || units > points.size - row) {
        throw ColumnReader.malformed("have a body of " + units + " rows");
      }
      int at = out.reserve(Math.multiplyExact((int) units, ROW_BYTES));
      byte[] target = out.array();
      for (int end = row + (int) units; row < end; row++, at += ROW_BYTES) {
        RowWriter.INTS.set(target, at, (int) ids[points.series[row]]);
        RowWriter.LONGS.set(target, at + TIME, points.times[row]);
        RowWriter.LONGS.set(target, at + VALUE, points.values[points.slots[row]]);
      }
    }

    @Override
    public boolean isAtEnd() {
      return row == points.size;
    }
  }
}
