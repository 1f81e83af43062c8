package dev.weir.message.columnar;

/// Restores what [TextLines] turned into columns; the layout stands there.
final class TextDecoder implements BodyDecoder {
  private final Points points;
  private final byte[] kinds;
  private final int[] keyStarts;
  private final byte[] keys;
  private final TextValues values;
  private final DecimalText decimal = new DecimalText();
  private final byte[] time = new byte[DecimalText.MAX_LENGTH];
  private int timeLength;
  private long lastTime;
  private int row;

  TextDecoder(ColumnReader in, int rawLength) {
    points = new Points(in.count("lines", Math.min(Points.MAX_POINTS, rawLength)));
    points.size = points.series.length;
    points.seriesCount = in.count("entries", points.size);
    int count = points.seriesCount;
    kinds = in.copy(count);
    byte[] common = in.copy(count);
    keyStarts = keyStarts(in, common, rawLength);
    keys = keys(in, common);
    SeriesColumn.read(in, points);
    points.groupRead();
    TimeColumn.read(in, points);
    check();
    values = new TextValues(in, points, ' ');
    timeLength = decimal.write(0, 0, DecimalText.FIXED, time, 0);
  }

  /// Each entry stands in the payload once at least, so together they are not longer than that.
  private int[] keyStarts(ColumnReader in, byte[] common, int rawLength) {
    int[] starts = new int[common.length + 1];
    int before = 0;
    for (int key = 0; key < common.length; key++) {
      int shared = common[key] & 0xff;
      if (shared > before) {
        throw ColumnReader.malformed("share " + shared + " bytes with an entry of " + before);
      }
      before = shared + in.count("bytes of an entry", rawLength);
      if (before > rawLength - starts[key]) {
        throw ColumnReader.malformed("have entries longer than " + rawLength + " bytes");
      }
      starts[key + 1] = starts[key] + before;
    }
    return starts;
  }

  private byte[] keys(ColumnReader in, byte[] common) {
    byte[] bytes = new byte[keyStarts[common.length]];
    for (int key = 0; key < common.length; key++) {
      int shared = common[key] & 0xff;
      int start = keyStarts[key];
      int length = keyStarts[key + 1] - start - shared;
      if (shared > 0) {
        System.arraycopy(bytes, keyStarts[key - 1], bytes, start, shared);
      }
      System.arraycopy(in.array(), in.skip(length), bytes, start + shared, length);
    }
    return bytes;
  }

  private void check() {
    for (byte kind : kinds) {
      if ((kind & 3) > TextLines.AS_IT_IS || kind < 0 || kind >> 2 > 2) {
        throw ColumnReader.malformed("have an entry of kind " + kind);
      }
    }
  }

  @Override
  public void body(RowWriter out, long units) {
    if (units < 0 || units > points.size - row) {
      throw ColumnReader.malformed("have a body of " + units + " lines");
    }
    for (int end = row + (int) units; row < end; row++) {
      line(out, points.series[row]);
    }
  }

  private void line(RowWriter out, int series) {
    int kind = kinds[series] & 3;
    out.bytes(keys, keyStarts[series], keyStarts[series + 1] - keyStarts[series]);
    if (kind != TextLines.AS_IT_IS) {
      out.u8(' ');
      values.write(out, row);
    }
    if (kind == TextLines.TIMED) {
      out.u8(' ');
      time(out, points.times[row]);
    }
    int ending = kinds[series] & ~3;
    if (ending == TextLines.CR_LF) {
      out.u8('\r');
    }
    if (ending != TextLines.NO_END) {
      out.u8('\n');
    }
  }

  /// The lines of a round have one time.
  private void time(RowWriter out, long millis) {
    if (millis != lastTime) {
      timeLength = decimal.write(millis, 0, DecimalText.FIXED, time, 0);
      lastTime = millis;
    }
    out.bytes(time, 0, timeLength);
  }

  @Override
  public boolean isAtEnd() {
    return row == points.size;
  }
}
