package dev.weir.broker.retained;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class TopicIndexTest {
  private static final String[] LEVELS = {"a", "ab", "b", "ü", "漢", "site", "sites", "x y", "😀"};

  private final TopicIndex index = new TopicIndex();

  private static String topic(RandomGenerator random) {
    StringBuilder topic = new StringBuilder(LEVELS[random.nextInt(LEVELS.length)]);
    for (int i = random.nextInt(4); i > 0; i--) {
      topic.append('/').append(LEVELS[random.nextInt(LEVELS.length)]).append(random.nextInt(20));
    }
    return topic.toString();
  }

  private List<String> walk(String prefix, String after) {
    List<String> seen = new ArrayList<>();
    index.walk(prefix, after, (topic, value) -> seen.add(topic + "=" + value));
    return seen;
  }

  @RepeatedTest(20)
  void isAMapInTheOrderOfBytes() {
    RandomGenerator random = Seeds.random("TopicIndexTest");
    Map<String, Long> model =
        new TreeMap<>((a, b) ->
            Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
    for (int i = 0; i < 3_000; i++) {
      String topic = topic(random);
      if (random.nextInt(3) == 0) {
        assertThat(index.remove(topic)).isEqualTo(model.remove(topic) != null);
      } else {
        long value = random.nextLong(Long.MAX_VALUE);
        index.put(topic, value);
        model.put(topic, value);
      }
      assertThat(index.size()).isEqualTo(model.size());
    }

    model.forEach((topic, value) -> assertThat(index.get(topic)).isEqualTo(value));
    for (int i = 0; i < 200; i++) {
      String prefix = i == 0 ? "" : topic(random);
      String after = random.nextBoolean() ? "" : topic(random);
      List<String> expected = new ArrayList<>();
      model.forEach((topic, value) -> {
        boolean isBehind =
            Arrays.compareUnsigned(
                    topic.getBytes(StandardCharsets.UTF_8), after.getBytes(StandardCharsets.UTF_8))
                > 0;
        if (topic.startsWith(prefix) && isBehind) {
          expected.add(topic + "=" + value);
        }
      });
      assertThat(walk(prefix, after)).isEqualTo(expected);
      assertThat(index.get(prefix)).isEqualTo(model.getOrDefault(prefix, TopicIndex.ABSENT));
    }
  }

  @Test
  void holdsTopicsOfEveryLength() {
    for (int length = 1; length <= 1_024; length++) {
      index.put("y".repeat(length), length);
    }

    for (int length = 1; length <= 1_024; length++) {
      assertThat(index.get("y".repeat(length))).isEqualTo(length);
    }
  }

  @Test
  void takesThirtyBytesATopic() {
    for (int i = 0; i < 100_000; i++) {
      index.put(String.format("site/%03d/device/%04d/temp", i % 100, i / 100), i);
    }

    assertThat(index.size()).isEqualTo(100_000);
    assertThat(index.bytes()).isLessThan(30L * 100_000);
    assertThat(index.get("site/050/device/0999/temp")).isEqualTo(99_950);
    assertThat(walk("site/050/", "").size()).isEqualTo(1_000);
  }

  @Test
  void stopsWhereAVisitorHasEnough() {
    index.put("a", 1);
    index.put("b", 2);
    List<String> seen = new ArrayList<>();

    index.walk(
        "",
        "",
        (topic, value) -> {
          seen.add(topic);
          return false;
        });

    assertThat(seen).containsExactly("a");
  }
}
