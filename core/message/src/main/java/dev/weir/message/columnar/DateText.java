package dev.weir.message.columnar;

/// Dates as RFC 3339 (§5.6) writes them, up to the fraction of the second: whole units since 1970
/// that come out as the same text again. What stands behind, a `Z` or an offset, is not looked at:
/// the fields of the text are counted as they are.
///
/// ```
///  2026-01-01T00:00:00.123
///            ▲         ▲▲▲ 0 to 9 digits
///            T or a blank
/// ```
///
/// Owned by one thread.
final class DateText {
  /// Digits of the fraction.
  static final int MAX_DIGITS = 9;

  /// Without a fraction.
  private static final int LENGTH = 19;

  private static final int FIRST_YEAR = 1970;

  /// Nanoseconds fit into a long until 2262.
  private static final int LAST_YEAR = 2261;

  private static final int[] PLACES = {0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18};
  private static final int DAY_SECONDS = 86_400;
  private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  // Of the text matched last.
  int end;
  int digits;
  boolean isBlank;
  long units;

  /// Whether a date begins at an index.
  boolean match(byte[] text, int from, int limit) {
    if (limit - from < LENGTH || !hasShape(text, from)) {
      return false;
    }
    int year = 100 * two(text, from) + two(text, from + 2);
    int month = two(text, from + 5);
    int day = two(text, from + 8);
    int hour = two(text, from + 11);
    int minute = two(text, from + 14);
    int second = two(text, from + 17);
    boolean isDate =
        year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1;
    if (!isDate || day > days(year, month) || hour > 23 || minute > 59 || second > 59) {
      return false;
    }
    isBlank = text[from + 10] == ' ';
    units = daysSince1970(year, month, day) * DAY_SECONDS + 3_600L * hour + 60L * minute + second;
    fraction(text, from + LENGTH, limit);
    return true;
  }

  private static boolean hasShape(byte[] text, int from) {
    for (int place : PLACES) {
      if (text[from + place] < '0' || text[from + place] > '9') {
        return false;
      }
    }
    return text[from + 4] == '-'
        && text[from + 7] == '-'
        && (text[from + 10] == 'T' || text[from + 10] == ' ')
        && text[from + 13] == ':'
        && text[from + 16] == ':';
  }

  private static int two(byte[] text, int at) {
    return 10 * (text[at] - '0') + text[at + 1] - '0';
  }

  /// Takes a point and up to nine digits into the units; more stay outside.
  private void fraction(byte[] text, int from, int limit) {
    digits = 0;
    end = from;
    if (from + 1 >= limit || text[from] != '.') {
      return;
    }
    int at = from + 1;
    while (at < limit && digits < MAX_DIGITS && text[at] >= '0' && text[at] <= '9') {
      units = 10 * units + text[at++] - '0';
      digits++;
    }
    end = digits == 0 ? from : at;
  }

  private static int days(int year, int month) {
    return month == 2 && isLeap(year) ? 29 : DAYS[month - 1];
  }

  private static boolean isLeap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  private static long daysSince1970(int year, int month, int day) {
    int before = year - 1;
    long days = 365L * (year - FIRST_YEAR) + before / 4 - before / 100 + before / 400 - 477;
    for (int m = 1; m < month; m++) {
      days += days(year, m);
    }
    return days + day - 1;
  }

  /// Writes a date.
  ///
  /// @param digits of the fraction that the units have, 0 to [#MAX_DIGITS]
  /// @throws dev.weir.base.WeirException with MALFORMED when the units lie outside 1970 to 2261
  static void write(RowWriter out, long units, int digits, boolean isBlank) {
    long power = DecimalText.POWERS[digits];
    long seconds = units / power;
    long days = seconds / DAY_SECONDS;
    if (units < 0 || days >= daysSince1970(LAST_YEAR + 1, 1, 1)) {
      throw ColumnReader.malformed("have a date outside 1970 to 2261");
    }
    int year = FIRST_YEAR + (int) (days / 366);
    while (days >= daysSince1970(year + 1, 1, 1)) {
      year++;
    }
    int rest = (int) (days - daysSince1970(year, 1, 1));
    int month = 1;
    while (rest >= days(year, month)) {
      rest -= days(year, month++);
    }
    int ofDay = (int) (seconds % DAY_SECONDS);
    two(out, year / 100, -1);
    two(out, year % 100, -1);
    two(out, month, '-');
    two(out, rest + 1, '-');
    two(out, ofDay / 3_600, isBlank ? ' ' : 'T');
    two(out, ofDay / 60 % 60, ':');
    two(out, ofDay % 60, ':');
    if (digits > 0) {
      out.u8('.');
      long fraction = units % power;
      for (int digit = digits - 1; digit >= 0; digit--) {
        out.u8((int) ('0' + fraction / DecimalText.POWERS[digit] % 10));
      }
    }
  }

  /// @param before the separator, or -1 for none
  private static void two(RowWriter out, int value, int before) {
    if (before >= 0) {
      out.u8(before);
    }
    out.u8('0' + value / 10);
    out.u8('0' + value % 10);
  }
}
