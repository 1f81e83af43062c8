package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ManualClockTest {
  @Test
  void standsStillUntilItIsStepped() {
    ManualClock clock = new ManualClock(7_000_000L);

    assertThat(clock.epochMicros()).isEqualTo(7_000_000L);
    assertThat(clock.nanoTime()).isEqualTo(clock.nanoTime());
  }

  @Test
  void movesBothReadingsTogether() {
    ManualClock clock = new ManualClock(0);
    long before = clock.nanoTime();

    clock.advance(Duration.ofMillis(3));

    assertThat(clock.nanoTime() - before).isEqualTo(3_000_000L);
    assertThat(clock.epochMicros()).isEqualTo(3_000L);
  }

  @Test
  void jumpsTheWallReadingAlone() {
    ManualClock clock = new ManualClock(0);
    long before = clock.nanoTime();

    clock.jumpWall(Duration.ofHours(-1));

    assertThat(clock.nanoTime()).isEqualTo(before);
    assertThat(clock.epochMicros()).isEqualTo(-3_600_000_000L);
  }
}
