package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Filters as sets, compared with the sets themselves: every topic of up to five levels over a few
/// names, of which filters use some and leave others alone.
final class FilterSetsTest {
  private static final List<String> NAMES = List.of("a", "b", "", "other");
  private static final List<String> ROOTS = List.of("a", "b", "", "other", "$w", "$other");
  private static final int MAX_FILTER_LEVELS = 4;
  private static final List<String> TOPICS = topics();

  @ParameterizedTest(name = "{0} covers {1}: {2}")
  @CsvSource({
    "'#', '#', true",
    "'#', a/+/b, true",
    "'#', $weir/loss, false",
    "'#', $weir/#, false",
    "+/#, '#', true",
    "'#', +/#, true",
    "a/#, a, true",
    "a/#, a/#, true",
    "a/#, a/+, true",
    "a/#, '#', false",
    "a/#, +/b, false",
    "a/+, a/#, false",
    "a/+, a/+, true",
    "a/+, a/b, true",
    "a/+/#, a/#, false",
    "+/b, $weir/b, false",
    "$weir/#, $weir/+, true",
    "$weir/#, '#', false",
  })
  void tellsWhichFilterIsWider(String wide, String narrow, boolean isCovered) {
    assertThat(TopicFilter.parse(wide).covers(TopicFilter.parse(narrow))).isEqualTo(isCovered);
  }

  @Test
  void coversAndIntersectsAsTheSetsOfTheirTopicsDo() {
    RandomGenerator random = Seeds.random("coversAndIntersectsAsTheSetsOfTheirTopicsDo");
    for (int i = 0; i < 4_000; i++) {
      TopicFilter one = filter(random);
      TopicFilter other = filter(random);

      boolean isCovered = TOPICS.stream().filter(other).allMatch(one);
      boolean isShared = TOPICS.stream().filter(other).anyMatch(one);

      assertThat(one.covers(other)).as(one + " covers " + other).isEqualTo(isCovered);
      assertThat(one.intersects(other)).as(one + " intersects " + other).isEqualTo(isShared);
    }
  }

  private static TopicFilter filter(RandomGenerator random) {
    int count = random.nextInt(1, MAX_FILTER_LEVELS + 1);
    List<String> levels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> names = i == 0 ? List.of("a", "b", "$w", "") : List.of("a", "b", "");
      int choice = random.nextInt(names.size() + 3);
      if (choice < names.size()) {
        levels.add(names.get(choice));
      } else {
        levels.add(choice > names.size() && i == count - 1 ? "#" : "+");
      }
    }
    String text = String.join("/", levels);
    return text.isEmpty() ? TopicFilter.ALL : TopicFilter.parse(text);
  }

  private static List<String> topics() {
    List<String> all = new ArrayList<>();
    List<String> last = ROOTS;
    for (int level = 1; level <= MAX_FILTER_LEVELS + 1; level++) {
      List<String> next = new ArrayList<>();
      for (String topic : last) {
        all.add(topic); // The empty name, too: no topic, but `/#` counts it as its own.
        NAMES.forEach(name -> next.add(topic + "/" + name));
      }
      last = next;
    }
    return all;
  }
}
