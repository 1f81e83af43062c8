package dev.weir.message.columnar;

/// Cuts text into rows, and finds in each what differs from row to row: numbers, strings that are
/// values, and one time. A row is a line, or an object among others on a line: it ends behind a
/// closing brace of the outermost level, or of the level below within an array, and behind the
/// comma that follows.
///
/// It looks at quotes, brackets and numbers only: whatever the text is, row and holes cover just
/// its bytes. A row with a control character is kept as it is, so that such bytes can mark holes.
/// Owned by one thread.
final class JsonScan {
  /// What a hole was, as its marker in a structure. Dates have twenty: 0 to 9 digits behind the
  /// point, with a T and with a blank.
  static final int NUMBER = 1;

  static final int TEXT = 2;
  static final int LABEL = 3;
  static final int TIME = 4;
  static final int DATE = 5;
  static final int DATE_BLANK = DATE + DateText.MAX_DIGITS + 1;
  static final int END_OF_DATES = DATE_BLANK + DateText.MAX_DIGITS + 1;

  /// Characters below are not allowed in JSON but for blanks between its tokens (RFC 8259, §7).
  static final int FIRST_PRINTABLE = 0x20;

  static final int LF = 0;
  static final int CR_LF = 1;
  static final int NO_END = 2;

  /// More would be a row that no other looks like.
  static final int MAX_HOLES = 250;

  private static final long EACH_BYTE = 0x0101_0101_0101_0101L;

  private final DateText date = new DateText();
  private byte[] raw = new byte[0];
  private int limit;
  private int depth;
  private boolean isArray;

  // Of the row scanned last.
  int end;
  int ending;
  boolean isAsItIs;
  int holes;
  long time;
  final int[] starts = new int[MAX_HOLES];
  final int[] ends = new int[MAX_HOLES];
  final byte[] markers = new byte[MAX_HOLES];
  private boolean hasTime;

  /// Begins a body that ends before `newLimit`.
  void begin(byte[] newRaw, int newLimit) {
    raw = newRaw;
    limit = newLimit;
    depth = 0;
    isArray = false;
  }

  /// Scans the row that begins at an index.
  ///
  /// @return where the next one begins
  int row(int start) {
    holes = 0;
    isAsItIs = false;
    hasTime = false;
    int at = start;
    while (at < limit) {
      int c = raw[at];
      if (c == '\n') {
        return line(start, at);
      }
      if (c == '"') {
        at = string(at);
      } else if (c == '-' || (c >= '0' && c <= '9')) {
        at = number(at, start);
      } else {
        boolean isClosed = bracket(c);
        isAsItIs |= isControl(c) && !isReturn(at);
        at++;
        if (isClosed && isRowEnd(at)) {
          return row(raw[at] == ',' ? at + 1 : at, NO_END);
        }
      }
    }
    return row(limit, NO_END);
  }

  private int row(int newEnd, int newEnding) {
    end = newEnd;
    ending = newEnding;
    return newEnd;
  }

  private int line(int start, int feed) {
    boolean hasReturn = feed > start && raw[feed - 1] == '\r';
    row(hasReturn ? feed - 1 : feed, hasReturn ? CR_LF : LF);
    return feed + 1;
  }

  private static boolean isControl(int c) {
    return (c & ~0x1f) == 0;
  }

  private boolean isReturn(int at) {
    return raw[at] == '\r' && at + 1 < limit && raw[at + 1] == '\n';
  }

  /// @return whether it closes what may be a row
  private boolean bracket(int c) {
    if (c == '{' || c == '[') {
      isArray = depth == 0 ? c == '[' : isArray;
      depth++;
    } else if (c == '}' || c == ']') {
      depth = Math.max(0, depth - 1);
      return c == '}' && depth == (isArray ? 1 : 0);
    }
    return false;
  }

  /// Another object follows on the same line.
  private boolean isRowEnd(int at) {
    return at < limit && (raw[at] == ',' || raw[at] == '{');
  }

  /// @return the index behind the string, or where it breaks off
  private int string(int quote) {
    int at = special(quote + 1);
    while (at < limit && raw[at] != '"') {
      if (raw[at] == '\n') {
        return at;
      }
      boolean isEscape = raw[at] == '\\';
      isAsItIs |= !isEscape;
      at += isEscape && at + 1 < limit && !isControl(raw[at + 1]) ? 2 : 1;
      at = special(at);
    }
    if (at >= limit) {
      return limit;
    }
    if (!isKey(at + 1)) {
      text(quote + 1, at);
    }
    return at + 1;
  }

  /// The index of the next quote, backslash or control character from an index on, eight bytes at a
  /// time: a byte that becomes zero or negative by a subtraction without having been so before
  /// (Warren, Hacker's Delight, §6-1).
  private int special(int from) {
    int at = from;
    for (; at + Long.BYTES <= limit; at += Long.BYTES) {
      long bytes = (long) RowWriter.LONGS.get(raw, at);
      long quotes = bytes ^ (EACH_BYTE * '"');
      long escapes = bytes ^ (EACH_BYTE * '\\');
      long found =
          ((quotes - EACH_BYTE) & ~quotes)
              | ((escapes - EACH_BYTE) & ~escapes)
              | ((bytes - EACH_BYTE * FIRST_PRINTABLE) & ~bytes);
      found &= EACH_BYTE << 7;
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < limit && raw[at] != '"' && raw[at] != '\\' && !isControl(raw[at])) {
      at++;
    }
    return Math.min(at, limit);
  }

  private boolean isKey(int behind) {
    int at = behind;
    while (at < limit && raw[at] == ' ') {
      at++;
    }
    return at < limit && raw[at] == ':';
  }

  private void text(int from, int to) {
    if (!hasTime && holes < MAX_HOLES && date.match(raw, from, to)) {
      hasTime = true;
      time = date.units;
      hole(from, date.end, (date.isBlank ? DATE_BLANK : DATE) + date.digits);
    } else {
      hole(from, to, TEXT);
    }
  }

  private void hole(int from, int to, int marker) {
    if (holes < MAX_HOLES) {
      starts[holes] = from;
      ends[holes] = to;
      markers[holes++] = (byte) marker;
    }
  }

  private int number(int from, int start) {
    int to = from + 1;
    while (to < limit && isOfNumber(raw[to])) {
      to++;
    }
    boolean isBegun = from == start || isSeparator(raw[from - 1]) || raw[from - 1] == ':';
    boolean isEnded = to == limit || isSeparator(raw[to]) || raw[to] == '}' || raw[to] == ']';
    if (isBegun && isEnded) {
      hole(from, to, isTime(from, to) ? TIME : NUMBER);
    }
    return to;
  }

  private static boolean isOfNumber(int c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
  }

  private static boolean isSeparator(int c) {
    return c == ',' || c == ' ' || c == '[' || c == '\n' || c == '\r';
  }

  /// Seconds, milliseconds or microseconds since 1970, from 2001 to 2033.
  private boolean isTime(int from, int to) {
    int length = to - from;
    boolean isLong = length == 10 || length == 13 || length == 16;
    if (hasTime || holes == MAX_HOLES || !isLong || raw[from] != '1') {
      return false;
    }
    long value = 0;
    for (int at = from; at < to; at++) {
      if (raw[at] < '0' || raw[at] > '9') {
        return false;
      }
      value = 10 * value + raw[at] - '0';
    }
    hasTime = true;
    time = value;
    return true;
  }

  /// Whether the row has a time.
  boolean hasTime() {
    return hasTime;
  }
}
