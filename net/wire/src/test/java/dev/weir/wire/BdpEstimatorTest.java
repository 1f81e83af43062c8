package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BdpEstimatorTest {
  private static final int START = 64 << 10;
  private static final int MAX = 31 << 20;

  private final ManualClock clock = new ManualClock();
  private final BdpEstimator estimator = new BdpEstimator(START, MAX, clock.nanoTime());
  private long received;

  @Test
  void becomesTwiceASampleThatFillsIt() {
    assertThat(sample(60_000, 64)).isTrue();

    assertThat(estimator.windowBytes()).isEqualTo(120_000);
    assertThat(estimator.rttNanos()).isEqualTo(64_000_000);
  }

  @Test
  void doublesUpToItsLimitAndNoFurther() {
    for (int i = 0; i < 20; i++) {
      sample(estimator.windowBytes(), 64);
    }

    assertThat(estimator.windowBytes()).isEqualTo(MAX);
  }

  @Test
  void staysWhereASampleLeavesItAThirdEmpty() {
    assertThat(sample(START / 2, 64)).isFalse();

    assertThat(estimator.windowBytes()).isEqualTo(START);
  }

  /// The same rate over a longer round trip: the window itself has filled a queue.
  @Test
  void doesNotFollowAQueueThatItFillsItself() {
    sample(START, 10);
    assertThat(estimator.windowBytes()).isEqualTo(2 * START);

    assertThat(sample(2 * START, 20)).isTrue();
    sample(2 * START, 20);
    sample(2 * START, 20);

    assertThat(estimator.windowBytes()).isEqualTo(4 * START);
  }

  @Test
  void doesNotBelieveARoundTripThatIsTooShortUntilItComesThreeTimes() {
    sample(1_000, 64);

    assertThat(sample(START, 1)).isFalse();
    assertThat(sample(START, 1)).isFalse();
    assertThat(sample(START, 1)).isTrue();
    assertThat(estimator.rttNanos()).isEqualTo(1_000_000);
  }

  @Test
  void smoothsTheRoundTrip() {
    sample(1_000, 64);
    sample(1_000, 128);

    assertThat(estimator.rttNanos()).isEqualTo(72_000_000);
  }

  @Test
  void measuresOneThingAtATimeAndNotMoreThanAHundredTimesASecond() {
    assertThat(estimator.wantsSample(clock.nanoTime())).isTrue();
    estimator.begin(clock.nanoTime(), 0);
    assertThat(estimator.wantsSample(clock.nanoTime())).isFalse();
    clock.advanceMillis(1);
    estimator.end(clock.nanoTime(), START);

    assertThat(estimator.wantsSample(clock.nanoTime())).isFalse();
    clock.advanceMillis(9);
    assertThat(estimator.wantsSample(clock.nanoTime())).isTrue();
  }

  @Test
  void measuresLessOftenWhatDoesNotFillItAndAgainAfterAPause() {
    for (int i = 0; i < 60; i++) {
      sample(100, 1);
      assertThat(estimator.windowBytes()).isEqualTo(START);
    }
    assertThat(waitForSample()).isGreaterThan(5_000);

    clock.advance(Duration.ofSeconds(2));
    assertThat(estimator.wantsSample(clock.nanoTime())).isTrue();
  }

  @Test
  void halvesAfterThirtySecondsInWhichItWasNotFilled() {
    sample(START, 10);
    sample(2 * START, 10);
    assertThat(estimator.windowBytes()).isEqualTo(4 * START);
    clock.advance(Duration.ofSeconds(30));
    assertThat(estimator.tick(clock.nanoTime())).isFalse();

    clock.advance(Duration.ofSeconds(29));
    assertThat(estimator.tick(clock.nanoTime())).isFalse();
    clock.advance(Duration.ofSeconds(1));
    assertThat(estimator.tick(clock.nanoTime())).isTrue();
    assertThat(estimator.windowBytes()).isEqualTo(2 * START);
  }

  @Test
  void neverShrinksBelowWhereItBegan() {
    sample(START, 10);
    for (int i = 0; i < 20; i++) {
      clock.advance(Duration.ofSeconds(31));
      estimator.tick(clock.nanoTime());
    }

    assertThat(estimator.windowBytes()).isEqualTo(START);
  }

  @Test
  void growsAgainAfterItHasShrunk() {
    sample(START, 10);
    sample(2 * START, 10);
    for (int i = 0; i < 20; i++) {
      clock.advance(Duration.ofSeconds(31));
      estimator.tick(clock.nanoTime());
    }

    assertThat(sample(START, 10)).isTrue();
    assertThat(estimator.windowBytes()).isEqualTo(2 * START);
  }

  @Test
  void takesWhatTheKernelMeasuredForItsFirstGuess() {
    estimator.seed(64_000);
    assertThat(estimator.windowBytes()).isEqualTo(8_000_000);
    estimator.seed(30);
    assertThat(estimator.windowBytes()).isEqualTo(START);
    estimator.seed(10_000_000);
    assertThat(estimator.windowBytes()).isEqualTo(MAX);
  }

  @Test
  void keepsToALimitThatFalls() {
    estimator.limit(100_000);
    sample(START, 10);

    assertThat(estimator.windowBytes()).isEqualTo(100_000);
  }

  private boolean sample(long bytes, long rttMillis) {
    waitForSample();
    estimator.begin(clock.nanoTime(), received);
    received += bytes;
    clock.advanceMillis(rttMillis);
    return estimator.end(clock.nanoTime(), received);
  }

  /// Lets data trickle until the next measurement is due.
  private long waitForSample() {
    long millis = 0;
    while (!estimator.wantsSample(clock.nanoTime())) {
      clock.advanceMillis(1);
      millis++;
    }
    return millis;
  }
}
