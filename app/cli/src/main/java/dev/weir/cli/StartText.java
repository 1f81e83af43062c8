package dev.weir.cli;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.Start;
import dev.weir.message.Cursor;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.TypeConversionException;

/// Where to begin, as --from says it.
final class StartText {
  private StartText() {}

  /// @throws WeirException with USAGE or INVALID_CURSOR
  static Start parse(String from) {
    if (from.equals("now")) {
      return Start.live();
    }
    if (from.equals("first") || from.equals("start")) {
      return Start.first();
    }
    if (from.startsWith("last:")) {
      return Start.last(lastCount(from, from.substring(5)));
    }
    if (from.startsWith("w1")) {
      return Start.from(Cursor.parse(from));
    }
    return Start.at(micros(from, from));
  }

  private static long lastCount(String from, String text) {
    try {
      long last = Long.parseLong(text);
      if (last > 0) {
        return last;
      }
    } catch (NumberFormatException _) {
      // Said below, as for zero.
    }
    throw invalidStart(from);
  }

  private static long micros(String from, String text) {
    try {
      Instant instant =
          text.startsWith("-")
              ? Instant.EPOCH
                  .plus(Clock.SYSTEM.epochMicros(), ChronoUnit.MICROS)
                  .minus(new DurationConverter().convert(text.substring(1)))
              : OffsetDateTime.parse(text).toInstant();
      return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    } catch (DateTimeException | TypeConversionException _) {
      throw invalidStart(from);
    }
  }

  private static WeirException invalidStart(String from) {
    return new WeirException(
        ErrorCode.USAGE,
        "--from is '"
            + from
            + "', expected now, first, last:N, a time such as"
            + " 2026-11-20T10:00Z or -15m, or a cursor.");
  }
}
