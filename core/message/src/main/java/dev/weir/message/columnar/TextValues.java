package dev.weir.message.columnar;

/// The values of a block as text again, see [TextStyles] for how they were written.
///
/// ```
///  K × u8        style of the values, see DecimalText; 0 text
///  K × u8        digits after the point, 0 to 40
///  values        ValueColumn; 0 where it is text
///  varint length, values of the series of style 0 in the order of the series, a terminator each
/// ```
final class TextValues {
  private final Points points;
  private final int terminator;
  private final byte[] styles;
  private final byte[] digits;
  private final byte[] texts;
  private final DecimalText decimal = new DecimalText();
  private final byte[] number = new byte[DecimalText.MAX_LENGTH];

  /// Reads them.
  ///
  /// @param points with their series, grouped
  /// @param terminator a byte that no value has
  TextValues(ColumnReader in, Points points, int terminator) {
    this.points = points;
    this.terminator = terminator;
    styles = in.copy(points.seriesCount);
    digits = in.copy(points.seriesCount);
    check();
    ValueColumn.read(in, points);
    texts = in.copy(in.count("bytes of text", in.left()));
    findTexts();
  }

  private void check() {
    for (int s = 0; s < styles.length; s++) {
      boolean isStyle =
          styles[s] == 0 || (styles[s] <= DecimalText.JAVA && Integer.bitCount(styles[s]) == 1);
      if (!isStyle || digits[s] < 0 || digits[s] > DecimalText.MAX_SCALE) {
        throw ColumnReader.malformed("have values of an unknown style");
      }
    }
  }

  /// Values that are text become the index where it begins.
  private void findTexts() {
    int at = 0;
    for (int s = 0; s < styles.length; s++) {
      for (int i = points.starts[s]; styles[s] == 0 && i < points.starts[s + 1]; i++) {
        points.values[i] = at;
        while (at < texts.length && texts[at] != terminator) {
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

  /// Writes the value of a row.
  void write(RowWriter out, int row) {
    int series = points.series[row];
    long value = points.values[points.slots[row]];
    if (styles[series] != 0) {
      int length = decimal.write(value, digits[series], styles[series], number, 0);
      out.bytes(number, 0, length);
      return;
    }
    int end = (int) value;
    while (texts[end] != terminator) {
      end++;
    }
    out.bytes(texts, (int) value, end - (int) value);
  }
}
