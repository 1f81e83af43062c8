package dev.weir.edge.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ScrapeScheduleTest {
  private static final long INTERVAL_MICROS = 15_000_000;

  @Test
  void comesOnceAnIntervalAtItsPhase() {
    ScrapeSchedule schedule = new ScrapeSchedule(INTERVAL_MICROS, 2_000_000);

    assertThat(schedule.delayMicros(0)).isEqualTo(2_000_000);
    assertThat(schedule.delayMicros(1_999_999)).isEqualTo(1);
    assertThat(schedule.delayMicros(2_000_000)).isEqualTo(INTERVAL_MICROS);
    assertThat(schedule.delayMicros(2_000_001)).isEqualTo(INTERVAL_MICROS - 1);
  }

  @Test
  void passesOverWhatASlowScrapeMissed() {
    ScrapeSchedule schedule = new ScrapeSchedule(INTERVAL_MICROS, 0);

    assertThat(schedule.delayMicros(3 * INTERVAL_MICROS + 1)).isEqualTo(INTERVAL_MICROS - 1);
  }

  @Test
  void spreadsTargetsOverTheInterval() {
    int[] perTenth = new int[10];
    IntStream.range(0, 1000)
        .mapToObj(i -> "http://10.0.%d.%d:9100/metrics".formatted(i / 250, i % 250))
        .map(target -> ScrapeSchedule.of(target, INTERVAL_MICROS))
        .forEach(schedule -> perTenth[(int) (schedule.phaseMicros() * 10 / INTERVAL_MICROS)]++);

    assertThat(Arrays.stream(perTenth).boxed().toList())
        .allSatisfy(count -> assertThat(count).isBetween(60, 140));
    assertThat(ScrapeSchedule.of("a", INTERVAL_MICROS))
        .isEqualTo(ScrapeSchedule.of("a", INTERVAL_MICROS));
  }
}
