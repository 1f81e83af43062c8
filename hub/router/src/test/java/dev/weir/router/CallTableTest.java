package dev.weir.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class CallTableTest {
  private final CallTable table = new CallTable();

  @Test
  void doesWhatAMapDoes() {
    RandomGenerator random = Seeds.random("CallTable", Seeds.seed());
    Map<Integer, Integer> model = new HashMap<>();
    for (int step = 0; step < 100_000; step++) {
      int mid = 1 + random.nextInt(500) * (random.nextBoolean() ? 1 : 1 << 20);
      if (random.nextInt(3) == 0) {
        table.remove(mid);
        model.remove(mid);
      } else {
        int link = random.nextInt(1000);
        assertThat(table.add(mid, link, CallTable.NEVER)).isEqualTo(!model.containsKey(mid));
        model.putIfAbsent(mid, link);
      }
      assertThat(table.linkOf(mid)).isEqualTo(model.getOrDefault(mid, -1));
      assertThat(table.count()).isEqualTo(model.size());
    }
    model.forEach((mid, link) -> assertThat(table.linkOf(mid)).isEqualTo(link));
  }

  @Test
  void keepsFlagsAndDeadlines() {
    table.add(-5, 1, 100);
    table.add(6, 2, CallTable.NEVER);
    table.add(7, 1, 200);
    table.set(-5, CallTable.SENT);
    List<Integer> found = new ArrayList<>();

    table.forEachOverdue(150, found::add);
    assertThat(found).containsExactly(-5);
    assertThat(table.is(-5, CallTable.SENT)).isTrue();
    assertThat(table.is(7, CallTable.SENT)).isFalse();

    found.clear();
    table.forEachOf(
        1,
        mid -> {
          found.add(mid);
          table.remove(mid);
        });
    assertThat(found).containsExactlyInAnyOrder(-5, 7);
    assertThat(table.hasDeadlines()).isFalse();
    assertThat(table.linkOf(0)).isEqualTo(-1);
  }
}
