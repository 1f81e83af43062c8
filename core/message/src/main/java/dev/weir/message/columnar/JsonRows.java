package dev.weir.message.columnar;

import java.util.Arrays;

/// Turns rows of JSON into columns, see [RowShape#JSON]; [JsonDecoder] turns them back, [JsonScan]
/// finds rows and holes. What is left of a row without its numbers, string values and time is its
/// structure; few structures hold all rows. Strings that repeat are labels ([JsonLabels]), and a
/// structure with its labels is a key: what a row is of, as a series is what a point is of.
///
/// ```
///  varint N rows, varint S structures, varint K keys
///  u8            cells are series of 0 a structure, 1 a key
///  S × u8        ending: 0 "\n", 1 "\r\n", 2 none; + 4: without holes
///  S × varint    bytes of the structure
///  those bytes, a marker below 0x20 for each hole
///                1 number, 2 text, 3 label, 4 time, 5 to 24 date (JsonScan)
///  labels                            JsonLabels
///  column of K   structure of each key
///  for each label of each structure  column of its keys' places among the labels
///  keys of N rows                    SeriesColumn
///  times of N rows                   TimeColumn; a row without one repeats the one before
///  styles and digits of each series of cells, as in TextLines
///  values of the cells               ValueColumn; 0 where it is text
///  varint length, cells that are text in the order of their series, a zero byte after each
/// ```
///
/// Cells are the numbers and texts of a row. Where keys come back, a cell is foretold by the one
/// before it of its key; where hardly any does, by the one of the row before.
final class JsonRows {
  static final int WITHOUT_HOLES = 4;

  /// From so many rows a key on, the row before of the same key foretells more than the row before.
  private static final int LEAST_ROWS_OF_A_KEY = 4;

  private final JsonScan scan = new JsonScan();
  private final ByteKeys structures = new ByteKeys();
  private final JsonLabels labels = new JsonLabels();
  private final ByteKeys keys = new ByteKeys();
  private final DecimalText decimal = new DecimalText();
  private final SeriesColumn seriesColumn = new SeriesColumn();
  private final TimeColumn timeColumn = new TimeColumn();
  private final ValueColumn valueColumn = new ValueColumn();
  private final TextStyles styles = new TextStyles(0);
  private final Points rows = new Points(1 << 8);
  private final Points cells = new Points(1 << 10);
  private byte[] raw = new byte[0];
  private int lastStructure;
  private long lastTime;
  private int untimedAtStart;

  /// The structures, one behind the other, and room for one that may be known.
  private byte[] joined = new byte[0];

  private int joinedLength;

  /// The places of each key's labels, as 32-bit numbers, likewise.
  private byte[] tuples = new byte[0];

  // By structure.
  private int[] columns = new int[16];
  private int[] firstRows = new int[16];

  // By row, and one behind.
  private int[] rowStructures = new int[1 << 8];
  private int[] rowHoles = new int[(1 << 8) + 1];

  // By hole.
  private int[] starts = new int[1 << 10];
  private int[] ends = new int[1 << 10];
  private byte[] markers = new byte[1 << 10];
  private int[] strings = new int[1 << 10];
  private int holes;

  private long[] numbers = new long[0];
  private boolean isByKey;

  /// Reads the bodies of this shape.
  ///
  /// @param units set to the rows of each of them
  /// @return false when there are too many rows and holes
  boolean read(byte[] payload, RecordMarks marks, long[] units) {
    begin(payload, marks);
    for (int i = 0; i < marks.size(); i++) {
      if (marks.shape(i) == RowShape.JSON.number()) {
        long before = rows.size;
        if (!readBody(marks.body(i), marks.end(i))) {
          return false;
        }
        units[i] = rows.size - before;
      }
    }
    rowHoles[rows.size] = holes;
    findKeys();
    findCells();
    return true;
  }

  private void begin(byte[] payload, RecordMarks marks) {
    raw = payload;
    int bytes = 0;
    for (int i = 0; i < marks.size(); i++) {
      bytes += marks.shape(i) == RowShape.JSON.number() ? marks.length(i) : 0;
    }
    // A marker is longer than its hole only for an empty string, which has two quotes around it.
    int bound = bytes + bytes / 2;
    if (joined.length < bound) {
      joined = new byte[bound];
    }
    joinedLength = 0;
    structures.begin(joined);
    lastStructure = 0;
    labels.begin(payload);
    rows.size = 0;
    cells.size = 0;
    holes = 0;
    lastTime = 0;
    untimedAtStart = 0;
  }

  private boolean readBody(int from, int end) {
    scan.begin(raw, end);
    for (int at = from; at < end; ) {
      if (rows.size + holes >= Points.MAX_POINTS - JsonScan.MAX_HOLES) {
        return false;
      }
      int next = scan.row(at);
      add(at);
      at = next;
    }
    return true;
  }

  private void add(int start) {
    int row = rows.size++;
    rows.ensure(rows.size);
    if (rowHoles.length <= rows.size) {
      rowHoles = Arrays.copyOf(rowHoles, 2 * rows.size + 1);
      rowStructures = Arrays.copyOf(rowStructures, 2 * rows.size);
    }
    rowHoles[row] = holes;
    int structure = structure(row, start);
    rowStructures[row] = structure;
    if (!scan.isAsItIs) {
      addHoles(structure);
    }
    addTime(row);
  }

  private void addTime(int row) {
    if (scan.hasTime()) {
      lastTime = scan.time;
      if (untimedAtStart == row) {
        Arrays.fill(rows.times, 0, row, lastTime);
      }
    } else if (untimedAtStart == row) {
      untimedAtStart++;
    }
    rows.times[row] = lastTime;
  }

  private int structure(int row, int start) {
    int length = scan.isAsItIs ? copy(start) : punch(start);
    int tag = scan.ending + (scan.isAsItIs ? WITHOUT_HOLES : 0);
    int known = structures.size();
    boolean isLast = known > 0 && structures.is(lastStructure, joinedLength, length, tag);
    int structure = isLast ? lastStructure : structures.number(joinedLength, length, tag);
    lastStructure = structure;
    if (structures.size() > known) {
      joinedLength += length;
      if (columns.length == structure) {
        columns = Arrays.copyOf(columns, 2 * structure);
        firstRows = Arrays.copyOf(firstRows, 2 * structure);
      }
      columns[structure] = labels.open(texts());
      firstRows[structure] = row;
    }
    return structure;
  }

  private int copy(int start) {
    System.arraycopy(raw, start, joined, joinedLength, scan.end - start);
    return scan.end - start;
  }

  /// Copies the row with a marker in the place of each hole.
  private int punch(int start) {
    int to = joinedLength;
    int from = start;
    for (int i = 0; i < scan.holes; i++) {
      int length = scan.starts[i] - from;
      System.arraycopy(raw, from, joined, to, length);
      to += length;
      joined[to++] = scan.markers[i];
      from = scan.ends[i];
    }
    System.arraycopy(raw, from, joined, to, scan.end - from);
    return to + scan.end - from - joinedLength;
  }

  private int texts() {
    int count = 0;
    for (int i = 0; i < scan.holes && !scan.isAsItIs; i++) {
      count += scan.markers[i] == JsonScan.TEXT ? 1 : 0;
    }
    return count;
  }

  private void addHoles(int structure) {
    if (starts.length < holes + scan.holes) {
      int room = 2 * (holes + scan.holes);
      starts = Arrays.copyOf(starts, room);
      ends = Arrays.copyOf(ends, room);
      markers = Arrays.copyOf(markers, room);
      strings = Arrays.copyOf(strings, room);
    }
    int column = columns[structure];
    for (int i = 0; i < scan.holes; i++) {
      starts[holes] = scan.starts[i];
      ends[holes] = scan.ends[i];
      markers[holes] = scan.markers[i];
      if (scan.markers[i] == JsonScan.TEXT) {
        strings[holes] = labels.number(column++, scan.starts[i], scan.ends[i] - scan.starts[i]);
      }
      holes++;
    }
  }

  /// Once all strings are known: those of columns that repeat make the keys.
  private void findKeys() {
    if (tuples.length < Integer.BYTES * holes) {
      tuples = new byte[Integer.BYTES * starts.length];
    }
    keys.begin(tuples);
    int end = 0;
    int last = -1;
    for (int row = 0; row < rows.size; row++) {
      int structure = rowStructures[row];
      int length = tuple(row, end);
      int guess = last + 1 < keys.size() ? last + 1 : 0;
      boolean isGuessed = guess < keys.size() && keys.is(guess, end, length, structure);
      int known = keys.size();
      last = isGuessed ? guess : keys.number(end, length, structure);
      end += keys.size() > known ? length : 0;
      rows.series[row] = last;
    }
    rows.seriesCount = keys.size();
    rows.group();
  }

  /// Writes the places of a row's labels.
  private int tuple(int row, int index) {
    int column = columns[rowStructures[row]];
    int at = index;
    for (int hole = rowHoles[row]; hole < rowHoles[row + 1]; hole++) {
      if (markers[hole] == JsonScan.TEXT && labels.isLabel(column++)) {
        markers[hole] = JsonScan.LABEL;
        RowWriter.INTS.set(tuples, at, labels.place(strings[hole]));
        at += Integer.BYTES;
      }
    }
    return at - index;
  }

  private void findCells() {
    isByKey = LEAST_ROWS_OF_A_KEY * rows.seriesCount <= rows.size;
    int[] firsts = firstSeries();
    cells.ensure(holes);
    styles.ensure(cells.series.length);
    for (int row = 0; row < rows.size; row++) {
      int series = firsts[isByKey ? rows.series[row] : rowStructures[row]];
      for (int hole = rowHoles[row]; hole < rowHoles[row + 1]; hole++) {
        if (isCell(hole)) {
          addCell(hole, series++);
        }
      }
    }
    cells.seriesCount = firsts[firsts.length - 1];
    cells.group();
    styles.settle(cells);
  }

  /// The first series of the cells of each key or structure, and how many series there are.
  private int[] firstSeries() {
    int count = isByKey ? rows.seriesCount : structures.size();
    int[] firsts = new int[count + 1];
    for (int i = 0; i < count; i++) {
      int row = firstRows[isByKey ? keys.tag(i) : i];
      int series = firsts[i];
      for (int hole = rowHoles[row]; hole < rowHoles[row + 1]; hole++) {
        series += isCell(hole) ? 1 : 0;
      }
      firsts[i + 1] = series;
    }
    return firsts;
  }

  private boolean isCell(int hole) {
    return markers[hole] == JsonScan.NUMBER || markers[hole] == JsonScan.TEXT;
  }

  private void addCell(int hole, int series) {
    int cell = cells.size++;
    cells.series[cell] = series;
    if (markers[hole] == JsonScan.TEXT) {
      styles.text(cell, starts[hole], ends[hole]);
      return;
    }
    decimal.parse(raw, starts[hole], ends[hole]);
    styles.set(cell, decimal, starts[hole], ends[hole]);
    cells.values[cell] = decimal.mantissa;
  }

  void write(ColumnWriter out) {
    out.varint(rows.size);
    out.varint(structures.size());
    out.varint(keys.size());
    out.u8(isByKey ? 1 : 0);
    writeStructures(out);
    labels.write(out);
    writeKeys(out);
    seriesColumn.write(out, rows);
    timeColumn.write(out, rows);
    styles.write(out, cells.seriesCount);
    valueColumn.write(out, cells, styles.values(), styles.isBits());
    styles.writeTexts(out, cells, raw);
    out.cut();
  }

  private void writeStructures(ColumnWriter out) {
    for (int s = 0; s < structures.size(); s++) {
      out.u8(structures.tag(s));
    }
    for (int s = 0; s < structures.size(); s++) {
      out.varint(structures.length(s));
    }
    for (int s = 0; s < structures.size(); s++) {
      boolean hasHoles = structures.tag(s) < WITHOUT_HOLES;
      int column = columns[s];
      int end = structures.start(s) + structures.length(s);
      for (int at = structures.start(s); at < end; at++) {
        boolean isLabel = hasHoles && joined[at] == JsonScan.TEXT && labels.isLabel(column++);
        out.u8(isLabel ? JsonScan.LABEL : joined[at]);
      }
    }
    out.cut();
  }

  private void writeKeys(ColumnWriter out) {
    int count = keys.size();
    if (numbers.length < count) {
      numbers = new long[2 * count];
    }
    int[] ends = new int[structures.size() + 1];
    for (int key = 0; key < count; key++) {
      numbers[key] = keys.tag(key);
      ends[keys.tag(key) + 1]++;
    }
    LongColumn.write(out, numbers, count);
    int[] order = byStructure(ends);
    for (int s = 0; s < structures.size(); s++) {
      int first = s == 0 ? 0 : ends[s - 1];
      writePlaces(out, order, first, ends[s]);
    }
    out.cut();
  }

  /// The keys by structure.
  ///
  /// @param ends how many keys each has, one place up; then where they end
  private int[] byStructure(int[] ends) {
    for (int s = 0; s < structures.size(); s++) {
      ends[s + 1] += ends[s];
    }
    int[] order = new int[keys.size()];
    for (int key = 0; key < keys.size(); key++) {
      order[ends[keys.tag(key)]++] = key;
    }
    return order;
  }

  /// All keys of a structure have as many labels.
  private void writePlaces(ColumnWriter out, int[] order, int first, int end) {
    for (int at = 0; at < keys.length(order[first]); at += Integer.BYTES) {
      for (int i = first; i < end; i++) {
        numbers[i - first] = (int) RowWriter.INTS.get(tuples, keys.start(order[i]) + at);
      }
      LongColumn.write(out, numbers, end - first);
    }
  }
}
