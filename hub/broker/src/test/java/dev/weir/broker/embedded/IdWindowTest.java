package dev.weir.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.testkit.Seeds;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class IdWindowTest {
  private static final long WINDOW_MICROS = 1_000;

  private final IdHash.Hasher hasher = new IdHash.Hasher();
  private final IdWindow window = new IdWindow(3_000, WINDOW_MICROS);

  private IdHash id(String text) {
    return hasher.hash(Bytes.utf8(text));
  }

  @Test
  void findsWhatWasAdded() {
    window.add(id("a"), 3, 42, 100);

    long position = window.find(id("a"), 200);

    assertThat(position).isNotNegative();
    assertThat(window.offset(position)).isEqualTo(42);
    assertThat(window.partition(position)).isEqualTo(3);
    assertThat(window.find(id("b"), 200)).isNegative();
  }

  @Test
  void forgetsAfterTheWindow() {
    window.add(id("a"), 0, 1, 100);

    assertThat(window.find(id("a"), 100 + WINDOW_MICROS)).isNotNegative();
    assertThat(window.find(id("a"), 101 + WINDOW_MICROS)).isNegative();

    window.add(id("b"), 0, 2, 5_000);
    assertThat(window.size()).isEqualTo(1);
  }

  @Test
  void takesAnIdAgainAfterItsWindow() {
    window.add(id("a"), 0, 1, 100);
    window.add(id("a"), 0, 9, 100 + WINDOW_MICROS + 1);

    assertThat(window.offset(window.find(id("a"), 1_200))).isEqualTo(9);
  }

  @Test
  void forgetsTheOldestWhenThereAreTooMany() {
    for (int i = 0; i < 3_001; i++) {
      window.add(id("id-" + i), 0, i, 100);
    }

    assertThat(window.size()).isEqualTo(3_000);
    assertThat(window.find(id("id-0"), 100)).isNegative();
    assertThat(window.find(id("id-1"), 100)).isNotNegative();
    assertThat(window.find(id("id-3000"), 100)).isNotNegative();
  }

  @Test
  void agreesWithAPlainMap() {
    RandomGenerator random = Seeds.random("IdWindowTest");
    Map<IdHash, long[]> model = new HashMap<>();
    ArrayDeque<IdHash> order = new ArrayDeque<>();
    long now = 0;
    for (int i = 0; i < 60_000; i++) {
      now += random.nextInt(2);
      while (!order.isEmpty() && now - entry(model, order.getFirst())[1] > WINDOW_MICROS) {
        model.remove(order.removeFirst());
      }
      IdHash id = id("id-" + random.nextInt(4_000));
      long position = window.find(id, now);
      long[] known = model.get(id);
      assertThat(position >= 0).as("step %d", i).isEqualTo(known != null);
      if (known != null) {
        assertThat(window.offset(position)).isEqualTo(known[0]);
        continue;
      }
      window.add(id, 0, i, now);
      model.put(id, new long[] {i, now});
      order.addLast(id);
      if (order.size() > 3_000) {
        model.remove(order.removeFirst());
      }
    }
    window.expire(now);
    assertThat(window.size()).isEqualTo(model.size());
  }

  private static long[] entry(Map<IdHash, long[]> model, IdHash id) {
    long[] entry = model.get(id);
    assertThat(entry).isNotNull();
    return entry == null ? new long[2] : entry;
  }
}
