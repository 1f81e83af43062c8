package dev.weir.message.columnar;

/// What surrounds the bodies: most messages of a batch differ in their times only, so their other
/// parts are written once.
///
/// ```
///  varint M messages, varint D distinct envelopes
///  D × { u8 shape, varint length, front, varint length, rest }       parts as in RecordMarks
///  column of M  envelope
///  column of M  time, as the payload has it
///  column of M  units of the body: rows, lines, or bytes
/// ```
final class Envelopes {
  private static final int SHAPE_BITS = 2;

  private byte[] joined = new byte[256];
  private long[] numbers = new long[64];
  private final ByteKeys keys = new ByteKeys();

  /// @param units of each body
  void write(ColumnWriter out, byte[] raw, RecordMarks marks, long[] units) {
    int count = marks.size();
    if (numbers.length < count) {
      numbers = new long[2 * count];
    }
    collect(raw, marks);
    out.varint(count);
    out.varint(keys.size());
    for (int key = 0; key < keys.size(); key++) {
      int frontLength = keys.tag(key) >> SHAPE_BITS;
      int restLength = keys.length(key) - frontLength;
      out.u8(keys.tag(key) & ((1 << SHAPE_BITS) - 1));
      out.varint(frontLength);
      out.bytes(joined, keys.start(key), frontLength);
      out.varint(restLength);
      out.bytes(joined, keys.start(key) + frontLength, restLength);
    }
    out.cut();
    LongColumn.write(out, numbers, count);
    for (int i = 0; i < count; i++) {
      numbers[i] = varint(raw, marks.time(i));
    }
    LongColumn.write(out, numbers, count);
    LongColumn.write(out, units, count);
    out.cut();
  }

  private void collect(byte[] raw, RecordMarks marks) {
    int bytes = 0;
    for (int i = 0; i < marks.size(); i++) {
      bytes += marks.body(i) - marks.front(i);
    }
    if (joined.length < bytes) {
      joined = new byte[bytes + bytes / 2];
    }
    keys.begin(joined);
    int end = 0;
    for (int i = 0; i < marks.size(); i++) {
      int frontLength = marks.time(i) - marks.front(i);
      int restLength = marks.body(i) - marks.rest(i);
      System.arraycopy(raw, marks.front(i), joined, end, frontLength);
      System.arraycopy(raw, marks.rest(i), joined, end + frontLength, restLength);
      int known = keys.size();
      int tag = (frontLength << SHAPE_BITS) | marks.shape(i);
      numbers[i] = keys.number(end, frontLength + restLength, tag);
      end += keys.size() > known ? frontLength + restLength : 0;
    }
  }

  private static long varint(byte[] raw, int index) {
    long value = 0;
    int at = index;
    for (int shift = 0; ; shift += 7) {
      long b = raw[at++];
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
