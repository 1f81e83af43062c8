package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import org.junit.jupiter.api.Test;

final class ReconnectTest {
  private static final long SECOND = 1_000_000_000L;

  private final Reconnect reconnect =
      new Reconnect(
          Backoff.STANDARD, Seeds.random("ReconnectTest"), new FlowCounters().reconnect());

  @Test
  void hasTheCellsOfTheSpecification() {
    ExpectedTable.parse(
            """
            DUE
              WAITING: TRY > TRYING
              TRYING, CONNECTED: IGNORE
            WELCOMED
              WAITING, CONNECTED: IGNORE
              TRYING: NOTE_TIME > CONNECTED
            LOST_EARLY
              WAITING: IGNORE
              TRYING, CONNECTED: WAIT_LONGER > WAITING
            LOST_HEALTHY
              WAITING, TRYING: IGNORE
              CONNECTED: WAIT_AFRESH > WAITING
            SENT_AWAY
              WAITING: IGNORE
              TRYING, CONNECTED: WAIT_AS_TOLD > WAITING
            """)
        .assertSame(ReconnectMachine.TABLE);
  }

  @Test
  void waitsLongerAfterEachFailure() {
    for (int failure = 0; failure < 20; failure++) {
      assertThat(reconnect.attempt()).isEqualTo(failure);
      reconnect.onDue();
      assertThat(reconnect.onLost(0)).isBetween(0L, Backoff.STANDARD.ceilingNanos(failure));
    }
  }

  @Test
  void doesNotForgetItsFailuresBeforeASessionWasHealthy() {
    failTimes(5);
    connectAt(0);

    reconnect.onLost(Reconnect.HEALTHY_NANOS - 1);

    assertThat(reconnect.attempt()).isEqualTo(6);
  }

  @Test
  void beginsAfreshAfterAHealthySession() {
    failTimes(5);
    connectAt(0);

    assertThat(reconnect.onLost(Reconnect.HEALTHY_NANOS))
        .isBetween(0L, Backoff.STANDARD.ceilingNanos(0));
    assertThat(reconnect.attempt()).isEqualTo(1);
  }

  @Test
  void comesBackAsToldTheFirstTimeAndLaterWithABackoffOnTop() {
    connectAt(0);
    assertThat(reconnect.onSentAway(SECOND, 0)).isZero();
    long totalNanos = 0;
    for (int times = 0; times < 20; times++) {
      connectAt(SECOND);
      totalNanos += reconnect.onSentAway(SECOND, 0);
    }
    assertThat(totalNanos).isGreaterThan(10 * SECOND);
  }

  @Test
  void obeysToTheLetterAfterAHealthySession() {
    failTimes(5);
    connectAt(0);

    assertThat(reconnect.onSentAway(Reconnect.HEALTHY_NANOS, 7 * SECOND)).isEqualTo(7 * SECOND);
  }

  @Test
  void givesUpWhenItIsSupersededThreeTimesWithinAMinute() {
    connectAt(0);
    assertThat(reconnect.onSuperseded(0)).isBetween(SECOND, 5 * SECOND);
    connectAt(30 * SECOND);
    assertThat(reconnect.onSuperseded(30 * SECOND)).isGreaterThanOrEqualTo(SECOND);
    connectAt(60 * SECOND);
    assertThat(reconnect.onSuperseded(60 * SECOND)).isEqualTo(-1);
  }

  @Test
  void goesOnWhenItIsSupersededNowAndThen() {
    for (int times = 0; times < 10; times++) {
      long nowNanos = times * 31L * SECOND;
      connectAt(nowNanos);
      assertThat(reconnect.onSuperseded(nowNanos)).isGreaterThanOrEqualTo(SECOND);
    }
  }

  @Test
  void ignoresALossWhileItWaits() {
    assertThat(reconnect.onLost(0)).isZero();
    assertThat(reconnect.attempt()).isZero();
    assertThat(reconnect.state()).isEqualTo(ReconnectMachine.State.WAITING);
  }

  private void failTimes(int times) {
    for (int failure = 0; failure < times; failure++) {
      reconnect.onDue();
      reconnect.onLost(0);
    }
  }

  private void connectAt(long nowNanos) {
    reconnect.onDue();
    reconnect.onWelcomed(nowNanos);
  }
}
