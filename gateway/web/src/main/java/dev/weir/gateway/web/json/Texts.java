package dev.weir.gateway.web.json;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Start;
import dev.weir.message.Cursor;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times, durations and starts as people write them, the same as on the command line. All throw a
/// [WeirException] MALFORMED, naming what holds the text.
public final class Texts {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

  private Texts() {}

  /// A whole number and one unit of `ms`, `s`, `m`, `h`, `d`.
  ///
  /// @param what holds the text, for the message
  public static Duration duration(String what, String text) {
    Matcher matcher = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The "
              + what
              + " is '"
              + shown(text)
              + "', expected a duration such as 500ms, 30s, 10m.");
    }
    ChronoUnit unit =
        switch (matcher.group(2)) {
          case "ms" -> ChronoUnit.MILLIS;
          case "s" -> ChronoUnit.SECONDS;
          case "m" -> ChronoUnit.MINUTES;
          case "h" -> ChronoUnit.HOURS;
          default -> ChronoUnit.DAYS;
        };
    return unit.getDuration().multipliedBy(Long.parseLong(matcher.group(1)));
  }

  /// `now` (or `live`), `first`, `last:N`, an RFC 3339 time, `-15m`, or a cursor.
  public static Start start(String text, Clock clock) {
    if (text.equals("now") || text.equals("live")) {
      return new Start.Live();
    }
    if (text.equals("first")) {
      return new Start.First();
    }
    if (text.matches("last:\\d{1,7}")) {
      long count = Long.parseLong(text.substring(5));
      if (count >= 1 && count <= Start.Last.MAX_COUNT) {
        return new Start.Last(count);
      }
    }
    if (text.startsWith("w1")) {
      return new Start.At(Cursor.parse(text));
    }
    try {
      if (text.startsWith("-")) {
        Duration age = duration("start", text.substring(1));
        return new Start.AtTime(clock.epochMicros() - age.toMillis() * 1_000);
      }
      return new Start.AtTime(micros(OffsetDateTime.parse(text).toInstant()));
    } catch (DateTimeException | ArithmeticException | WeirException _) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The start is '"
              + shown(text)
              + "', expected now, first, last:N, a time such as 2026-11-20T10:00:00Z or -15m, or a"
              + " cursor.");
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /// An RFC 3339 time.
  public static long epochMicros(String what, String text) {
    try {
      return micros(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException | ArithmeticException _) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The "
              + what
              + " is '"
              + shown(text)
              + "', expected a time such as 2026-11-20T10:00:00Z.");
    }
  }

  /// Microseconds since 1970 as an RFC 3339 time.
  public static String time(long epochMicros) {
    return Instant.EPOCH.plus(epochMicros, ChronoUnit.MICROS).toString();
  }

  /// A duration as [#duration] reads it.
  public static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }

  /// A text of a stranger, short enough to be shown.
  public static String shown(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }
}
