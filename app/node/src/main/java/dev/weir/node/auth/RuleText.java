package dev.weir.node.auth;

import dev.weir.auth.Action;
import dev.weir.auth.Rule;
import dev.weir.base.WeirException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Rules as people write them: `allow publish,subscribe topic sensors/#`, `deny all queue jobs`.
public final class RuleText {
  /// Every action.
  public static final String ALL = "all";

  private static final List<String> KINDS = List.of("topic", "queue", "bucket");

  private RuleText() {}

  /// Reads a rule.
  ///
  /// @throws IllegalArgumentException saying what was expected
  public static Rule parse(String text) {
    return parse(List.of(text.strip().split("\\s+")));
  }

  /// Reads a rule of four words.
  ///
  /// @throws IllegalArgumentException saying what was expected
  public static Rule parse(List<String> words) {
    if (words.size() == 3 && KINDS.contains(words.get(2))) {
      throw new IllegalArgumentException(
          "a pattern behind '" + words.get(2) + "' (quote a rule whose pattern is #: '…')");
    }
    if (words.size() != 4) {
      throw new IllegalArgumentException("allow|deny ACTIONS topic|queue|bucket PATTERN");
    }
    boolean isAllowing =
        switch (words.get(0).toLowerCase(Locale.ROOT)) {
          case "allow" -> true;
          case "deny" -> false;
          default -> throw new IllegalArgumentException("allow or deny first");
        };
    Set<Action> actions = actions(words.get(1));
    String pattern =
        switch (words.get(2)) {
          case "topic" -> words.get(3);
          case "queue" -> Rule.queuePattern(words.get(3));
          case "bucket" -> Rule.bucketPattern(words.get(3));
          default ->
              throw new IllegalArgumentException("topic, queue or bucket before the pattern");
        };
    try {
      return new Rule(isAllowing, actions, pattern);
    } catch (WeirException e) {
      throw new IllegalArgumentException("a pattern that is a filter: " + e.getMessage(), e);
    }
  }

  private static Set<Action> actions(String text) {
    if (text.equals(ALL)) {
      return EnumSet.allOf(Action.class);
    }
    Set<Action> actions = EnumSet.noneOf(Action.class);
    for (String label : text.split(",", -1)) {
      actions.add(
          Action.of(label)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "actions of " + String.join(",", Action.labels()) + ", or all")));
    }
    return actions;
  }
}
