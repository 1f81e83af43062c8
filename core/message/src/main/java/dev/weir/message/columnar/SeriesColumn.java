package dev.weir.message.columnar;

import java.util.Arrays;

/// Which series each row is of. Collectors report series in the same order round after round, so a
/// series is foretold by what followed the one before it the last time (an unseen series is
/// foretold where nothing is known yet); runs of what came as foretold cost two bytes however long.
/// Where the order is random, plain indexes are shorter.
///
/// ```
///  u8 0 foretold   { varint rows as foretold, varint series of the row after them }*
///                  the last pair has no second number when its run ends the column
///  u8 1 plain      planes of n series
/// ```
final class SeriesColumn {
  private static final int FORETOLD = 0;
  private static final int PLAIN = 1;

  private int[] next = new int[0];
  private long[] plain = new long[0];

  void write(ColumnWriter out, Points points) {
    if (points.size == 0) {
      return;
    }
    int bits = Long.SIZE - Long.numberOfLeadingZeros(points.seriesCount);
    long foretoldBits = 8L * misses(points) * (1 + Varints.length(points.seriesCount));
    if (foretoldBits <= (long) bits * points.size) {
      out.u8(FORETOLD);
      writeForetold(out, points);
    } else {
      out.u8(PLAIN);
      writePlain(out, points);
    }
    out.cut();
  }

  private int misses(Points points) {
    Foretelling foretelling = begin(points.seriesCount);
    int misses = 0;
    for (int row = 0; row < points.size; row++) {
      int series = points.series[row];
      misses += foretelling.expected() == series ? 0 : 1;
      foretelling.saw(series);
    }
    return misses;
  }

  private void writeForetold(ColumnWriter out, Points points) {
    Foretelling foretelling = begin(points.seriesCount);
    int run = 0;
    for (int row = 0; row < points.size; row++) {
      int series = points.series[row];
      if (foretelling.expected() == series) {
        run++;
      } else {
        out.varint(run);
        out.varint(series);
        run = 0;
      }
      foretelling.saw(series);
    }
    if (run > 0) {
      out.varint(run);
    }
  }

  private void writePlain(ColumnWriter out, Points points) {
    if (plain.length < points.size) {
      plain = new long[points.series.length];
    }
    for (int row = 0; row < points.size; row++) {
      plain[row] = points.series[row];
    }
    Planes.write(out, plain, 0, points.size);
  }

  private Foretelling begin(int seriesCount) {
    if (next.length < seriesCount) {
      next = new int[seriesCount + seriesCount / 2];
    }
    return new Foretelling(next, seriesCount);
  }

  /// Fills in the series of every row.
  static void read(ColumnReader in, Points points) {
    if (points.size == 0) {
      return;
    }
    switch (in.u8()) {
      case FORETOLD -> readForetold(in, points);
      case PLAIN -> readPlain(in, points);
      default -> throw ColumnReader.malformed("have series of an unknown form");
    }
  }

  private static void readForetold(ColumnReader in, Points points) {
    Foretelling foretelling = new Foretelling(new int[points.seriesCount], points.seriesCount);
    int row = 0;
    while (row < points.size) {
      int end = row + in.count("rows of a run", points.size - row);
      for (; row < end; row++) {
        points.series[row] = check(foretelling.expected(), points);
        foretelling.saw(points.series[row]);
      }
      if (row < points.size) {
        points.series[row] = in.count("series of a row", points.seriesCount - 1L);
        foretelling.saw(points.series[row++]);
      }
    }
  }

  private static void readPlain(ColumnReader in, Points points) {
    long[] plain = new long[points.size];
    Planes.read(in, plain, 0, points.size);
    for (int row = 0; row < points.size; row++) {
      if (plain[row] < 0 || plain[row] >= points.seriesCount) {
        throw ColumnReader.malformed("name series " + plain[row] + " of " + points.seriesCount);
      }
      points.series[row] = (int) plain[row];
    }
  }

  private static int check(int series, Points points) {
    if (series >= points.seriesCount) {
      throw ColumnReader.malformed("foretell series " + series + " of " + points.seriesCount);
    }
    return series;
  }

  /// What followed each series the last time.
  private static final class Foretelling {
    private final int[] next;
    private int unseen;
    private int last = -1;

    Foretelling(int[] next, int seriesCount) {
      this.next = next;
      Arrays.fill(next, 0, seriesCount, -1);
    }

    int expected() {
      return last < 0 || next[last] < 0 ? unseen : next[last];
    }

    void saw(int series) {
      if (last >= 0) {
        next[last] = series;
      }
      if (series >= unseen) {
        unseen = series + 1;
      }
      last = series;
    }
  }
}
