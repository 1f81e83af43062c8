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
  private static final int PARTS = 5;

  private int[] marks = new int[PARTS * 64];
  private int size;

  public void clear() {
    size = 0;
  }

  /// Notes a record by the indexes in the payload where its parts begin, and where it ends.
  public void add(int front, int time, int rest, int body, int end) {
    int at = PARTS * size++;
    if (at + PARTS > marks.length) {
      marks = Arrays.copyOf(marks, 2 * marks.length);
    }
    marks[at] = front;
    marks[at + 1] = time;
    marks[at + 2] = rest;
    marks[at + 3] = body;
    marks[at + 4] = end;
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
}
