package dev.weir.edge.source.syslog;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A place in the text of one syslog message, and the pieces that may stand there. Owned by the
/// thread that parses.
final class SyslogCursor {
  private static final int MAX_PRIORITY = 191;

  /// RFC 5424 section 6.3.2.
  private static final int MAX_NAME = 32;

  private final String text;
  private int index;

  SyslogCursor(String text) {
    this.text = text;
  }

  /// `<0>` to `<191>`, without leading zeros.
  Optional<Integer> priority() {
    int end = text.indexOf('>');
    if (text.isEmpty() || text.charAt(0) != '<' || end < 2 || end > 4) {
      return Optional.empty();
    }
    String digits = text.substring(1, end);
    if (!digits.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(digits) > MAX_PRIORITY) {
      return Optional.empty();
    }
    index = end + 1;
    return Optional.of(Integer.parseInt(digits));
  }

  boolean skip(String expected) {
    boolean isThere = text.startsWith(expected, index);
    index += isThere ? expected.length() : 0;
    return isThere;
  }

  String ahead(int count) {
    return text.substring(index, Math.min(text.length(), index + count));
  }

  void advance(int count) {
    index += count;
  }

  void back() {
    index -= index > 0 && text.charAt(index - 1) == ' ' ? 1 : 0;
  }

  boolean isAtWordEnd() {
    return index == text.length() || text.charAt(index) == ' ';
  }

  /// A `-` that stands alone.
  boolean isNil() {
    boolean isNil =
        text.startsWith("-", index)
            && (index + 1 == text.length() || text.charAt(index + 1) == ' ');
    index += isNil ? 1 : 0;
    return isNil;
  }

  /// What stands before the next space, and steps over it; empty when it is longer than `max`.
  String word(int max) {
    int end = text.indexOf(' ', index);
    if (end < 0 || end - index > max) {
      return "";
    }
    String word = text.substring(index, end);
    index = end + 1;
    return word;
  }

  /// A field of RFC 5424's header: printable, `-` for none.
  boolean field(String name, int max, SyslogFields.Builder fields) {
    String word = word(max);
    if (word.isEmpty() || !isPrintable(word)) {
      return false;
    }
    if (!word.equals("-")) {
      fields.put(name, word);
    }
    return true;
  }

  /// An SD-NAME: up to 32 printable characters without `=`, `]`, `"` and space.
  String name() {
    int start = index;
    while (index < text.length()
        && index - start <= MAX_NAME
        && text.charAt(index) > ' '
        && text.charAt(index) < 0x7F
        && "=]\"".indexOf(text.charAt(index)) < 0) {
      index++;
    }
    return index - start > MAX_NAME ? "" : text.substring(start, index);
  }

  /// The rest of a quoted value, which is UTF-8.
  Optional<String> quoted() {
    StringBuilder value = new StringBuilder();
    while (index < text.length()) {
      char c = text.charAt(index++);
      if (c == '"') {
        byte[] bytes = value.toString().getBytes(StandardCharsets.ISO_8859_1);
        return Optional.of(new String(bytes, StandardCharsets.UTF_8));
      }
      boolean isEscape =
          c == '\\' && index < text.length() && "\"\\]".indexOf(text.charAt(index)) >= 0;
      value.append(isEscape ? text.charAt(index++) : c);
    }
    return Optional.empty();
  }

  /// `HOST TAG[PID]: …`, each of which may be missing: a first word with the marks of a tag is one.
  void hostAndTag(SyslogFields.Builder fields) {
    int space = text.indexOf(' ', index);
    String first = space < 0 ? "" : text.substring(index, space);
    boolean isHost =
        !first.isEmpty()
            && first.length() <= SyslogParser.MAX_HOST
            && isPrintable(first)
            && !first.endsWith(":")
            && first.indexOf('[') < 0;
    if (isHost) {
      fields.put("host", first);
      index = space + 1;
    }
    tag(fields);
  }

  private void tag(SyslogFields.Builder fields) {
    int end = index;
    while (end < text.length()
        && ":[ ".indexOf(text.charAt(end)) < 0
        && end - index <= SyslogParser.MAX_APP) {
      end++;
    }
    boolean isTag =
        end > index
            && end - index <= SyslogParser.MAX_APP
            && end < text.length()
            && text.charAt(end) != ' ';
    String tag = text.substring(index, end);
    if (!isTag || !isPrintable(tag)) {
      return;
    }
    int close = text.charAt(end) == '[' ? text.indexOf(']', end) : -1;
    boolean hasProcid = close > end + 1 && close - end - 1 <= SyslogParser.MAX_PROCID;
    if (text.charAt(end) == '[' && !hasProcid) {
      return;
    }
    fields.put("app", tag);
    if (hasProcid) {
      fields.put("procid", text.substring(end + 1, close));
    }
  }

  private static boolean isPrintable(String word) {
    return word.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }
}
