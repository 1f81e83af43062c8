package dev.weir.bench.data;

import com.github.luben.zstd.Zstd;
import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Bodies made beforehand from a seed, so that making them costs nothing while it is timed. Message
/// `n` is body `n mod count` with its number written in: every message is different, and whoever
/// has the seed can say byte for byte what message `n` is.
///
/// Sizes are lognormal (9.3, 0.9) clipped to 2 to 300 KB, 16.6 KB on average: within the 10 to 25
/// KB of the published run. The pool is many times larger than any window in which a compressor
/// looks back, so that its repetition cannot be seen.
///
/// Immutable after construction; any thread.
public final class DataPool {
  private static final double LOG_MEAN = 9.3;
  private static final double LOG_DEVIATION = 0.9;
  private static final int SMALLEST_BODY_BYTES = 2_000;
  private static final int LARGEST_BODY_BYTES = 300_000;
  private static final int PLAIN_LEVEL = 3;

  private final DataSet set;
  private final BodyMaker maker;
  private final List<byte[]> bodies = new ArrayList<>();
  private final long bytes;

  /// Makes the bodies.
  ///
  /// @param size of all together, 1 MiB or more
  public DataPool(DataSet set, long seed, ByteSize size) {
    this.set = set;
    this.maker = set.maker();
    RandomGenerator random = new SplittableRandom(seed);
    long made = 0;
    while (made < size.bytes()) {
      byte[] body = maker.make(drawSize(random), random);
      bodies.add(body);
      made += body.length;
    }
    this.bytes = made;
  }

  private DataPool(DataPool other, UnaryOperator<byte[]> change) {
    this.set = other.set;
    this.maker = other.maker;
    other.bodies.forEach(body -> bodies.add(change.apply(body)));
    this.bytes = bodies.stream().mapToLong(body -> body.length).sum();
  }

  /// The same bodies for a program that ships lines: a space where a line ended.
  public DataPool asLines() {
    return new DataPool(this, DataPool::line);
  }

  private static byte[] line(byte[] body) {
    byte[] line = body.clone();
    for (int i = 0; i < line.length; i++) {
      line[i] = line[i] == '\n' ? (byte) ' ' : line[i];
    }
    return line;
  }

  private static int drawSize(RandomGenerator random) {
    double drawn = Math.exp(random.nextGaussian(LOG_MEAN, LOG_DEVIATION));
    return (int) Math.clamp(drawn, SMALLEST_BODY_BYTES, LARGEST_BODY_BYTES);
  }

  public DataSet set() {
    return set;
  }

  /// The mean length of a body in bytes.
  public double meanBytes() {
    return (double) bytes / bodies.size();
  }

  /// The body of a message, a copy of its own.
  public byte[] body(long number) {
    byte[] body = bodies.get((int) (number % bodies.size())).clone();
    maker.number(body, number);
    return body;
  }

  /// The number in a body, whatever its origin; -1 when it can have none.
  public long number(Bytes body) {
    return maker.number(body);
  }

  /// Whether these are exactly the bytes of that message.
  public boolean isBody(long number, Bytes body) {
    return Arrays.equals(
        body(number),
        0,
        bodies.get((int) (number % bodies.size())).length,
        body.array(),
        body.arrayOffset(),
        body.arrayOffset() + body.length());
  }

  /// By how much zstd at level 3 makes single bodies smaller: so that nobody need suspect filler.
  ///
  /// @param sample how many bodies to try
  public double plainZstdRatio(int sample) {
    long raw = 0;
    long compressed = 0;
    for (byte[] body : bodies.subList(0, Math.min(sample, bodies.size()))) {
      raw += body.length;
      compressed += Zstd.compress(body, PLAIN_LEVEL).length;
    }
    return (double) raw / compressed;
  }
}
