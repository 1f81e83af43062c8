package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.Seeds;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The cases of MQTT 5.0 §4.7, and a second matcher to compare with.
final class TopicFilterTest {
  @ParameterizedTest(name = "{0} against {1}: {2}")
  @CsvSource({
    // §4.7.1.2, multi-level
    "sport/tennis/player1/#, sport/tennis/player1, true",
    "sport/tennis/player1/#, sport/tennis/player1/ranking, true",
    "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
    "sport/tennis/player1/#, sport/tennis/player2, false",
    "sport/tennis/player1/#, sport/tennis/player10, false",
    "sport/#, sport, true",
    "sport/#, sport/, true",
    "sport/#, sports, false",
    "'#', a, true",
    "'#', /a, true",
    "'#', a/b/c, true",
    // §4.7.1.3, single level
    "sport/tennis/+, sport/tennis/player1, true",
    "sport/tennis/+, sport/tennis/player1/ranking, false",
    "sport/+, sport, false",
    "sport/+, sport/, true",
    "+/+, /finance, true",
    "/+, /finance, true",
    "+, /finance, false",
    "+, a, true",
    "+/tennis/#, sport/tennis, true",
    "+/tennis/#, a/b/tennis, false",
    "sport/+/player1, sport/tennis/player1, true",
    "sport/+/player1, sport/player1, false",
    "+/+/#, a/b, true",
    "+/+/#, a, false",
    // §4.7.2, names that begin with $
    "'#', $SYS/uptime, false",
    "+/monitor/clients, $SYS/monitor/clients, false",
    "+, $SYS, false",
    "$SYS/#, $SYS/uptime, true",
    "$SYS/#, $SYS, true",
    "$SYS/monitor/+, $SYS/monitor/clients, true",
    "a/#, a/$b, true",
    "a/+, a/$b, true",
    // §4.7.3, semantics
    "ACCOUNTS, Accounts, false",
    "a//b, a//b, true",
    "a//b, a/b, false",
    "a/+/b, a//b, true",
    "/a, a, false",
    "a/, a, false",
    "'a b/ü', 'a b/ü', true",
    "a/b/c, a/b/c/, false"
  })
  void matchesAsMqttSays(String filter, String topic, boolean isMatch) {
    assertThat(TopicFilter.parse(filter).test(topic)).isEqualTo(isMatch);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "sport/tennis#", "sport/tennis/#/ranking", "sport+", "a/+b", "#/", "##"})
  void refusesWhatMqttRefuses(String filter) {
    assertThatThrownBy(() -> TopicFilter.parse(filter))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_TOPIC));
  }

  @Test
  void agreesWithARegularExpressionOnRandomNames() {
    RandomGenerator random = Seeds.random("TopicFilterTest");

    for (int i = 0; i < 50_000; i++) {
      String filter = name(random, new String[] {"a", "b", "", "+", "$s"});
      filter = random.nextInt(3) == 0 ? filter + "/#" : filter;
      String topic = name(random, new String[] {"a", "b", "", "$s"});
      if (filter.isEmpty() || topic.isEmpty()) {
        continue;
      }
      boolean expected = regex(filter).matcher(topic).matches();
      expected &= !topic.startsWith("$") || filter.startsWith("$");
      assertThat(TopicFilter.parse(filter).test(topic))
          .as(filter + " " + topic)
          .isEqualTo(expected);
    }
  }

  @Test
  void isEqualByItsText() {
    assertThat(TopicFilter.parse("a/+")).isEqualTo(TopicFilter.parse("a/+"));
    assertThat(TopicFilter.parse("a/+")).hasSameHashCodeAs(TopicFilter.parse("a/+"));
    assertThat(TopicFilter.parse("a/+")).isNotEqualTo(TopicFilter.parse("a/b"));
    assertThat(TopicFilter.parse("a/+")).hasToString("a/+");
  }

  private static String name(RandomGenerator random, String[] levels) {
    StringBuilder name = new StringBuilder();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      name.append(i == 0 ? "" : "/").append(levels[random.nextInt(levels.length)]);
    }
    return name.toString();
  }

  private static Pattern regex(String filter) {
    boolean hasTail = filter.endsWith("/#");
    String front = hasTail ? filter.substring(0, filter.length() - 2) : filter;
    String regex = front.replace("$", "\\$").replace("+", "[^/]*");
    return Pattern.compile(hasTail ? regex + "(/.*)?" : regex);
  }
}
