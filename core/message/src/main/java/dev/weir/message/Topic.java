package dev.weir.message;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;

/// The rules of topic names: levels separated by `/`, 1 to 1024 bytes of UTF-8, at most 32 levels,
/// no wildcard and no control character. Names that begin with `$` are Weir's own.
public final class Topic {
  /// Room for deep hierarchies of devices; MQTT allows 65,535 but no index is served by that.
  public static final int MAX_BYTES = 1024;

  /// Bounds the work of matching one name against one filter.
  public static final int MAX_LEVELS = 32;

  /// Where an edge tells what its spool had to drop: the one topic of Weir's own that a lane may
  /// publish to.
  public static final String LOSS = "$weir/loss";

  private Topic() {}

  /// Returns the name when it is a valid topic to publish to.
  ///
  /// @throws WeirException with INVALID_TOPIC, naming what is wrong with it
  public static String check(String name) {
    checkShape("topic", name);
    if (name.indexOf('+') >= 0 || name.indexOf('#') >= 0) {
      throw invalid("topic", name, "holds a wildcard, which only filters may");
    }
    return name;
  }

  static void checkShape(String kind, String name) {
    if (name.isEmpty()) {
      throw invalid(kind, name, "is empty");
    }
    // A char takes at most three bytes, so that common short names need no encoding here.
    if (name.length() > MAX_BYTES / 3 && utf8Length(name) > MAX_BYTES) {
      throw invalid(kind, name.substring(0, 32) + "…", "is longer than 1024 bytes");
    }
    int levels = 1;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c > '/' && c < 0x7f) {
        continue;
      }
      if (Character.isISOControl(c) || c == '\uFFFD' || isLoneSurrogate(name, i)) {
        throw invalid(kind, name, "holds a control or replacement character at index " + i);
      }
      levels += c == '/' ? 1 : 0;
    }
    if (levels > MAX_LEVELS) {
      throw invalid(kind, name, "has " + levels + " levels, at most " + MAX_LEVELS);
    }
  }

  private static boolean isLoneSurrogate(String text, int index) {
    char c = text.charAt(index);
    if (Character.isHighSurrogate(c)) {
      return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
    }
    return Character.isLowSurrogate(c)
        && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
  }

  /// Bytes of a text in UTF-8, without encoding it.
  static int utf8Length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // Each half of a surrogate pair counts two: four bytes together.
        length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return length;
  }

  static WeirException invalid(String kind, String name, String fault) {
    return new WeirException(
        ErrorCode.INVALID_TOPIC, "The " + kind + " '" + name + "' " + fault + ".");
  }
}
