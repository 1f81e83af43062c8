package dev.weir.message.columnar;

/// Decimal numbers as text that can be restored to the byte: a whole number, how many digits stand
/// after the point, and the styles in which just this text comes out again. Owned by one thread.
///
/// - FIXED: as many digits after the point as the series has
/// - SHORT: as few as needed, no exponent
/// - GO: as Go's exporters write (`strconv.FormatFloat(x, 'g', -1, 64)`): an exponent below 1e-4
///   and from 1e6 on, of at least two digits
/// - JAVA: `Double.toString`: at least one digit after the point, an exponent below 1e-3 and from
///   1e7 on
final class DecimalText {
  static final int FIXED = 1;
  static final int SHORT = 2;
  static final int GO = 4;
  static final int JAVA = 8;

  /// Any number of so many digits fits into a long.
  static final int MAX_DIGITS = 18;

  /// Digits after the point, leading zeros among them; smaller numbers come with exponents of less
  /// than -20 and stay text.
  static final int MAX_SCALE = 40;

  /// A restored number is not longer: sign, zero, point, digits.
  static final int MAX_LENGTH = 3 + MAX_DIGITS + MAX_SCALE;

  static final long[] POWERS = powers();

  private final byte[] digits = new byte[MAX_DIGITS + 1];

  // Of the text parsed last.
  long mantissa;
  int decimals;
  int styles;

  private static long[] powers() {
    long[] powers = new long[MAX_DIGITS + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = 10 * powers[i - 1];
    }
    return powers;
  }

  /// Reads a text; `styles` is 0 when it is no such number.
  void parse(byte[] text, int from, int end) {
    styles = 0;
    int first = from < end && text[from] == '-' ? from + 1 : from;
    int point = -1;
    long value = 0;
    int at = first;
    for (; at < end; at++) {
      int c = text[at];
      if (c >= '0' && c <= '9') {
        if (value >= POWERS[MAX_DIGITS - 1]) {
          return;
        }
        value = 10 * value + (c - '0');
      } else if (c == '.' && point < 0) {
        point = at;
      } else {
        break;
      }
    }
    int length = at - first - (point < 0 ? 0 : 1);
    boolean hasDigits = length > 0 && length <= MAX_LENGTH && point != first && point != at - 1;
    boolean isPadded = at > first + 1 && text[first] == '0' && point != first + 1;
    if (!hasDigits || isPadded || (first > from && value == 0)) {
      return;
    }
    mantissa = first > from ? -value : value;
    decimals = point < 0 ? 0 : at - 1 - point;
    int whole = length - decimals;
    if (at == end) {
      styles = plainStyles(value, whole, text[end - 1]);
    } else if (value > 0 && whole == 1 && text[first] != '0') {
      scientific(text, at, end);
    }
  }

  private int plainStyles(long value, int whole, byte last) {
    boolean isShort = decimals == 0 || last != '0';
    int exponent = exponent(value, whole);
    boolean isGo = isShort && !isScientific(exponent, GO);
    boolean isJava = decimals > 0 && (isShort || decimals == 1) && !isScientific(exponent, JAVA);
    return FIXED | (isShort ? SHORT : 0) | (isGo ? GO : 0) | (isJava ? JAVA : 0);
  }

  /// Of the first digit that is not zero.
  private int exponent(long value, int whole) {
    if (value == 0) {
      return 0;
    }
    return decimals <= MAX_DIGITS && value >= POWERS[decimals]
        ? whole - 1
        : length(value) - decimals - 1;
  }

  private static int length(long value) {
    int length = 1;
    while (length < MAX_DIGITS && value >= POWERS[length]) {
      length++;
    }
    return length;
  }

  /// From the `e` on.
  private void scientific(byte[] text, int at, int end) {
    boolean isGo = text[at] == 'e';
    boolean isShort = decimals == 0 || text[at - 1] != '0' || (!isGo && decimals == 1);
    if ((!isGo && text[at] != 'E') || !isShort) {
      return;
    }
    int sign = at + 1;
    boolean isNegative = sign < end && text[sign] == '-';
    boolean hasSign = isNegative || (isGo && sign < end && text[sign] == '+');
    int first = hasSign ? sign + 1 : sign;
    int count = end - first;
    int exponent = 0;
    for (int i = first; i < end; i++) {
      if (text[i] < '0' || text[i] > '9' || count > 3) {
        return;
      }
      exponent = 10 * exponent + text[i] - '0';
    }
    int length = exponent > 99 ? 3 : exponent > 9 || isGo ? 2 : 1;
    boolean isWellFormed = count == length && (isGo ? hasSign : decimals > 0);
    if (isWellFormed && isScientific(isNegative ? -exponent : exponent, isGo ? GO : JAVA)) {
      decimals -= isNegative ? -exponent : exponent;
      styles = isGo ? GO : JAVA;
    }
  }

  private static boolean isScientific(int exponent, int style) {
    return switch (style) {
      case GO -> exponent < -4 || exponent >= 6;
      case JAVA -> exponent < -3 || exponent >= 7;
      default -> false;
    };
  }

  /// Writes a whole number with so many digits after its point in a style.
  ///
  /// @param scale 0 to [#MAX_SCALE]
  /// @param target has room for [#MAX_LENGTH] bytes from the index on
  /// @return the index behind
  int write(long number, int scale, int style, byte[] target, int index) {
    int at = index;
    if (number < 0) {
      target[at++] = '-';
    }
    int count = split(number < 0 ? -number : number);
    int decimals = scale;
    while (style != FIXED && decimals > 0 && count > 1 && digits[count - 1] == '0') {
      count--;
      decimals--;
    }
    if (number == 0 && style != FIXED) {
      return writePlain(count, 0, style, target, at);
    }
    int exponent = count - decimals - 1;
    return isScientific(exponent, style)
        ? writeScientific(count, exponent, style, target, at)
        : writePlain(count, decimals, style, target, at);
  }

  /// Into `digits`; how many there are.
  private int split(long value) {
    int count = length(value);
    long rest = value;
    for (int i = count - 1; i >= 0; i--) {
      long quotient = rest / 10;
      digits[i] = (byte) ('0' + (rest - 10 * quotient));
      rest = quotient;
    }
    return count;
  }

  private int writePlain(int count, int decimals, int style, byte[] target, int index) {
    int at = index;
    int whole = count - decimals;
    for (int i = 0; i < whole; i++) {
      target[at++] = digits[i];
    }
    if (whole <= 0) {
      target[at++] = '0';
    }
    if (decimals > 0) {
      target[at++] = '.';
      for (int i = whole; i < count; i++) {
        target[at++] = i < 0 ? (byte) '0' : digits[i];
      }
    } else if (style == JAVA) {
      target[at++] = '.';
      target[at++] = '0';
    }
    return at;
  }

  private int writeScientific(int digitCount, int exponent, int style, byte[] target, int index) {
    int count = digitCount;
    while (count > 1 && digits[count - 1] == '0') {
      count--;
    }
    int at = index;
    target[at++] = digits[0];
    if (count > 1 || style == JAVA) {
      target[at++] = '.';
    }
    for (int i = 1; i < count; i++) {
      target[at++] = digits[i];
    }
    if (count == 1 && style == JAVA) {
      target[at++] = '0';
    }
    target[at++] = (byte) (style == GO ? 'e' : 'E');
    if (exponent < 0) {
      target[at++] = '-';
    } else if (style == GO) {
      target[at++] = '+';
    }
    int size = Math.abs(exponent);
    if (size >= 100) {
      target[at++] = (byte) ('0' + size / 100);
    }
    if (size >= 10 || style == GO) {
      target[at++] = (byte) ('0' + size / 10 % 10);
    }
    target[at++] = (byte) ('0' + size % 10);
    return at;
  }
}
