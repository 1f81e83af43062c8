package dev.weir.message.columnar;

/// A short column of whole numbers, one a message: first the first one, then how each differs from
/// the one before, or how that difference differs from the one before, whichever is smaller.
///
/// ```
///  nothing for no numbers; else
///  varint zigzag(first), u8 order 1 or 2, planes of n - 1 zigzag differences
/// ```
final class LongColumn {
  private LongColumn() {}

  /// @param numbers overwritten
  static void write(ColumnWriter out, long[] numbers, int count) {
    if (count == 0) {
      return;
    }
    out.zigzag(numbers[0]);
    int order = cost(numbers, count, 2) < cost(numbers, count, 1) ? 2 : 1;
    out.u8(order);
    long last = numbers[0];
    long lastDelta = 0;
    for (int i = 1; i < count; i++) {
      long delta = numbers[i] - last;
      last = numbers[i];
      numbers[i] = Varints.zigzag(delta - (order == 2 ? lastDelta : 0));
      lastDelta = delta;
    }
    Planes.write(out, numbers, 1, count - 1);
  }

  private static long cost(long[] numbers, int count, int order) {
    long cost = 0;
    long lastDelta = 0;
    for (int i = 1; i < count; i++) {
      long delta = numbers[i] - numbers[i - 1];
      cost += Varints.width(Varints.zigzag(delta - (order == 2 ? lastDelta : 0)));
      lastDelta = delta;
    }
    return cost;
  }

  static long[] read(ColumnReader in, int count) {
    long[] numbers = new long[count];
    if (count == 0) {
      return numbers;
    }
    numbers[0] = in.zigzag();
    int order = in.u8();
    if (order != 1 && order != 2) {
      throw ColumnReader.malformed("have differences of order " + order);
    }
    Planes.read(in, numbers, 1, count - 1);
    long lastDelta = 0;
    for (int i = 1; i < count; i++) {
      long delta = Varints.unzigzag(numbers[i]) + (order == 2 ? lastDelta : 0);
      numbers[i] = numbers[i - 1] + delta;
      lastDelta = delta;
    }
    return numbers;
  }
}
