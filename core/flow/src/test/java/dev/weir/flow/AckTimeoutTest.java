package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AckTimeoutTest {
  private static final long MILLIS = 1_000_000;

  private final AckTimeout timeout = new AckTimeout();

  @Test
  void isNeverUnderFiveSeconds() {
    assertThat(timeout.nanos()).isEqualTo(5_000 * MILLIS);
    timeout.onAck(20 * MILLIS, 3_000, 1_000);
    assertThat(timeout.nanos()).isEqualTo(5_000 * MILLIS);
    assertThat(timeout.smoothedRttNanos()).isEqualTo(16 * MILLIS);
  }

  @Test
  void waitsFourRoundTripsAndTheSlowestCommit() {
    timeout.onAck(4_000 * MILLIS, 2_000_000, 0);

    assertThat(timeout.nanos()).isEqualTo((4 * 2_000 + 2_000) * MILLIS);
  }

  @Test
  void forgetsASlowCommitSlowly() {
    timeout.onAck(20_000 * MILLIS, 20_000_000, 0);
    timeout.onAck(1 * MILLIS, 0, 0);
    assertThat(timeout.nanos()).isBetween(19_000 * MILLIS, 20_000 * MILLIS);

    for (int ack = 0; ack < 1_000; ack++) {
      timeout.onAck(1 * MILLIS, 0, 0);
    }
    assertThat(timeout.nanos()).isEqualTo(5_000 * MILLIS);
  }

  @Test
  void takesANegativeReportForNone() {
    timeout.onAck(-5, -7, -9);

    assertThat(timeout.smoothedRttNanos()).isZero();
    assertThat(timeout.nanos()).isEqualTo(5_000 * MILLIS);
  }
}
