package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// [PathModel] and the filters in it.
final class PathModelTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  @Test
  void tellsNetworkCommitAndQueueApart() {
    PathModel path = new PathModel();
    for (int i = 0; i < 100; i++) {
      path.onSent(i * 200L * MILLI, 1_000);
      path.onAck((i * 200L + 90) * MILLI, 1_000, 90 * MILLI, 40_000, 30_000);
    }

    PathFigures figures = path.figures();
    assertThat(figures.minRttMicros()).isEqualTo(20_000);
    assertThat(figures.commitMicros()).isEqualTo(40_000);
    assertThat(figures.queueMicros()).isBetween(29_000L, 30_000L);
    assertThat(path.holdNanos()).isEqualTo(100 * MILLI);
  }

  @Test
  void cutsWhatACoreCannotHaveSpent() {
    PathModel path = new PathModel();
    path.onSent(0, 1_000);
    path.onAck(10 * MILLI, 1_000, 10 * MILLI, 4_000_000_000L, 4_000_000_000L);

    assertThat(path.figures().commitMicros()).isEqualTo(10_000);
    assertThat(path.figures().queueMicros()).isZero();
    assertThat(path.minRtt().nanos()).isPositive();
  }

  @Test
  void remembersTheHighestRateOfTenRounds() {
    MaxRate rate = new MaxRate();
    rate.onSample(100, 0, false);
    for (int round = 1; round < MaxRate.ROUNDS; round++) {
      rate.onSample(10, round, false);
      assertThat(rate.bytesPerSecond()).isEqualTo(100);
    }
    rate.onSample(10, MaxRate.ROUNDS, false);
    assertThat(rate.bytesPerSecond()).isEqualTo(10);
  }

  @Test
  void forgetsNoRateWhileTheSenderIsIdle() {
    MaxRate rate = new MaxRate();
    rate.onSample(100, 0, false);
    for (int round = 1; round < 100; round++) {
      rate.onSample(10, round, true);
    }

    assertThat(rate.bytesPerSecond()).isEqualTo(100);
    rate.onSample(200, 100, true);
    assertThat(rate.bytesPerSecond()).isEqualTo(200);
  }

  @Test
  void callsAMinimumOldThatWasNotSeenForTenSeconds() {
    MinRtt rtt = new MinRtt();
    rtt.onSample(0, 16 * MILLI);
    rtt.onSample(9 * SECOND, 40 * MILLI);
    assertThat(rtt.isOld(10 * SECOND)).isFalse();
    assertThat(rtt.isOld(11 * SECOND)).isTrue();

    rtt.onSample(11 * SECOND, 17 * MILLI);
    assertThat(rtt.isOld(20 * SECOND)).as("nearly the minimum was seen").isFalse();
    assertThat(rtt.nanos()).isEqualTo(16 * MILLI);
  }

  @Test
  void takesWhatWasMeasuredOnTheEmptyPath() {
    MinRtt rtt = new MinRtt();
    rtt.onSample(0, 16 * MILLI);
    rtt.beginMeasuring();
    rtt.onSample(11 * SECOND, 70 * MILLI);
    rtt.onSample(11 * SECOND, 64 * MILLI);

    assertThat(rtt.endMeasuring(11 * SECOND)).as("another path").isTrue();
    assertThat(rtt.nanos()).isEqualTo(64 * MILLI);
    rtt.beginMeasuring();
    assertThat(rtt.endMeasuring(12 * SECOND)).as("nothing came").isFalse();
    assertThat(rtt.nanos()).isEqualTo(64 * MILLI);
  }

  @Test
  void followsALastingChangeOfTheCommitButNoOutlier() {
    CommitTime commit = new CommitTime();
    for (int i = 0; i < 100; i++) {
      commit.onSample(3 * MILLI);
    }
    commit.onSample(3_000 * MILLI);
    assertThat(commit.nanos()).isLessThan(4 * MILLI);

    for (int i = 0; i < 100; i++) {
      commit.onSample(130 * MILLI);
    }
    assertThat(commit.nanos()).isBetween(110 * MILLI, 130 * MILLI);
  }
}
