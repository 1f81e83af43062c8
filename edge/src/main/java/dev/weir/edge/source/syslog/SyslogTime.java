package dev.weir.edge.source.syslog;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The two timestamps of syslog, in microseconds since 1970.
final class SyslogTime {
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  /// `Nov 25 22:36:34`.
  static final int BSD_LENGTH = 15;

  private SyslogTime() {}

  /// RFC 5424 section 6.2.3, a profile of RFC 3339: `2026-11-25T22:36:34.123456+01:00`.
  static Optional<Long> iso(String text) {
    // The format's own bound is 32 characters; some senders write nanoseconds.
    if (text.length() < 20 || text.length() > 40 || text.charAt(10) != 'T') {
      return Optional.empty();
    }
    try {
      return Optional.of(micros(OffsetDateTime.parse(text).toInstant()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /// RFC 3164 section 4.1.2: no year and no zone. The zone is the reader's, the year the one that
  /// brings the time nearest to now.
  ///
  /// @param text begins with the timestamp
  static Optional<Long> bsd(String text, ZoneId zone, long nowMicros) {
    if (text.length() < BSD_LENGTH) {
      return Optional.empty();
    }
    int month = MONTHS.indexOf(text.substring(0, 3)) + 1;
    int day = number(text.substring(4, 6).replace(' ', '0'));
    int hour = number(text.substring(7, 9));
    int minute = number(text.substring(10, 12));
    int second = number(text.substring(13, 15));
    boolean isShaped =
        text.charAt(3) == ' '
            && text.charAt(6) == ' '
            && text.charAt(9) == ':'
            && text.charAt(12) == ':';
    if (!isShaped || month == 0 || day < 1 || hour < 0 || minute < 0 || second < 0) {
      return Optional.empty();
    }
    int year = Instant.ofEpochSecond(nowMicros / 1_000_000).atZone(zone).getYear();
    return Stream.of(year, year - 1, year + 1)
        .flatMap(each -> at(each, month, day, hour, minute, second, zone).stream())
        .min(Comparator.comparingLong(micros -> Math.abs(micros - nowMicros)));
  }

  private static Optional<Long> at(
      int year, int month, int day, int hour, int minute, int second, ZoneId zone) {
    try {
      LocalDateTime local = LocalDateTime.of(year, month, day, hour, minute, Math.min(second, 59));
      return Optional.of(micros(local.atZone(zone).toInstant()));
    } catch (DateTimeException e) {
      return Optional.empty(); // 29 February of another year, or no date at all.
    }
  }

  private static int number(String digits) {
    return digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(digits) : -1;
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
  }
}
