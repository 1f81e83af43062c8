package dev.weir.message.columnar;

/// The structures of JSON rows and their labels, as they were read; the layout stands in [JsonRows]
/// and [JsonLabels]. Memory is bounded by the announced length of the payload.
final class JsonStructures {
  private static final int ENDINGS = 3;

  private final byte[] tags;

  /// Where each structure begins in `bytes`, and the last ends.
  private final int[] starts;

  private final byte[] bytes;

  /// Where the holes of each structure begin in `holes`, and the last end.
  private final int[] firstHoles;

  /// Where the marker of each hole stands in `bytes`.
  private final int[] holes;

  private final int[] cells;

  /// The first column of labels of each structure, and one behind the last.
  private final int[] firstColumns;

  /// The first label of each column in `labelStarts`, and one behind the last.
  private final int[] firstLabels;

  private final int[] labelStarts;
  private final byte[] labels;

  JsonStructures(ColumnReader in, int count, int rows, int rawLength) {
    tags = in.copy(count);
    for (byte tag : tags) {
      if (tag < 0 || (tag & 3) >= ENDINGS || tag >= 2 * JsonRows.WITHOUT_HOLES) {
        throw ColumnReader.malformed("have a structure of kind " + tag);
      }
    }
    starts = starts(in, count, rawLength);
    bytes = in.copy(starts[count]);
    firstHoles = new int[count + 1];
    holes = new int[countHoles()];
    cells = new int[count];
    firstColumns = new int[count + 1];
    findHoles();
    firstLabels = firstLabels(in, rows);
    labelStarts = starts(in, firstLabels[firstColumns[count]], rawLength);
    labels = in.copy(labelStarts[labelStarts.length - 1]);
  }

  /// Each of them stands in the payload at least once, so together they are not longer than that.
  private static int[] starts(ColumnReader in, int count, int rawLength) {
    int[] starts = new int[count + 1];
    for (int i = 0; i < count; i++) {
      starts[i + 1] = starts[i] + in.count("bytes of text", rawLength - starts[i]);
    }
    return starts;
  }

  private int countHoles() {
    int count = 0;
    for (int s = 0; s < tags.length; s++) {
      for (int at = starts[s]; tags[s] < JsonRows.WITHOUT_HOLES && at < starts[s + 1]; at++) {
        count += isMarker(bytes[at]) ? 1 : 0;
      }
    }
    return count;
  }

  private static boolean isMarker(byte b) {
    return b >= 0 && b < JsonScan.FIRST_PRINTABLE;
  }

  private void findHoles() {
    int count = 0;
    for (int s = 0; s < tags.length; s++) {
      int columns = 0;
      for (int at = starts[s]; tags[s] < JsonRows.WITHOUT_HOLES && at < starts[s + 1]; at++) {
        if (isMarker(bytes[at])) {
          if (bytes[at] == 0 || bytes[at] >= JsonScan.END_OF_DATES) {
            throw ColumnReader.malformed("have a hole of kind " + bytes[at]);
          }
          holes[count++] = at;
          cells[s] += bytes[at] == JsonScan.NUMBER || bytes[at] == JsonScan.TEXT ? 1 : 0;
          columns += bytes[at] == JsonScan.LABEL ? 1 : 0;
        }
      }
      firstHoles[s + 1] = count;
      firstColumns[s + 1] = firstColumns[s] + columns;
    }
  }

  /// A label has a row at least, and a byte for its length among those that are left.
  private int[] firstLabels(ColumnReader in, int rows) {
    int[] firsts = new int[firstColumns[tags.length] + 1];
    for (int column = 0; column + 1 < firsts.length; column++) {
      int most = Math.min(rows, in.left() - firsts[column]);
      firsts[column + 1] = firsts[column] + in.count("labels", most);
    }
    return firsts;
  }

  int count() {
    return tags.length;
  }

  int holes(int structure) {
    return firstHoles[structure + 1] - firstHoles[structure];
  }

  int marker(int structure, int hole) {
    return bytes[holes[firstHoles[structure] + hole]];
  }

  /// Numbers and texts of a row.
  int cells(int structure) {
    return cells[structure];
  }

  /// Labels of a row.
  int labels(int structure) {
    return firstColumns[structure + 1] - firstColumns[structure];
  }

  void checkPlace(int structure, int label, long place) {
    int column = firstColumns[structure] + label;
    int count = firstLabels[column + 1] - firstLabels[column];
    if (place < 0 || place >= count) {
      throw ColumnReader.malformed("name label " + place + " of " + count);
    }
  }

  /// What stands between a hole and the one before it.
  void writeBefore(RowWriter out, int structure, int hole) {
    int at = firstHoles[structure] + hole;
    int from = hole == 0 ? starts[structure] : holes[at - 1] + 1;
    out.bytes(bytes, from, holes[at] - from);
  }

  void writeLabel(RowWriter out, int structure, int label, int place) {
    int at = firstLabels[firstColumns[structure] + label] + place;
    out.bytes(labels, labelStarts[at], labelStarts[at + 1] - labelStarts[at]);
  }

  /// What stands behind the last hole, and the ending.
  void writeEnd(RowWriter out, int structure) {
    int count = firstHoles[structure + 1];
    int from = holes(structure) == 0 ? starts[structure] : holes[count - 1] + 1;
    out.bytes(bytes, from, starts[structure + 1] - from);
    int ending = tags[structure] & 3;
    if (ending == JsonScan.CR_LF) {
      out.u8('\r');
    }
    if (ending != JsonScan.NO_END) {
      out.u8('\n');
    }
  }
}
