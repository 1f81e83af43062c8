package dev.weir.message.columnar;

import java.util.Arrays;

/// The values of a block, by series, as whole numbers: a shape has scaled decimals to such before,
/// or left the bits of a double as they are. How far a value is from the one before it in its
/// series fits into 0 to 8 bytes; series of one width share byte planes. A constant series has
/// width 0.
///
/// ```
///  K × u8       width of each series: 0 to 8, or 9 for bits
///  varints      zigzag(first value) of each series that is not of bits
///  for w = 1 to 8: w planes of the zigzag differences of the series of width w
///  bits, where there are any:
///    u8         0 as they are, 1 zigzag differences to the one before, over all series
///    8 planes
/// ```
final class ValueColumn {
  static final int BITS = 9;

  /// Enough to tell how the planes are distributed.
  private static final int SAMPLED = 4096;

  /// Only the planes of sign, exponent and the highest mantissa bits tell the two forms apart.
  private static final int FIRST_SAMPLED_PLANE = 4;

  private byte[] widths = new byte[0];
  private long[] sorted = new long[0];
  private long[] differences = new long[0];
  private final int[] histogram = new int[256];

  /// @param values by series
  /// @param isBits whether a series' values are bits of doubles
  void write(ColumnWriter out, Points points, long[] values, boolean[] isBits) {
    ensure(points.series.length, points.seriesCount);
    int[] counts = new int[BITS + 1];
    for (int s = 0; s < points.seriesCount; s++) {
      int width = width(values, points.starts[s], points.starts[s + 1], isBits[s]);
      widths[s] = (byte) width;
      counts[width] += deltas(points, s, width);
    }
    out.bytes(widths, 0, points.seriesCount);
    out.cut();
    for (int s = 0; s < points.seriesCount; s++) {
      if (widths[s] != BITS) {
        out.zigzag(values[points.starts[s]]);
      }
    }
    out.cut();
    sort(points, values, offsets(counts));
    int from = 0;
    for (int width = 1; width < BITS; width++) {
      Planes.writeFixed(out, sorted, from, counts[width], width);
      from += counts[width];
    }
    if (counts[BITS] > 0) {
      writeBits(out, from, counts[BITS]);
    }
    out.cut();
  }

  private void ensure(int capacity, int seriesCount) {
    if (sorted.length < capacity) {
      sorted = new long[capacity];
      differences = new long[capacity];
    }
    if (widths.length < seriesCount) {
      widths = new byte[seriesCount + seriesCount / 2];
    }
  }

  private static int width(long[] values, int start, int end, boolean isBits) {
    long all = 0;
    for (int i = start + 1; i < end; i++) {
      all |= Varints.zigzag(values[i] - values[i - 1]);
    }
    if (isBits && (all != 0 || end - start == 1)) {
      return BITS;
    }
    return Varints.width(all);
  }

  /// What a series adds to the planes of its width.
  private static int deltas(Points points, int series, int width) {
    int count = points.starts[series + 1] - points.starts[series];
    return width == 0 ? 0 : width == BITS ? count : count - 1;
  }

  private static int[] offsets(int[] counts) {
    int[] offsets = new int[counts.length];
    for (int width = 1; width < BITS; width++) {
      offsets[width + 1] = offsets[width] + counts[width];
    }
    return offsets;
  }

  private void sort(Points points, long[] values, int[] offsets) {
    for (int s = 0; s < points.seriesCount; s++) {
      int width = widths[s];
      int start = points.starts[s];
      int end = points.starts[s + 1];
      if (width == BITS) {
        System.arraycopy(values, start, sorted, offsets[BITS], end - start);
        offsets[BITS] += end - start;
      } else if (width > 0) {
        int at = offsets[width];
        for (int i = start + 1; i < end; i++) {
          sorted[at++] = Varints.zigzag(values[i] - values[i - 1]);
        }
        offsets[width] = at;
      }
    }
  }

  private void writeBits(ColumnWriter out, int from, int count) {
    long last = 0;
    for (int i = 0; i < count; i++) {
      differences[i] = Varints.zigzag(sorted[from + i] - last);
      last = sorted[from + i];
    }
    boolean isCloser = entropy(differences, 0, count) < entropy(sorted, from, count);
    out.u8(isCloser ? 1 : 0);
    out.cut();
    if (isCloser) {
      Planes.writeFixed(out, differences, 0, count, Long.BYTES);
    } else {
      Planes.writeFixed(out, sorted, from, count, Long.BYTES);
    }
  }

  /// Shannon's entropy of the upper planes of a sample, in bits.
  private double entropy(long[] numbers, int from, int count) {
    int sampled = Math.min(count, SAMPLED);
    double entropy = 0;
    for (int plane = FIRST_SAMPLED_PLANE; plane < Long.BYTES; plane++) {
      Arrays.fill(histogram, 0);
      for (int i = from; i < from + sampled; i++) {
        histogram[(int) (numbers[i] >>> (8 * plane)) & 0xff]++;
      }
      for (int times : histogram) {
        entropy -= times == 0 ? 0 : times * Math.log((double) times / sampled);
      }
    }
    return entropy;
  }

  /// Fills in the values, by series; the points are grouped and every series has one.
  static void read(ColumnReader in, Points points) {
    long[] values = points.values;
    int at = in.skip(points.seriesCount);
    int[] counts = new int[BITS + 1];
    for (int s = 0; s < points.seriesCount; s++) {
      int width = in.array()[at + s];
      if (width < 0 || width > BITS) {
        throw ColumnReader.malformed("have values of " + width + " bytes");
      }
      counts[width] += deltas(points, s, width);
      if (width != BITS) {
        values[points.starts[s]] = in.zigzag();
      }
    }
    long[] sorted = new long[points.size];
    readPlanes(in, sorted, counts);
    restore(points, values, sorted, in.array(), at, offsets(counts));
  }

  private static void readPlanes(ColumnReader in, long[] sorted, int[] counts) {
    int from = 0;
    for (int width = 1; width < BITS; width++) {
      Planes.readFixed(in, sorted, from, counts[width], width);
      from += counts[width];
    }
    if (counts[BITS] == 0) {
      return;
    }
    int form = in.u8();
    Planes.readFixed(in, sorted, from, counts[BITS], Long.BYTES);
    if (form == 1) {
      long last = 0;
      for (int i = from; i < from + counts[BITS]; i++) {
        last += Varints.unzigzag(sorted[i]);
        sorted[i] = last;
      }
    } else if (form != 0) {
      throw ColumnReader.malformed("have bits of an unknown form");
    }
  }

  private static void restore(
      Points points, long[] values, long[] sorted, byte[] widths, int at, int[] offsets) {
    for (int s = 0; s < points.seriesCount; s++) {
      int width = widths[at + s];
      int start = points.starts[s];
      int end = points.starts[s + 1];
      if (width == BITS) {
        System.arraycopy(sorted, offsets[BITS], values, start, end - start);
        offsets[BITS] += end - start;
        continue;
      }
      long value = values[start];
      int from = offsets[width];
      for (int i = start + 1; i < end; i++) {
        value += width == 0 ? 0 : Varints.unzigzag(sorted[from++]);
        values[i] = value;
      }
      offsets[width] = width == 0 ? 0 : from;
    }
  }
}
