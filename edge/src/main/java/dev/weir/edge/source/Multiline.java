package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// How lines are gathered into events: an event begins with a line in which the pattern is found,
/// and takes every line up to the next such one.
///
/// @param start searched in the first 1024 bytes of each line, read as UTF-8
/// @param flushAfter how long an event waits for a further line before it is sent as it is
public record Multiline(Pattern start, Duration flushAfter) {
  /// Long enough for one stack trace to be written out, short enough for a person who waits.
  public static final Duration DEFAULT_FLUSH_AFTER = Duration.ofSeconds(2);

  /// Bounds what a pattern can cost on a giant line; an event's start is found at its beginning.
  private static final int SEARCHED_BYTES = 1024;

  public Multiline {
    Checks.argument(
        !flushAfter.isNegative() && !flushAfter.isZero(),
        "flushAfter is " + flushAfter + ", expected more than zero");
  }

  Predicate<Bytes> starts() {
    return line -> {
      String text = line.slice(0, Math.min(line.length(), SEARCHED_BYTES)).utf8();
      return start.matcher(text).find();
    };
  }
}
