package dev.weir.message.columnar;

import java.util.Arrays;

/// Where the parts of a payload's records stand, noted by whoever writes them. A record is
///
/// ```
///  4 bytes   length of the rest, a varint padded with continuation bits
///  front     flags and topic
///  time      varint
///  rest      what stands between time and body
///  body
/// ```
///
/// Owned by one thread; reused.
public final class RecordMarks {
  private static final int PARTS = 6;

  private int[] marks = new int[PARTS * 64];
  private int size;
  private int shapes;
  private int shapedBytes;

  public void clear() {
    size = 0;
    shapes = 0;
    shapedBytes = 0;
  }

  /// Notes a record by the indexes in the payload where its parts begin, and where it ends.
  ///
  /// @param shape of its body, which fits it
  public void add(RowShape shape, int front, int time, int rest, int body, int end) {
    int at = PARTS * size++;
    if (at + PARTS > marks.length) {
      marks = Arrays.copyOf(marks, 2 * marks.length);
    }
    marks[at] = front;
    marks[at + 1] = time;
    marks[at + 2] = rest;
    marks[at + 3] = body;
    marks[at + 4] = end;
    marks[at + 5] = shape.number();
    if (shape != RowShape.OTHER) {
      shapes |= 1 << shape.number();
      shapedBytes += end - body;
    }
  }

  /// Bytes of the bodies that can become columns.
  public int shapedBytes() {
    return shapedBytes;
  }

  /// Which shapes there are besides [RowShape#OTHER]: a number below 16, the same for the same
  /// ones.
  public int shapes() {
    return shapes;
  }

  boolean has(RowShape shape) {
    return (shapes & (1 << shape.number())) != 0;
  }

  int size() {
    return size;
  }

  int front(int record) {
    return marks[PARTS * record];
  }

  int time(int record) {
    return marks[PARTS * record + 1];
  }

  int rest(int record) {
    return marks[PARTS * record + 2];
  }

  int body(int record) {
    return marks[PARTS * record + 3];
  }

  int end(int record) {
    return marks[PARTS * record + 4];
  }

  int length(int record) {
    return end(record) - body(record);
  }

  /// The number of the body's shape.
  int shape(int record) {
    return marks[PARTS * record + 5];
  }
}
