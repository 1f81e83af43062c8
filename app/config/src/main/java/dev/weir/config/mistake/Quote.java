package dev.weir.config.mistake;

/// How text from outside is shown: short, on one line, without control characters.
public final class Quote {
  /// Longer values push the rest of the message off the screen.
  private static final int MAX_SHOWN_CODE_POINTS = 60;

  private Quote() {}

  /// The text between backticks.
  public static String of(String text) {
    return "`" + shown(text) + "`";
  }

  public static String shown(String text) {
    int[] codePoints = text.codePoints().limit(MAX_SHOWN_CODE_POINTS + 1L).toArray();
    int count = Math.min(codePoints.length, MAX_SHOWN_CODE_POINTS);
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < count; i++) {
      shown.appendCodePoint(visible(codePoints[i]));
    }
    return codePoints.length > count ? shown.append('…').toString() : shown.toString();
  }

  /// The code point itself, or one of the same width that cannot move the cursor.
  static int visible(int codePoint) {
    if (codePoint == '\t') {
      return ' ';
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          '\uFFFD';
      default -> codePoint;
    };
  }

  /// The text as a JSON string (RFC 8259 section 7).
  public static String json(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      switch (unit) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (unit < 0x20 || unit == 0x7F || Character.isSurrogate(unit)) {
            json.append(String.format("\\u%04x", (int) unit));
          } else {
            json.append(unit);
          }
        }
      }
    }
    return json.append('"').toString();
  }
}
