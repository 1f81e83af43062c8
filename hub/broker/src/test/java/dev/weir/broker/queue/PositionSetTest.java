package dev.weir.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class PositionSetTest {
  private final RandomGenerator random = Seeds.random("PositionSetTest");
  private final PositionSet set = new PositionSet();
  private final TreeSet<Long> expected = new TreeSet<>();

  @Test
  void holdsWhatASortedSetHolds() {
    for (int i = 0; i < 200_000; i++) {
      long position = random.nextInt(3) == 0 ? random.nextInt(40_000) : random.nextInt(3_000_000);
      if (random.nextInt(3) == 0) {
        assertThat(set.remove(position)).isEqualTo(expected.remove(position));
      } else {
        assertThat(set.add(position)).isEqualTo(expected.add(position));
      }
    }

    assertThat(all(set)).isEqualTo(List.copyOf(expected));
    assertThat(set.size()).isEqualTo(expected.size());
    assertThat(set.first(5))
        .containsExactly(expected.stream().limit(5).mapToLong(Long::longValue).toArray());
    for (long position = 0; position < 70_000; position++) {
      assertThat(set.contains(position)).isEqualTo(expected.contains(position));
    }
  }

  @Test
  void isEmptiedFromTheFront() {
    for (long position = 60_000; position < 140_000; position++) {
      set.add(position);
    }
    set.add(PositionSet.MAX_POSITION);

    for (long position = 60_000; position < 140_000; position++) {
      assertThat(set.first()).isEqualTo(position);
      assertThat(set.remove(position)).isTrue();
    }

    assertThat(all(set)).containsExactly(PositionSet.MAX_POSITION);
    set.clear();
    assertThat(set.isEmpty()).isTrue();
    assertThat(set.first()).isEqualTo(-1);
    assertThat(set.first(3)).isEmpty();
  }

  @Test
  void aCopyIsItsOwn() {
    for (long position = 0; position < 10_000; position += 2) {
      set.add(position);
    }
    PositionSet copy = new PositionSet();
    copy.addAll(set);

    copy.remove(4);
    copy.add(5);

    assertThat(set.contains(4)).isTrue();
    assertThat(set.contains(5)).isFalse();
    assertThat(copy.size()).isEqualTo(set.size());
    copy.addAll(set);
    assertThat(copy.size()).isEqualTo(set.size() + 1);
  }

  @Test
  void addsAndRemovesRangesAsIfOneByOne() {
    for (int i = 0; i < 3_000; i++) {
      long first = random.nextInt(300_000);
      long end =
          first
              + switch (random.nextInt(4)) {
                case 0 -> 1;
                case 1 -> random.nextInt(100);
                case 2 -> random.nextInt(5_000);
                default -> 65_536 - first % 65_536;
              };
      boolean isAdding = random.nextBoolean();
      if (isAdding) {
        set.addRange(first, end);
      } else {
        set.removeRange(first, end);
      }
      for (long position = first; position < end; position++) {
        var _ = isAdding ? expected.add(position) : expected.remove(position);
      }
      assertThat(set.size()).isEqualTo(expected.size());
      assertThat(set.first()).isEqualTo(expected.isEmpty() ? -1 : expected.first());
    }

    assertThat(all(set)).isEqualTo(List.copyOf(expected));
    long from = random.nextInt(400_000);
    PositionSet rest = new PositionSet();
    List<Long> ends = new ArrayList<>();
    set.forEachRun(
        from,
        (first, end) -> {
          assertThat(ends).doesNotContain(first); // neighbours come together
          ends.add(end);
          rest.addRange(first, end);
        });
    assertThat(all(rest)).isEqualTo(List.copyOf(expected.tailSet(from)));
    set.removeRange(0, Long.MAX_VALUE);
    assertThat(set.isEmpty()).isTrue();
    assertThat(all(set)).isEmpty();
  }

  private static List<Long> all(PositionSet set) {
    List<Long> found = new ArrayList<>();
    set.forEach(found::add);
    return found;
  }
}
