package dev.weir.bench.data;

import dev.weir.base.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Metrics as binary rows, content type `application/vnd.weir.rows`: what a collector gathers in a
/// few rounds over its series.
///
/// ```
///    0         4                   12                  20
///    ├─────────┼───────────────────┼───────────────────┤  little-endian, n times
///    │ series  │ time, ms since    │ value             │
///    │ u32     │ 1970, i64         │ f64               │
/// ```
///
/// A series keeps its class for life: gauges with two decimals that wander, counters, values that
/// hardly ever change, and values with 52 random bits. The time of the first row carries the
/// message's number.
final class RowBodies implements BodyMaker {
  static final int ROW_BYTES = 20;
  private static final int TIME_OFFSET = 4;
  private static final long FIRST_MILLIS = 1_760_000_000_000L;
  private static final long ROUND_MILLIS = 10_000;
  private static final int SERIES = 4_000;

  /// A collector reads a series some milliseconds after the round's start, never twice alike.
  private static final int JITTER_MILLIS = 700;

  private final Mix mix;
  private final double[] values = new double[SERIES];
  private long round;

  /// Parts of the series in percent; the rest is entropic.
  record Mix(int gauges, int counters, int constants) {
    /// 25 % gauges, 25 % counters, 42 % near-constant, 8 % entropic: zstd at level 3 makes about
    /// 1.9 times less of it, as of the published run's metrics.
    static final Mix SEED = new Mix(25, 25, 42);

    /// Nothing that repeats but the frame of the rows.
    static final Mix ENTROPIC = new Mix(0, 0, 0);
  }

  RowBodies(Mix mix) {
    this.mix = mix;
    RandomGenerator random = new SplittableRandom(SERIES);
    for (int series = 0; series < SERIES; series++) {
      // Counters have run for a while, and a constant is as often a fraction as a whole number.
      values[series] =
          switch (random.nextInt(3)) {
            case 0 -> random.nextInt(1_000);
            case 1 -> Math.rint(random.nextDouble() * 1e7) / 100;
            default -> random.nextLong(1L << 44);
          };
    }
  }

  @Override
  public byte[] make(int sizeBytes, RandomGenerator random) {
    int rows = Math.max(2, sizeBytes / ROW_BYTES);
    ByteBuffer body = ByteBuffer.allocate(rows * ROW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int series = random.nextInt(SERIES);
    for (int row = 0; row < rows; row++) {
      if (series == SERIES) {
        series = 0;
        round++;
      }
      long millis = FIRST_MILLIS + round * ROUND_MILLIS + random.nextInt(JITTER_MILLIS);
      body.putInt(series).putLong(millis).putDouble(value(series, random));
      series++;
    }
    round++;
    return body.array();
  }

  private double value(int series, RandomGenerator random) {
    // Classes are spread over the series as they are over a host's metrics.
    int place = Math.floorMod(series * 0x9E3779B1, 100);
    double before = values[series];
    if (place < mix.gauges()) {
      values[series] = Math.rint((before + random.nextGaussian() * 40) * 100) / 100;
    } else if (place < mix.gauges() + mix.counters()) {
      values[series] = before + random.nextInt(1_000_000);
    } else if (place < mix.gauges() + mix.counters() + mix.constants()) {
      values[series] = random.nextInt(200) == 0 ? random.nextInt(100) : before;
    } else {
      values[series] = random.nextDouble();
    }
    return values[series];
  }

  @Override
  public void number(byte[] body, long number) {
    ByteBuffer.wrap(body)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(TIME_OFFSET, FIRST_MILLIS + number);
  }

  @Override
  public long number(Bytes body) {
    return body.length() < ROW_BYTES
        ? -1
        : body.buffer().order(ByteOrder.LITTLE_ENDIAN).getLong(TIME_OFFSET) - FIRST_MILLIS;
  }
}
