package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a client may do under a lease, step by step.
final class SendLeaseTest {
  private static final long MILLI = 1_000_000L;

  private final SendLease lease = new SendLease();

  @Test
  void allowsEverythingWhereNoLeasesAreGiven() {
    lease.onSent();

    assertThat(lease.hasRoom(1)).isTrue();
  }

  @Test
  void waitsForTheFirstLease() {
    lease.agreed();

    assertThat(lease.hasRoom(1)).isFalse();
    lease.renew(1, 10);
    assertThat(lease.hasRoom(1)).isTrue();
  }

  @Test
  void allowsSoManyCallsALease() {
    lease.agreed();
    lease.renew(2, 10);

    call();
    assertThat(lease.hasRoom(1)).isTrue();
    call();

    assertThat(lease.hasRoom(1)).isFalse();
    lease.renew(3, 10);
    assertThat(lease.hasRoom(1)).isTrue();
    call();
    assertThat(lease.hasRoom(1)).isFalse();
  }

  private void call() {
    lease.onBegun(1);
    lease.onSent();
  }

  @Test
  void countsWhatWasCalledBeforeLeasesWereAgreed() {
    call();
    call();
    lease.agreed();

    lease.renew(2, 10);
    assertThat(lease.hasRoom(1)).isFalse();
    lease.renew(3, 10);
    assertThat(lease.hasRoom(1)).isTrue();
  }

  @Test
  void takesNothingBack() {
    lease.agreed();
    lease.renew(5, 10);

    lease.renew(0, 10);

    assertThat(lease.hasRoom(1)).isTrue();
  }

  @Test
  void countsItsTimeFromTheFirstCall() {
    lease.agreed();
    lease.renew(100, 10);

    assertThat(lease.hasRoom(1_000 * MILLI)).as("nobody called").isTrue();
    lease.onBegun(1_000 * MILLI);

    assertThat(lease.hasRoom(1_010 * MILLI - 1)).isTrue();
    assertThat(lease.hasRoom(1_010 * MILLI)).isFalse();
    lease.renew(100, 10);
    assertThat(lease.hasRoom(2_000 * MILLI)).isTrue();
  }

  @Test
  void takesAClockThatTurnsOver() {
    lease.agreed();
    lease.renew(100, 10);
    lease.onBegun(Long.MAX_VALUE);

    assertThat(lease.hasRoom(Long.MIN_VALUE)).isTrue();
    assertThat(lease.hasRoom(Long.MIN_VALUE + 10 * MILLI)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"PT0.1S,PT1.1S", "PT1S,PT2S", "PT1M,PT2M"})
  void holdsUntilTheNextHasSurelyCome(Duration period, Duration ttl) {
    assertThat(new WireLease(1, period).ttl()).isEqualTo(ttl);
  }

  @ParameterizedTest
  @CsvSource({"0,PT1S,calls", "1000000001,PT1S,calls", "1,PT0.099S,period", "1,PT1H0.001S,period"})
  void refusesWhatIsOutOfRange(int calls, Duration period, String named) {
    assertThatThrownBy(() -> new WireLease(calls, period))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }
}
