package dev.weir.message;

import java.util.function.Predicate;

/// A set of topics as MQTT writes it (MQTT 5.0 §4.7): `+` stands for one level, a final `#` for any
/// number of levels, its parent included. A wildcard at the front never matches names that begin
/// with `$`.
public final class TopicFilter implements Predicate<String> {
  /// Every topic but Weir's own.
  public static final TopicFilter ALL = parse("#");

  private final String text;
  private final String[] levels;
  private final boolean isExact;

  private TopicFilter(String text, String[] levels) {
    this.text = text;
    this.levels = levels;
    this.isExact = text.indexOf('+') < 0 && text.indexOf('#') < 0;
  }

  /// Reads a filter.
  ///
  /// @throws dev.weir.base.WeirException with INVALID_TOPIC, naming what is wrong with it
  public static TopicFilter parse(String text) {
    Topic.checkShape("filter", text);
    String[] levels = text.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      checkLevel(text, levels[i], i == levels.length - 1);
    }
    return new TopicFilter(text, levels);
  }

  private static void checkLevel(String text, String level, boolean isLast) {
    if (level.length() > 1 && (level.indexOf('+') >= 0 || level.indexOf('#') >= 0)) {
      throw Topic.invalid("filter", text, "mixes a wildcard with text in level '" + level + "'");
    }
    if (level.equals("#") && !isLast) {
      throw Topic.invalid("filter", text, "has # before its last level");
    }
  }

  /// Whether a topic belongs to the set. Allocates nothing.
  @Override
  public boolean test(String topic) {
    if (isExact) {
      return text.equals(topic);
    }
    if (topic.startsWith("$") && text.charAt(0) != '$') {
      return false;
    }
    int start = 0;
    for (String level : levels) {
      if (level.equals("#")) {
        return true;
      }
      if (start > topic.length()) {
        return false;
      }
      int end = topic.indexOf('/', start);
      end = end < 0 ? topic.length() : end;
      if (!level.equals("+") && !levelEquals(topic, start, end, level)) {
        return false;
      }
      start = end + 1;
    }
    return start > topic.length();
  }

  /// Whether every topic of another filter belongs to this one, too. Allocates nothing.
  public boolean covers(TopicFilter other) {
    if (isExact) {
      return other.isExact && text.equals(other.text);
    }
    if (other.isExact) {
      return test(other.text);
    }
    if (isRooted() != other.isRooted()) {
      // A wildcard at the front: whatever has none may be under `$`, and the reverse is wider.
      return !isRooted() && !other.text.startsWith("$") && coversFrom(other);
    }
    return coversFrom(other);
  }

  /// Whether the first level is a name.
  private boolean isRooted() {
    return !levels[0].equals("+") && !levels[0].equals("#");
  }

  private boolean coversFrom(TopicFilter other) {
    for (int i = 0; ; i++) {
      if (i < levels.length && levels[i].equals("#")) {
        return true;
      }
      if (i == levels.length || i == other.levels.length) {
        return levels.length == other.levels.length;
      }
      String theirs = other.levels[i];
      if (theirs.equals("#")) {
        // At the root `#` has at least one level, so that `+/#` is the same set.
        return i == 0 && levels[0].equals("+") && levels.length == 2 && levels[1].equals("#");
      }
      if (!levels[i].equals("+") && !levels[i].equals(theirs)) {
        return false;
      }
    }
  }

  /// Whether some topic belongs to both filters. Allocates nothing.
  public boolean intersects(TopicFilter other) {
    if (isExact) {
      return other.test(text);
    }
    if (other.isExact) {
      return test(other.text);
    }
    if (isRooted() != other.isRooted() && (isRooted() ? text : other.text).startsWith("$")) {
      return false;
    }
    for (int i = 0; ; i++) {
      boolean isOver = i == levels.length;
      boolean isOtherOver = i == other.levels.length;
      boolean isRest = !isOver && levels[i].equals("#");
      if (isRest || (!isOtherOver && other.levels[i].equals("#"))) {
        return true;
      }
      if (isOver || isOtherOver) {
        return isOver && isOtherOver;
      }
      String theirs = other.levels[i];
      if (!levels[i].equals("+") && !theirs.equals("+") && !levels[i].equals(theirs)) {
        return false;
      }
    }
  }

  private static boolean levelEquals(String topic, int start, int end, String level) {
    return end - start == level.length() && topic.startsWith(level, start);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TopicFilter that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
