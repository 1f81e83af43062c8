package dev.weir.message.columnar;

import java.util.Arrays;

/// Turns lines of text exposition into columns, see [RowShape#TEXT]; [TextDecoder] turns them back.
/// A line is `key value time`, split from its end: what the key looks like does not matter. A line
/// that is none is an entry of its own without value and time; comments repeat and cost nothing the
/// second time.
///
/// ```
///  varint N lines, varint K entries
///  K × u8        kind: 0 key value time, 1 key value, 2 as it is;
///                + 4 × ending: 0 "\n", 1 "\r\n", 2 none
///  K × u8        bytes in common with the entry before, 0 to 255
///  K × varint    bytes that follow
///  those bytes
///  series of N lines         SeriesColumn
///  times of N lines          TimeColumn; a line without one repeats the one before
///  K × u8        style of the values, see DecimalText; 0 text
///  K × u8        digits after the point, 0 to 40
///  values of N lines         ValueColumn; 0 where there is none or text
///  varint length, values of the series of style 0 in the order of the series, a space after each
/// ```
final class TextLines {
  static final int TIMED = 0;
  static final int UNTIMED = 1;
  static final int AS_IT_IS = 2;
  static final int LF = 0;
  static final int CR_LF = 4;
  static final int NO_END = 8;

  private static final int MAX_COMMON = 255;

  private final ByteKeys keys = new ByteKeys();
  private final DecimalText decimal = new DecimalText();
  private final SeriesColumn seriesColumn = new SeriesColumn();
  private final TimeColumn timeColumn = new TimeColumn();
  private final ValueColumn valueColumn = new ValueColumn();
  private final TextStyles styles = new TextStyles(' ');
  private final Points points = new Points(1 << 10);
  private byte[] raw = new byte[0];
  private int lastSeries;
  private long lastTime;
  private int untimedAtStart;

  /// Reads the bodies of this shape.
  ///
  /// @param units set to the lines of each of them
  /// @return false when there are too many lines
  boolean read(byte[] payload, RecordMarks marks, long[] units) {
    raw = payload;
    keys.begin(payload);
    points.size = 0;
    lastSeries = -1;
    lastTime = 0;
    untimedAtStart = 0;
    for (int i = 0; i < marks.size(); i++) {
      if (marks.shape(i) == RowShape.TEXT.number()) {
        long before = points.size;
        if (!readBody(marks.body(i), marks.end(i))) {
          return false;
        }
        units[i] = points.size - before;
      }
    }
    points.seriesCount = keys.size();
    return true;
  }

  private boolean readBody(int from, int end) {
    for (int at = from; at < end; ) {
      if (points.size == Points.MAX_POINTS) {
        return false;
      }
      at = line(at, end);
    }
    return true;
  }

  /// @return where the next line begins
  private int line(int start, int end) {
    int feed = start;
    while (feed < end && raw[feed] != '\n') {
      feed++;
    }
    boolean hasReturn = feed < end && feed > start && raw[feed - 1] == '\r';
    int ending = feed == end ? NO_END : hasReturn ? CR_LF : LF;
    int last = hasReturn ? feed - 1 : feed;
    points.ensure(points.size + 1);
    styles.ensure(points.series.length);
    int space = raw[start] == '#' ? start : spaceBefore(start, last);
    if (space == start || !sample(start, space, last, ending)) {
      styles.none(points.size);
      add(start, last, AS_IT_IS | ending, 0, 0, false);
    }
    return Math.min(feed + 1, end);
  }

  private boolean sample(int start, int space, int last, int ending) {
    int valueSpace = isTime(space + 1, last) ? spaceBefore(start, space) : start;
    if (valueSpace > start && isValue(valueSpace + 1, space)) {
      decimal.parse(raw, valueSpace + 1, space);
      styles.set(points.size, decimal, valueSpace + 1, space);
      add(start, valueSpace, TIMED | ending, decimal.mantissa, time(space + 1, last), true);
      return true;
    }
    if (isValue(space + 1, last)) {
      decimal.parse(raw, space + 1, last);
      styles.set(points.size, decimal, space + 1, last);
      add(start, space, UNTIMED | ending, decimal.mantissa, 0, false);
      return true;
    }
    return false;
  }

  /// The index of the last space before an index, or `start`.
  private int spaceBefore(int start, int index) {
    int at = index - 1;
    while (at > start && raw[at] != ' ') {
      at--;
    }
    return Math.max(at, start);
  }

  /// A number of the format or NaN, +Inf, -Inf at first sight.
  private boolean isValue(int from, int end) {
    if (from >= end) {
      return false;
    }
    int c = raw[from];
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == 'N';
  }

  /// Milliseconds, written as [Long#toString] writes them.
  private boolean isTime(int from, int end) {
    int first = from < end && raw[from] == '-' ? from + 1 : from;
    int count = end - first;
    if (count < 1 || count > DecimalText.MAX_DIGITS || (raw[first] == '0' && end - from > 1)) {
      return false;
    }
    for (int i = first; i < end; i++) {
      if (raw[i] < '0' || raw[i] > '9') {
        return false;
      }
    }
    return true;
  }

  private long time(int from, int end) {
    boolean isNegative = raw[from] == '-';
    long time = 0;
    for (int i = isNegative ? from + 1 : from; i < end; i++) {
      time = 10 * time + raw[i] - '0';
    }
    return isNegative ? -time : time;
  }

  private void add(int start, int end, int kind, long value, long time, boolean hasTime) {
    int row = points.size++;
    int guess = lastSeries + 1 < keys.size() ? lastSeries + 1 : 0;
    boolean isGuessed = guess < keys.size() && keys.is(guess, start, end - start, kind);
    lastSeries = isGuessed ? guess : keys.number(start, end - start, kind);
    points.series[row] = lastSeries;
    points.values[row] = value;
    if (hasTime) {
      lastTime = time;
      if (untimedAtStart == row) {
        Arrays.fill(points.times, 0, row, time);
      }
    } else if (untimedAtStart == row) {
      untimedAtStart++;
    }
    points.times[row] = lastTime;
  }

  void write(ColumnWriter out) {
    points.group();
    out.varint(points.size);
    out.varint(points.seriesCount);
    writeKeys(out);
    seriesColumn.write(out, points);
    timeColumn.write(out, points);
    styles.settle(points);
    styles.write(out, points.seriesCount);
    valueColumn.write(out, points, styles.values(), styles.isBits());
    styles.writeTexts(out, points, raw);
    out.cut();
  }

  private void writeKeys(ColumnWriter out) {
    int count = points.seriesCount;
    int at = out.reserve(2 * count);
    byte[] bytes = out.array();
    for (int key = 0; key < count; key++) {
      bytes[at + key] = (byte) keys.tag(key);
      bytes[at + count + key] = (byte) common(key);
    }
    for (int key = 0; key < count; key++) {
      out.varint(keys.length(key) - common(key));
    }
    out.cut();
    for (int key = 0; key < count; key++) {
      int common = common(key);
      out.bytes(raw, keys.start(key) + common, keys.length(key) - common);
    }
    out.cut();
  }

  private int common(int key) {
    if (key == 0) {
      return 0;
    }
    int length = Math.min(MAX_COMMON, Math.min(keys.length(key - 1), keys.length(key)));
    int first = keys.start(key - 1);
    int second = keys.start(key);
    int difference = Arrays.mismatch(raw, first, first + length, raw, second, second + length);
    return difference < 0 ? length : difference;
  }
}
