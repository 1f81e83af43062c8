package dev.weir.message.columnar;

import java.util.Arrays;

/// The strings of JSON rows by column, a column being one place of one structure. Where few of them
/// differ they are labels, numbered in their column; elsewhere (ids, texts) they stay text. Owned
/// by one thread; reused.
///
/// ```
///  for each column of labels    varint D
///  for each of their labels     varint length
///  for each of their labels     its bytes
/// ```
final class JsonLabels {
  /// A label occurs at least twice on average: less often it costs as much as its text.
  private static final int LEAST_USES = 2;

  private final ByteKeys keys = new ByteKeys();
  private byte[] raw = new byte[0];
  private int columns;

  // By column.
  private int[] uses = new int[16];
  private int[] distinct = new int[16];

  // By number of a string.
  private int[] places = new int[16];
  private int[] order = new int[16];

  void begin(byte[] newRaw) {
    raw = newRaw;
    keys.begin(newRaw);
    columns = 0;
  }

  /// Opens columns.
  ///
  /// @return the first one
  int open(int count) {
    int first = columns;
    columns += count;
    if (columns > uses.length) {
      uses = Arrays.copyOf(uses, 2 * columns);
      distinct = Arrays.copyOf(distinct, 2 * columns);
    }
    Arrays.fill(uses, first, columns, 0);
    Arrays.fill(distinct, first, columns, 0);
    return first;
  }

  /// Notes a string of a column.
  ///
  /// @return its number among all strings
  int number(int column, int start, int length) {
    uses[column]++;
    int known = keys.size();
    int number = keys.number(start, length, column);
    if (keys.size() > known) {
      if (number == places.length) {
        places = Arrays.copyOf(places, 2 * number);
      }
      places[number] = distinct[column]++;
    }
    return number;
  }

  /// Whether a column's strings are labels, once all are noted.
  boolean isLabel(int column) {
    return LEAST_USES * distinct[column] <= uses[column];
  }

  /// The place of a string in its column.
  int place(int number) {
    return places[number];
  }

  void write(ColumnWriter out) {
    sort();
    for (int column = 0; column < columns; column++) {
      if (isLabel(column)) {
        out.varint(distinct[column]);
      }
    }
    for (int i = 0; i < keys.size(); i++) {
      if (isLabel(keys.tag(order[i]))) {
        out.varint(keys.length(order[i]));
      }
    }
    out.cut();
    for (int i = 0; i < keys.size(); i++) {
      if (isLabel(keys.tag(order[i]))) {
        out.bytes(raw, keys.start(order[i]), keys.length(order[i]));
      }
    }
    out.cut();
  }

  /// All strings by column, then by place.
  private void sort() {
    if (order.length < keys.size()) {
      order = new int[places.length];
    }
    int[] starts = new int[columns + 1];
    for (int column = 0; column < columns; column++) {
      starts[column + 1] = starts[column] + distinct[column];
    }
    for (int number = 0; number < keys.size(); number++) {
      order[starts[keys.tag(number)] + places[number]] = number;
    }
  }
}
