package dev.weir.message.columnar;

/// Restores what [JsonRows] turned into columns; the layout stands there.
final class JsonDecoder implements BodyDecoder {
  private final int rawLength;
  private final JsonStructures structures;
  private final int[] keyStructures;

  /// Where the places of each key's labels begin in `places`.
  private final int[] keyPlaces;

  private final int[] places;
  private final Points rows;
  private final TextValues cells;
  private final DecimalText decimal = new DecimalText();
  private final byte[] number = new byte[DecimalText.MAX_LENGTH];
  private int row;
  private int cell;

  JsonDecoder(ColumnReader in, int rawLength) {
    this.rawLength = rawLength;
    rows = new Points(in.count("rows", Math.min(Points.MAX_POINTS, rawLength)));
    rows.size = rows.series.length;
    int structureCount = in.count("structures", rows.size);
    rows.seriesCount = in.count("keys", rows.size);
    int grouping = in.u8();
    if (grouping > 1) {
      throw ColumnReader.malformed("have cells grouped by " + grouping);
    }
    structures = new JsonStructures(in, structureCount, rows.size, rawLength);
    keyStructures = keyStructures(in);
    keyPlaces = keyPlaces();
    places = places(in);
    SeriesColumn.read(in, rows);
    rows.groupRead();
    TimeColumn.read(in, rows);
    cells = new TextValues(in, cells(grouping == 1), 0);
  }

  private int[] keyStructures(ColumnReader in) {
    long[] read = LongColumn.read(in, rows.seriesCount);
    int[] found = new int[read.length];
    for (int key = 0; key < read.length; key++) {
      if (read[key] < 0 || read[key] >= structures.count()) {
        throw ColumnReader.malformed("name structure " + read[key]);
      }
      found[key] = (int) read[key];
    }
    return found;
  }

  /// Each key has a row, and a row's labels are holes in it.
  private int[] keyPlaces() {
    int[] starts = new int[keyStructures.length + 1];
    for (int key = 0; key < keyStructures.length; key++) {
      int labels = structures.labels(keyStructures[key]);
      if (labels > Math.min(Points.MAX_POINTS, rawLength) - starts[key]) {
        throw ColumnReader.malformed("have more labels than there can be");
      }
      starts[key + 1] = starts[key] + labels;
    }
    return starts;
  }

  private int[] places(ColumnReader in) {
    int[] found = new int[keyPlaces[keyStructures.length]];
    int[] starts = new int[structures.count() + 1];
    for (int structure : keyStructures) {
      starts[structure + 1]++;
    }
    for (int s = 0; s < structures.count(); s++) {
      starts[s + 1] += starts[s];
    }
    int[] ends = starts.clone();
    int[] order = new int[keyStructures.length];
    for (int key = 0; key < keyStructures.length; key++) {
      order[ends[keyStructures[key]]++] = key;
    }
    for (int s = 0; s < structures.count(); s++) {
      for (int label = 0; label < structures.labels(s); label++) {
        long[] column = LongColumn.read(in, ends[s] - starts[s]);
        for (int i = 0; i < column.length; i++) {
          structures.checkPlace(s, label, column[i]);
          found[keyPlaces[order[starts[s] + i]] + label] = (int) column[i];
        }
      }
    }
    return found;
  }

  /// The cells of all rows, in their order and by series.
  private Points cells(boolean isByKey) {
    Points points = new Points(cellCount());
    int[] firsts = isByKey ? firstsByKey() : firstsByStructure();
    for (int r = 0; r < rows.size; r++) {
      int structure = keyStructures[rows.series[r]];
      int series = firsts[isByKey ? rows.series[r] : structure];
      for (int i = 0; i < structures.cells(structure); i++) {
        points.series[points.size++] = series + i;
      }
    }
    points.seriesCount = firsts[firsts.length - 1];
    points.groupRead();
    return points;
  }

  /// Each key has a row, so that this bounds the cells of all keys as well.
  private int cellCount() {
    long count = 0;
    for (int r = 0; r < rows.size; r++) {
      count += structures.cells(keyStructures[rows.series[r]]);
    }
    if (count > Math.min(Points.MAX_POINTS - rows.size, rawLength)) {
      throw ColumnReader.malformed("have " + count + " cells");
    }
    return (int) count;
  }

  private int[] firstsByKey() {
    int[] firsts = new int[keyStructures.length + 1];
    for (int key = 0; key < keyStructures.length; key++) {
      firsts[key + 1] = firsts[key] + structures.cells(keyStructures[key]);
    }
    return firsts;
  }

  private int[] firstsByStructure() {
    int[] firsts = new int[structures.count() + 1];
    for (int s = 0; s < structures.count(); s++) {
      firsts[s + 1] = firsts[s] + structures.cells(s);
    }
    return firsts;
  }

  @Override
  public void body(RowWriter out, long units) {
    if (units < 0 || units > rows.size - row) {
      throw ColumnReader.malformed("have a body of " + units + " rows");
    }
    for (int end = row + (int) units; row < end; row++) {
      write(out, rows.series[row]);
    }
  }

  private void write(RowWriter out, int key) {
    int structure = keyStructures[key];
    int place = keyPlaces[key];
    int label = 0;
    for (int hole = 0; hole < structures.holes(structure); hole++) {
      structures.writeBefore(out, structure, hole);
      int marker = structures.marker(structure, hole);
      switch (marker) {
        case JsonScan.NUMBER, JsonScan.TEXT -> cells.write(out, cell++);
        case JsonScan.LABEL ->
            structures.writeLabel(out, structure, label, places[place + label++]);
        case JsonScan.TIME -> {
          int length = decimal.write(rows.times[row], 0, DecimalText.FIXED, number, 0);
          out.bytes(number, 0, length);
        }
        default -> date(out, marker - JsonScan.DATE);
      }
    }
    structures.writeEnd(out, structure);
  }

  private void date(RowWriter out, int style) {
    int digits = style % (DateText.MAX_DIGITS + 1);
    DateText.write(out, rows.times[row], digits, style > DateText.MAX_DIGITS);
  }

  @Override
  public boolean isAtEnd() {
    return row == rows.size;
  }
}
