package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class AnnouncementsTest {
  private record Told(int whom, int partition, long firstOffset, long lastOffset) {}

  private final List<Told> told = new ArrayList<>();
  private final Announcements<Integer> announcements =
      new Announcements<>(
          (whom, partition, first, last, _) -> told.add(new Told(whom, partition, first, last)));

  private static List<Integer> people(int from, int count) {
    return IntStream.range(from, from + count).boxed().toList();
  }

  @Test
  void tellsOthersAfterOneSliceOfTheCrowd() {
    announcements.announce(people(0, 100_000), "wide", 0, 0, 0);
    announcements.announce(List.of(-1), "other", 0, 1, 1);

    assertThat(told).hasSize(Announcements.SLICE + 1);
    assertThat(told.getLast()).isEqualTo(new Told(-1, 0, 1, 1));
    assertThat(announcements.toldUpTo(0, 2)).isZero();
    assertThat(announcements.toldUpTo(1, 7)).isEqualTo(7);
  }

  @Test
  void tellsTheWholeCrowd() {
    announcements.announce(people(0, 1_000), "wide", 0, 0, 9);
    while (!announcements.isEmpty()) {
      announcements.tellSome();
    }

    assertThat(told).extracting(Told::whom).isEqualTo(people(0, 1_000));
    assertThat(announcements.toldUpTo(0, 10)).isEqualTo(10);
  }

  @Test
  void putsTogetherWhatACrowdWasNotToldYet() {
    List<Integer> crowd = people(0, 1_000);
    for (int i = 0; i < 100; i++) {
      announcements.announce(crowd, "wide", 0, i, i);
    }
    while (!announcements.isEmpty()) {
      announcements.tellSome();
    }

    assertThat(told).hasSize(2_000);
    assertThat(told.getLast()).isEqualTo(new Told(999, 0, 1, 99));
  }

  /// What a subscription makes of it, whenever it looks and however much it delivers then: it never
  /// passes over what it wants, and sleeps only when it has had everything it was told of.
  @RepeatedTest(20)
  void neverLetsAnybodyPassOverWhatMatches() {
    RandomGenerator random = Seeds.random("AnnouncementsTest");
    List<List<Integer>> crowds =
        List.of(people(0, 900), people(300, 20), people(0, 5), people(200, 400));
    List<MatchSignals> signals = people(0, 900).stream().map(_ -> new MatchSignals(1)).toList();
    Announcements<Integer> tail =
        new Announcements<>(
            (whom, partition, first, last, _) -> signals.get(whom).tell(partition, first, last));
    List<List<Integer>> log = new ArrayList<>();
    long[] positions = new long[900];
    boolean[] mayJump = new boolean[900];
    for (int step = 0; step < 4_000; step++) {
      if (random.nextInt(4) == 0) {
        List<Integer> crowd = crowds.get(random.nextInt(crowds.size()));
        tail.announce(crowd, "t", 0, log.size(), log.size());
        log.add(crowd);
      } else {
        tail.tellSome();
      }
      int who = random.nextInt(random.nextBoolean() ? 900 : 320);
      MatchSignals own = signals.get(who);
      long from = positions[who];
      long toldUpTo = tail.toldUpTo(0, log.size());
      long to = from;
      if (mayJump[who]) {
        to = Math.max(to, Math.min(own.first(0), toldUpTo));
        mayJump[who] = false;
      }
      if (own.isNothingFrom(0, to)) {
        to = Math.max(to, toldUpTo);
      }
      for (long offset = from; offset < to; offset++) {
        assertThat(log.get((int) offset)).as("%d of %d", offset, who).doesNotContain(who);
      }
      while (to < log.size() && !log.get((int) to).contains(who)) {
        to++; // It looks on,
      }
      positions[who] = Math.min(log.size(), to + 1); // and delivers one.
      if (own.isNothingFrom(0, positions[who])) {
        own.forget(0);
        mayJump[who] = true;
      }
    }
  }
}
