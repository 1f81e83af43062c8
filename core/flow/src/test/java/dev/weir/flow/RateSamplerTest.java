package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class RateSamplerTest {
  private static final long MILLI = 1_000_000;
  private static final Percentage FIVE_PERCENT = Percentage.withPercentage(5);

  private final RateSampler sampler = new RateSampler();

  @Test
  void measuresASteadyFlow() {
    for (int i = 0; i < 100; i++) {
      sampler.onSent(i * MILLI, 1_000);
      if (i >= 20) {
        sampler.onAck(i * MILLI, 1_000, 20 * MILLI);
      }
    }

    assertThat(sampler.bytesPerSecond()).isCloseTo(1e6, FIVE_PERCENT);
    assertThat(sampler.isOwnPace()).isFalse();
  }

  @Test
  void takesNoBurstOfAcksForSpeed() {
    double highest = 0;
    for (int i = 0; i < 2_000; i++) {
      sampler.onSent(i * MILLI, 1_000);
      if (i >= 100 && i % 50 == 0) {
        sampler.onAck(i * MILLI, 50_000, 51 * MILLI);
        highest = Math.max(highest, sampler.bytesPerSecond());
      }
    }

    assertThat(highest).isBetween(0.9e6, 1.1e6);
  }

  /// After a stall everything is acked at once, and at once sent again: the sends tell.
  @Test
  void takesNoStallForSpeed() {
    for (int i = 0; i < 100; i++) {
      sampler.onSent(i * MILLI, 1_000);
    }
    sampler.onAck(1_000 * MILLI, 50_000, 951 * MILLI);
    sampler.onSent(1_000 * MILLI, 50_000);
    sampler.onAck(1_001 * MILLI, 50_000, 902 * MILLI);
    sampler.onAck(1_010 * MILLI, 50_000, 10 * MILLI);

    assertThat(sampler.bytesPerSecond()).isLessThan(120_000);
  }

  @Test
  void marksSamplesOfTheSendersOwnPace() {
    sampler.onSent(0, 1_000);
    sampler.onOwnPace();
    sampler.onSent(5 * MILLI, 1_000);
    sampler.onAck(20 * MILLI, 1_000, 20 * MILLI);
    assertThat(sampler.isOwnPace()).isFalse();

    sampler.onAck(25 * MILLI, 1_000, 20 * MILLI);
    assertThat(sampler.isOwnPace()).isTrue();

    sampler.onSent(60 * MILLI, 1_000);
    sampler.onAck(80 * MILLI, 1_000, 20 * MILLI);
    assertThat(sampler.isOwnPace()).isFalse();
  }

  @Test
  void endsARoundWithTheFirstAckOfAFrameSentInIt() {
    sampler.onSent(0, 1_000);
    sampler.onSent(MILLI, 1_000);
    sampler.onAck(20 * MILLI, 1_000, 20 * MILLI);
    assertThat(sampler.isRoundOver()).isTrue();
    sampler.onSent(20 * MILLI, 1_000);
    sampler.onAck(21 * MILLI, 1_000, 20 * MILLI);
    assertThat(sampler.isRoundOver()).isFalse();
    sampler.onAck(40 * MILLI, 1_000, 20 * MILLI);
    assertThat(sampler.isRoundOver()).isTrue();
    assertThat(sampler.round()).isEqualTo(2);
  }

  /// Two lanes are acked in another order than they were sent.
  @Test
  void findsTheFramesOfSeveralLanes() {
    for (int i = 0; i < 200; i++) {
      sampler.onSent(i * MILLI, 1_000);
      if (i >= 40 && i % 10 == 0) {
        sampler.onAck(i * MILLI, 5_000, 30 * MILLI);
        sampler.onAck(i * MILLI, 5_000, 35 * MILLI);
      }
    }

    assertThat(sampler.bytesPerSecond()).isCloseTo(1e6, Percentage.withPercentage(20));
    assertThat(sampler.inFlightBytes()).isEqualTo(40_000);
  }

  @Test
  void givesNoSampleForAFrameOlderThanItsMarks() {
    sampler.onSent(0, 1_000);
    sampler.onAck(64 * MILLI, 1_000, 64 * MILLI);
    for (int i = 0; i < RateSampler.MARKS + 2; i++) {
      sampler.onSent(100 * MILLI + i * 2L * MILLI, 1_000);
    }
    sampler.onAck(5_000 * MILLI, 1_000, 4_900 * MILLI);

    assertThat(sampler.bytesPerSecond()).isCloseTo(0, within(0.0));
  }
}
