package dev.weir.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Damages valid input the way that finds decoder faults: from a corpus of good examples it makes
/// an endless, seeded sequence of nearly good ones. One thread.
///
/// Each mutant takes one example and applies one to four of: flip a bit, set a byte to an extreme,
/// overwrite a 2-, 4- or 8-byte number with an extreme, cut the end, insert or remove a run, repeat
/// a run, splice with another example.
public final class ByteMutator {
  /// Lengths, counts and signs go wrong around these.
  private static final long[] EXTREMES = {
    0,
    1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0x8000_0000L,
    0xffff_ffffL,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  private final RandomGenerator random;
  private final List<byte[]> corpus;

  /// @param corpus at least one valid example; not written to
  public ByteMutator(RandomGenerator random, List<byte[]> corpus) {
    if (corpus.isEmpty()) {
      throw new IllegalArgumentException("corpus is empty, expected at least one example");
    }
    this.random = random;
    this.corpus = List.copyOf(corpus);
  }

  /// The next damaged input; a few are longer than the longest example, each step adds at most one
  /// example.
  public byte[] next() {
    byte[] bytes = pick().clone();
    int steps = 1 + random.nextInt(4);
    for (int i = 0; i < steps; i++) {
      bytes = mutate(bytes);
    }
    return bytes;
  }

  private byte[] pick() {
    return corpus.get(random.nextInt(corpus.size()));
  }

  private byte[] mutate(byte[] bytes) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(8)) {
      case 0 -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
      case 1 -> {
        bytes[at] = (byte) extreme();
        yield bytes;
      }
      case 2, 3 -> overwriteNumber(bytes, at);
      case 4 -> Arrays.copyOf(bytes, at);
      case 5 -> insert(bytes, at);
      case 6 -> remove(bytes, at);
      default -> splice(bytes, at);
    };
  }

  private long extreme() {
    return EXTREMES[random.nextInt(EXTREMES.length)];
  }

  private byte[] overwriteNumber(byte[] bytes, int at) {
    long value = extreme();
    int width = Math.min(2 << random.nextInt(3), bytes.length - at);
    boolean isBigEndian = random.nextBoolean();
    for (int i = 0; i < width; i++) {
      bytes[at + i] = (byte) (value >>> (8 * (isBigEndian ? width - 1 - i : i)));
    }
    return bytes;
  }

  private byte[] insert(byte[] bytes, int at) {
    int count = 1 + random.nextInt(Math.min(16, bytes.length));
    byte[] longer = new byte[bytes.length + count];
    System.arraycopy(bytes, 0, longer, 0, at);
    if (random.nextBoolean()) {
      System.arraycopy(bytes, bytes.length - count, longer, at, count);
    }
    System.arraycopy(bytes, at, longer, at + count, bytes.length - at);
    return longer;
  }

  private byte[] remove(byte[] bytes, int at) {
    int count = Math.min(1 + random.nextInt(16), bytes.length - at);
    byte[] shorter = new byte[bytes.length - count];
    System.arraycopy(bytes, 0, shorter, 0, at);
    System.arraycopy(bytes, at + count, shorter, at, shorter.length - at);
    return shorter;
  }

  private byte[] splice(byte[] bytes, int at) {
    byte[] other = pick();
    int from = other.length == 0 ? 0 : random.nextInt(other.length);
    byte[] joined = Arrays.copyOf(bytes, at + other.length - from);
    System.arraycopy(other, from, joined, at, other.length - from);
    return joined;
  }
}
