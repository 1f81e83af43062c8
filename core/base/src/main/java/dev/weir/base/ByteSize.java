package dev.weir.base;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes as people write it in configuration: `64KiB`, `1.5GB`, `512`.
///
/// @param bytes the size in bytes, not negative
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  private static final Pattern FORMAT =
      Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kmgt]?i?b?)", Pattern.CASE_INSENSITIVE);
  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("b", 1L),
          Map.entry("k", 1L << 10),
          Map.entry("kb", 1_000L),
          Map.entry("kib", 1L << 10),
          Map.entry("m", 1L << 20),
          Map.entry("mb", 1_000_000L),
          Map.entry("mib", 1L << 20),
          Map.entry("g", 1L << 30),
          Map.entry("gb", 1_000_000_000L),
          Map.entry("gib", 1L << 30),
          Map.entry("t", 1L << 40),
          Map.entry("tb", 1_000_000_000_000L),
          Map.entry("tib", 1L << 40));
  private static final String[] NAMES = {"B", "KiB", "MiB", "GiB", "TiB"};

  public ByteSize {
    Checks.range("bytes", bytes, 0, Long.MAX_VALUE);
  }

  public static ByteSize ofMebibytes(long count) {
    return new ByteSize(Math.multiplyExact(count, 1L << 20));
  }

  public static ByteSize ofKibibytes(long count) {
    return new ByteSize(Math.multiplyExact(count, 1L << 10));
  }

  /// Reads a size with an optional binary (`KiB`) or decimal (`KB`) unit.
  ///
  /// @throws IllegalArgumentException when the text is not a size
  public static ByteSize parse(String text) {
    Matcher matcher = FORMAT.matcher(text.strip());
    Long unit =
        matcher.matches() ? UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT)) : (Long) null;
    if (unit == null) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size, expected a number and a unit such as 64KiB or 2GB");
    }
    double bytes = Double.parseDouble(matcher.group(1)) * unit;
    Checks.argument(bytes < Long.MAX_VALUE, "'" + text + "' is too large for a size");
    return new ByteSize((long) bytes);
  }

  /// The size as an `int`, for lengths of arrays and buffers.
  ///
  /// @throws ArithmeticException above 2 GiB - 1
  public int intBytes() {
    return Math.toIntExact(bytes);
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /// The size in the largest binary unit that keeps it at or above one: `1.5 MiB`.
  @Override
  public String toString() {
    int unit = 0;
    double value = bytes;
    while (value >= 1024 && unit < NAMES.length - 1) {
      value /= 1024;
      unit++;
    }
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f %s", value, NAMES[unit])
        : String.format(Locale.ROOT, "%.1f %s", value, NAMES[unit]);
  }
}
