package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class TurnQueueTest {
  @Test
  void goesThroughTheGroupsInTurn() {
    TurnQueue<String> queue = new TurnQueue<>();
    for (int i = 0; i < 4; i++) {
      queue.add("crowd", "c" + i);
    }
    queue.add("a", "a0");
    queue.add("b", "b0");
    queue.add("a", "a1");

    assertThat(all(queue)).containsExactly("c0", "a0", "b0", "c1", "a1", "c2", "c3");
    assertThat(queue.next()).isNull();
    assertThat(queue.isEmpty()).isTrue();
  }

  private static List<String> all(TurnQueue<String> queue) {
    List<String> order = new ArrayList<>();
    for (String next = queue.next(); next != null; next = queue.next()) {
      order.add(next);
    }
    return order;
  }

  /// Somebody who waits.
  private record Waiting(String group, int number, int before) {}

  /// However groups come and go: who waits is passed by nobody of its own group, and of each other
  /// group by one more than it waits for turns of its own.
  @RepeatedTest(20)
  void nobodyWaitsForACrowd() {
    RandomGenerator random = Seeds.random("TurnQueueTest");
    TurnQueue<Waiting> queue = new TurnQueue<>();
    List<Waiting> served = new ArrayList<>();
    Map<Waiting, Integer> servedBefore = new HashMap<>();
    Map<String, Integer> lengths = new HashMap<>();
    int added = 0;
    while (added < 3_000 || !queue.isEmpty()) {
      if (added < 3_000 && random.nextInt(5) < 3) {
        // Most of them in one group.
        String group = random.nextInt(4) > 0 ? "crowd" : "g" + random.nextInt(10);
        Waiting who = new Waiting(group, added++, lengths.getOrDefault(group, 0));
        servedBefore.put(who, served.size());
        lengths.merge(group, 1, Integer::sum);
        queue.add(group, who);
        continue;
      }
      Waiting next = queue.next();
      if (next == null) {
        continue;
      }
      lengths.merge(next.group(), -1, Integer::sum);
      Map<String, Integer> passing = new HashMap<>();
      for (Waiting each : served.subList(servedBefore.getOrDefault(next, 0), served.size())) {
        passing.merge(each.group(), 1, Integer::sum);
      }
      assertThat(passing.getOrDefault(next.group(), 0)).isEqualTo(next.before());
      assertThat(passing.values()).allMatch(turns -> turns <= next.before() + 1);
      served.add(next);
    }
    assertThat(served).hasSize(3_000);
  }
}
