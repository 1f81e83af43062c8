package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.WeirException;
import dev.weir.message.TopicFilter;
import dev.weir.testkit.Seeds;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PermissionsTest {
  private static final List<String> NAMES = List.of("a", "b", "anna", "other");
  private static final List<String> TOPICS = topics();

  private static Permissions of(String user, Rule... rules) {
    return Permissions.of(
        user,
        IntStream.range(0, rules.length)
            .mapToObj(i -> new Permissions.Placed(rules[i], "user " + user + ", rule " + (i + 1)))
            .toList());
  }

  @Test
  void deniesWhatNoRuleAllows() {
    Decision decision = of("anna").decide(Action.PUBLISH, "a");

    assertThat(decision.isAllowed()).isFalse();
    assertThat(decision.reason()).contains("no rule allows it");
  }

  @Test
  void namesTheRuleThatDecided() {
    Permissions permissions =
        of(
            "anna",
            Rule.allow(Set.of(Action.PUBLISH, Action.SUBSCRIBE), "a/#"),
            Rule.deny(Set.of(Action.PUBLISH), "a/secret"));

    assertThat(permissions.decide(Action.PUBLISH, "a/b"))
        .isEqualTo(new Decision(true, "user anna, rule 1: allow publish,subscribe topic a/#"));
    assertThat(permissions.decide(Action.PUBLISH, "a/secret"))
        .isEqualTo(new Decision(false, "user anna, rule 2: deny publish topic a/secret"));
    assertThat(permissions.decide(Action.SUBSCRIBE, "a/secret").isAllowed()).isTrue();
    assertThat(permissions.decide(Action.HISTORY, "a/b").isAllowed()).isFalse();
  }

  @Test
  void refusesAFilterWiderThanThePermissionAndSaysWhichPatternIsAllowed() {
    Permissions permissions = of("anna", Rule.allow(Set.of(Action.SUBSCRIBE), "a/+/c"));

    assertThat(permissions.decide(Action.SUBSCRIBE, TopicFilter.parse("a/b/c")).isAllowed())
        .isTrue();
    Decision wide = permissions.decide(Action.SUBSCRIBE, TopicFilter.parse("a/#"));
    assertThat(wide.isAllowed()).isFalse();
    assertThat(wide.reason()).contains("'a/#' is wider").contains("only 'a/+/c' is");
  }

  @Test
  void refusesAFilterThatADenialMeetsInPart() {
    Permissions permissions =
        of(
            "anna",
            Rule.allow(Set.of(Action.SUBSCRIBE), "a/#"),
            Rule.deny(Set.of(Action.SUBSCRIBE), "a/secret/#"));

    Decision decision = permissions.decide(Action.SUBSCRIBE, TopicFilter.parse("a/#"));
    assertThat(decision.isAllowed()).isFalse();
    assertThat(decision.reason()).contains("a/secret/#");
    assertThat(permissions.decide(Action.SUBSCRIBE, TopicFilter.parse("a/b/#")).isAllowed())
        .isTrue();
  }

  @Test
  void putsTheUsersNameIntoPatterns() {
    Rule own = Rule.allow(EnumSet.allOf(Action.class), "users/%u/#");

    assertThat(of("anna", own).decide(Action.PUBLISH, "users/anna/x").isAllowed()).isTrue();
    assertThat(of("anna", own).decide(Action.PUBLISH, "users/bert/x").isAllowed()).isFalse();
  }

  @Test
  void letsNoUsersNameReachBeyondItsLevel() {
    Rule own = Rule.allow(EnumSet.allOf(Action.class), "users/%u/#");

    for (String name : List.of("+", "#", "a/b", "$weir", "a\nb", "anna/#")) {
      Permissions permissions = of(name, own);
      assertThat(permissions.decide(Action.PUBLISH, "users/anna/x").isAllowed()).isFalse();
      assertThat(permissions.decide(Action.PUBLISH, "users/a/b/x").isAllowed()).isFalse();
    }
  }

  @Test
  void keepsWeirsOwnTopicsFromWildcardsAtTheFront() {
    Permissions everything = of("anna", Rule.allow(EnumSet.allOf(Action.class), "#"));

    assertThat(everything.decide(Action.MANAGE, "$weir/stats").isAllowed()).isFalse();
    assertThat(everything.decide(Action.CONSUME, Rule.queuePattern("jobs")).isAllowed()).isFalse();
  }

  @Test
  void refusesPatternsThatAreNone() {
    assertThatThrownBy(() -> Rule.allow(Set.of(Action.PUBLISH), "a/#/b"))
        .isInstanceOf(WeirException.class);
    assertThatThrownBy(() -> Rule.allow(Set.of(), "a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// The reference: a topic is allowed when no denial holds it and an allowance does; a filter when
  /// every topic of it is, by one allowance.
  @Test
  void decidesAsTheReferenceDoes() {
    RandomGenerator random = Seeds.random("decidesAsTheReferenceDoes");
    for (int round = 0; round < 1_500; round++) {
      Rule[] rules =
          Stream.generate(() -> rule(random)).limit(random.nextInt(6)).toArray(Rule[]::new);
      Permissions permissions = of("anna", rules);
      for (Action action : List.of(Action.PUBLISH, Action.SUBSCRIBE)) {
        String topic = TOPICS.get(random.nextInt(TOPICS.size()));
        boolean isAllowed = any(rules, action, true, topic) && !any(rules, action, false, topic);
        assertThat(permissions.decide(action, topic).isAllowed())
            .as(List.of(rules) + " " + action + " " + topic)
            .isEqualTo(isAllowed);

        TopicFilter filter = TopicFilter.parse(pattern(random).replace("%u", "anna"));
        List<String> matched = TOPICS.stream().filter(filter).toList();
        boolean isOneCovering =
            Stream.of(rules)
                .anyMatch(rule ->
                    matched.stream().allMatch(t -> any(new Rule[] {rule}, action, true, t)));
        boolean isDenied = matched.stream().anyMatch(t -> any(rules, action, false, t));
        assertThat(permissions.decide(action, filter).isAllowed())
            .as(List.of(rules) + " " + action + " " + filter)
            .isEqualTo(isOneCovering && !isDenied);
      }
    }
  }

  private static boolean any(Rule[] rules, Action action, boolean isAllowing, String topic) {
    return Stream.of(rules)
        .anyMatch(rule ->
            rule.isAllowing() == isAllowing
                && rule.actions().contains(action)
                && TopicFilter.parse(rule.pattern().replace("%u", "anna")).test(topic));
  }

  private static Rule rule(RandomGenerator random) {
    Set<Action> actions =
        switch (random.nextInt(3)) {
          case 0 -> Set.of(Action.PUBLISH);
          case 1 -> Set.of(Action.SUBSCRIBE);
          default -> Set.of(Action.PUBLISH, Action.SUBSCRIBE);
        };
    return new Rule(random.nextInt(4) > 0, actions, pattern(random));
  }

  private static String pattern(RandomGenerator random) {
    int count = random.nextInt(1, 4);
    List<String> levels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> names = i == 0 ? List.of("a", "b", "$q") : List.of("a", "b", "%u");
      int choice = random.nextInt(5);
      levels.add(choice < 3 ? names.get(choice) : choice == 4 && i == count - 1 ? "#" : "+");
    }
    return String.join("/", levels);
  }

  private static List<String> topics() {
    List<String> all = new ArrayList<>();
    List<String> last = List.of("a", "b", "anna", "other", "$q", "$other");
    for (int level = 1; level <= 4; level++) {
      all.addAll(last);
      List<String> next = new ArrayList<>();
      last.forEach(topic -> NAMES.forEach(name -> next.add(topic + "/" + name)));
      last = next;
    }
    return all;
  }
}
