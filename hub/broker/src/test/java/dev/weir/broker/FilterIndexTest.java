package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.message.TopicFilter;
import dev.weir.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class FilterIndexTest {
  private static final int HISTORIES = 300;
  private static final int STEPS = 120;

  /// Few names and short paths, so that filters meet topics often.
  private static final String[] NAMES = {"a", "b", "", "$sys", "é"};

  private final FilterIndex<Integer> index = new FilterIndex<>();

  private record Added(TopicFilter filter, int value) {}

  @Test
  void findsExactlyWhatTheFiltersThemselvesSay() {
    RandomGenerator random = Seeds.random("FilterIndexTest");

    for (int history = 0; history < HISTORIES; history++) {
      FilterIndex<Integer> tree = new FilterIndex<>();
      List<Added> added = new ArrayList<>();
      for (int step = 0; step < STEPS; step++) {
        change(tree, added, random);
        String topic = path(random, false);
        assertThat(found(tree, topic)).as(topic + " in " + added).isEqualTo(naive(added, topic));
      }
      added.forEach(each -> tree.remove(each.filter(), each.value()));
      assertThat(tree.isEmpty()).isTrue();
    }
  }

  private static void change(FilterIndex<Integer> tree, List<Added> added, RandomGenerator random) {
    if (random.nextInt(3) > 0 || added.isEmpty()) {
      Added fresh = new Added(TopicFilter.parse(path(random, true)), random.nextInt(10));
      added.add(fresh);
      tree.add(fresh.filter(), fresh.value());
    } else {
      Added gone = added.remove(random.nextInt(added.size()));
      tree.remove(gone.filter(), gone.value());
    }
  }

  private static String path(RandomGenerator random, boolean isFilter) {
    StringBuilder path = new StringBuilder();
    int levels = 1 + random.nextInt(4);
    for (int i = 0; i < levels; i++) {
      int kind = isFilter ? random.nextInt(6) : 0;
      if (kind == 5 && i == levels - 1) {
        path.append('#');
      } else {
        path.append(kind == 4 ? "+" : NAMES[random.nextInt(NAMES.length)]);
      }
      path.append(i < levels - 1 ? "/" : "");
    }
    return path.isEmpty() ? "a" : path.toString();
  }

  private static List<Integer> found(FilterIndex<Integer> tree, String topic) {
    List<Integer> found = new ArrayList<>();
    tree.forEachMatch(topic, found::add);
    return found.stream().sorted().toList();
  }

  private static List<Integer> naive(List<Added> added, String topic) {
    return added.stream()
        .filter(each -> each.filter().test(topic))
        .map(Added::value)
        .sorted()
        .toList();
  }

  @Test
  void takesBackOneOfTwoEqualAdditions() {
    TopicFilter filter = TopicFilter.parse("plant/+/temperature");
    index.add(filter, 1);
    index.add(filter, 1);

    index.remove(filter, 1);

    assertThat(found(index, "plant/7/temperature")).containsExactly(1);
  }

  @Test
  void leavesOutWhatIsUnknownAndWhatWasNotAdded() {
    index.add(TopicFilter.parse("a/b"), 1);

    index.remove(TopicFilter.parse("a/b/c"), 1);
    index.remove(TopicFilter.parse("a/b"), 2);

    assertThat(found(index, "a/b")).containsExactly(1);
    assertThat(found(index, "a")).isEmpty();
    assertThat(found(index, "a/b/c")).isEmpty();
  }
}
