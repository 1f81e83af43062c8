package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weir.testkit.Seeds;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private static final long MILLIS = 1_000_000;

  @Test
  void doublesTheCeilingUpToTheCap() {
    assertThat(Backoff.STANDARD.ceilingNanos(0)).isEqualTo(100 * MILLIS);
    assertThat(Backoff.STANDARD.ceilingNanos(1)).isEqualTo(200 * MILLIS);
    assertThat(Backoff.STANDARD.ceilingNanos(5)).isEqualTo(3_200 * MILLIS);
    assertThat(Backoff.STANDARD.ceilingNanos(6)).isEqualTo(5_000 * MILLIS);
    assertThat(Backoff.STANDARD.ceilingNanos(Integer.MAX_VALUE)).isEqualTo(5_000 * MILLIS);
  }

  @Test
  void drawsFromTheWholeRangeUnderTheCeiling() {
    RandomGenerator random = Seeds.random("BackoffTest");
    for (int attempt = 0; attempt < 12; attempt++) {
      long ceilingNanos = Backoff.STANDARD.ceilingNanos(attempt);
      long sumNanos = 0;
      for (int draw = 0; draw < 1_000; draw++) {
        long delayNanos = Backoff.STANDARD.delayNanos(attempt, random);
        assertThat(delayNanos).isBetween(0L, ceilingNanos);
        sumNanos += delayNanos;
      }
      // The mean of 1,000 uniform draws is off by more than a tenth once in a million runs or so.
      assertThat((double) sumNanos / 1_000).isBetween(0.45 * ceilingNanos, 0.55 * ceilingNanos);
    }
  }

  @Test
  void refusesACapBelowTheBase() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(10, 9));
    assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(0, 9));
  }
}
