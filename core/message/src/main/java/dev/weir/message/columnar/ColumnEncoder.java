package dev.weir.message.columnar;

/// Turns the payload of a batch into columns: bodies of a known shape by what is in them, others as
/// they are. Owned by one thread; reused, so that a batch in steady state allocates next to
/// nothing.
///
/// The columns, version 1. Little-endian; numbers are unsigned LEB128 varints unless a width is
/// given, signed ones are zigzag:
///
/// ```
///  byte 0      u8 version = 1
///       1      u64 base time of the payload, as it is
///       9 ..   envelopes                        Envelopes
///              [rows]                           BinaryRows, when an envelope has this shape
///              [lines]                          TextLines, likewise
///              [JSON]                           JsonRows, likewise
///              bodies of other shapes           one behind the other
/// ```
///
/// A metric batch is a table that arrives by rows: what foretells a number stands one row earlier
/// in its series, and what looks like it stands in the same column. So each column is foretold and
/// written by itself (the idea of Gorilla, VLDB 2015, and of columnar files); zstd finds the rest.
/// The transform is exact: what does not fit is kept as it is.
public final class ColumnEncoder {
  static final int VERSION = 1;

  /// Of the payload, before its first record: version and base time.
  static final int PREFIX_BYTES = 9;

  private final ColumnWriter out = new ColumnWriter();
  private final Envelopes envelopes = new Envelopes();
  private final BinaryRows rows = new BinaryRows();
  private final TextLines lines = new TextLines();
  private final JsonRows json = new JsonRows();
  private long[] units = new long[64];

  /// Encodes a payload.
  ///
  /// @param marks all its records
  /// @return false when it has more points than a block may have
  public boolean encode(byte[] payload, RecordMarks marks) {
    if (units.length < marks.size()) {
      units = new long[2 * marks.size()];
    }
    boolean hasRows = marks.has(RowShape.ROWS);
    boolean hasLines = marks.has(RowShape.TEXT);
    boolean hasJson = marks.has(RowShape.JSON);
    for (int i = 0; i < marks.size(); i++) {
      units[i] = marks.length(i);
    }
    if ((hasRows && !rows.read(payload, marks, units))
        || (hasLines && !lines.read(payload, marks, units))
        || (hasJson && !json.read(payload, marks, units))) {
      return false;
    }
    out.clear();
    out.u8(VERSION);
    out.bytes(payload, 1, PREFIX_BYTES - 1);
    envelopes.write(out, payload, marks, units);
    if (hasRows) {
      rows.write(out);
    }
    if (hasLines) {
      lines.write(out);
    }
    if (hasJson) {
      json.write(out);
    }
    writeOthers(payload, marks);
    return true;
  }

  private void writeOthers(byte[] payload, RecordMarks marks) {
    out.cut();
    for (int i = 0; i < marks.size(); i++) {
      if (marks.shape(i) == RowShape.OTHER.number()) {
        out.bytes(payload, marks.body(i), marks.length(i));
      }
    }
  }

  /// The columns, until the next call of [#encode].
  public byte[] columns() {
    return out.array();
  }

  public int length() {
    return out.length();
  }

  /// Into how many parts the columns are best divided for compression, at least one.
  public int segments() {
    return out.segments();
  }

  /// Where a part ends; the last one ends at [#length].
  public int segmentEnd(int segment) {
    return out.segmentEnd(segment);
  }
}
