package dev.weir.message.columnar;

/// Restores what [TextLines] turned into columns; the layout stands there.
final class TextDecoder implements BodyDecoder {
  private final Points points;
  private final byte[] kinds;
  private final int[] keyStarts;
  private final byte[] keys;
  private final byte[] styles;
  private final byte[] digits;
  private final byte[] texts;
  private final DecimalText decimal = new DecimalText();
  private final byte[] number = new byte[DecimalText.MAX_LENGTH];
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
    styles = in.copy(count);
    digits = in.copy(count);
    check();
    ValueColumn.read(in, points);
    texts = in.copy(in.count("bytes of text", in.left()));
    findTexts();
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
    for (int s = 0; s < kinds.length; s++) {
      boolean isKnown =
          (kinds[s] & 3) <= TextLines.AS_IT_IS && kinds[s] >> 2 >= 0 && kinds[s] >> 2 <= 2;
      boolean isStyle =
          styles[s] == 0 || (styles[s] <= DecimalText.JAVA && Integer.bitCount(styles[s]) == 1);
      if (!isKnown || !isStyle || digits[s] < 0 || digits[s] > DecimalText.MAX_SCALE) {
        throw ColumnReader.malformed("have an entry of an unknown kind or style");
      }
    }
  }

  /// Values that are text become the index where it begins.
  private void findTexts() {
    int at = 0;
    for (int s = 0; s < styles.length; s++) {
      for (int i = points.starts[s]; styles[s] == 0 && i < points.starts[s + 1]; i++) {
        points.values[i] = at;
        while (at < texts.length && texts[at] != ' ') {
          at++;
        }
        if (at++ >= texts.length) {
          throw ColumnReader.malformed("end inside the text of a value");
        }
      }
    }
    if (at != texts.length) {
      throw ColumnReader.malformed("have text that no value needs");
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
      value(out, series);
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

  private void value(RowWriter out, int series) {
    long value = points.values[points.slots[row]];
    if (styles[series] != 0) {
      int length = decimal.write(value, digits[series], styles[series], number, 0);
      out.bytes(number, 0, length);
      return;
    }
    int end = (int) value;
    while (texts[end] != ' ') {
      end++;
    }
    out.bytes(texts, (int) value, end - (int) value);
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
