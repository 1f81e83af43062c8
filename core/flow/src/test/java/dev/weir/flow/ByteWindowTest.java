package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weir.testkit.Seeds;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ByteWindowTest {
  private final ByteWindow window = new ByteWindow(new FixedWindow(1_000));

  @Test
  void holdsSendsWhenTheWindowIsFull() {
    window.onSession(1_000_000);
    send(600);

    assertThat(window.admits(0, 400)).isTrue();
    assertThat(window.admits(0, 401)).isFalse();
    assertThat(window.limitedBy()).isEqualTo(LimitedBy.WINDOW);
  }

  @Test
  void sendsAFrameLargerThanTheWindowWhenNothingIsInFlight() {
    window.onSession(1_000_000);

    assertThat(window.admits(0, 5_000)).isTrue();
    send(5_000);
    assertThat(window.admits(0, 1)).isFalse();
  }

  @Test
  void letsAFrameBeginWhileAnyCreditIsLeft() {
    window.onSession(100);

    assertThat(window.admits(0, 800)).isTrue();
    send(800);
    assertThat(window.admits(0, 1)).isFalse();
    assertThat(window.limitedBy()).isEqualTo(LimitedBy.CREDIT);
    assertThat(window.onCredit(801)).isTrue();
    assertThat(window.admits(0, 1)).isTrue();
  }

  @Test
  void ignoresAGrantThatDoesNotRaiseTheLimit() {
    window.onSession(100);

    assertThat(window.onCredit(100)).isFalse();
    assertThat(window.onCredit(-5)).isFalse();
    assertThat(window.creditLimitBytes()).isEqualTo(100);
  }

  @Test
  void sendsNothingAfterDroppingItsCreditUntilAFreshGrant() {
    window.onSession(10_000);
    send(500);
    window.onTakenBack(500);
    window.dropCredit();

    assertThat(window.inFlightBytes()).isZero();
    assertThat(window.admits(0, 500)).isFalse();
    assertThat(window.onCredit(10_500)).isTrue();
    assertThat(window.admits(0, 500)).isTrue();
  }

  @Test
  void beginsEachSessionAtZero() {
    window.onSession(10_000);
    send(500);
    window.onSession(2_000);

    assertThat(window.sentBytes()).isZero();
    assertThat(window.inFlightBytes()).isZero();
    assertThat(window.creditLimitBytes()).isEqualTo(2_000);
  }

  @Test
  void refusesToSettleMoreThanIsInFlight() {
    window.onSession(10_000);
    send(500);

    assertThatIllegalStateException().isThrownBy(() -> window.onAck(0, 501, 0, 0, 0));
  }

  @Test
  void reportsWhatOnlyTheOwnerSees() {
    window.onLimited(0, LimitedBy.TRANSPORT);

    assertThat(window.limitedBy()).isEqualTo(LimitedBy.TRANSPORT);
    assertThat(window.windowBytes()).isEqualTo(1_000);
  }

  @Test
  void keepsItsBoundsOnRandomWalks() {
    RandomGenerator random = Seeds.random("ByteWindowTest");
    long limitBytes = 0;
    window.onSession(0);
    for (int step = 0; step < 200_000; step++) {
      switch (random.nextInt(10)) {
        case 0 -> window.onAck(step, random.nextLong(window.inFlightBytes() + 1), 1, 1, 1);
        case 1 -> window.onTakenBack(random.nextLong(window.inFlightBytes() + 1));
        case 2 -> {
          limitBytes += random.nextInt(3_000);
          window.onCredit(limitBytes);
        }
        case 3 -> window.onCredit(random.nextLong(limitBytes + 1));
        default -> sendIfAdmitted(1L + random.nextInt(1_500));
      }
      assertThat(window.inFlightBytes()).isBetween(0L, 1_500L);
      assertThat(window.settledBytes()).isLessThanOrEqualTo(window.sentBytes());
      assertThat(window.sentBytes()).isLessThan(limitBytes + 1_500);
      assertThat(window.creditLimitBytes()).isEqualTo(limitBytes);
    }
    assertThat(window.sentBytes()).isPositive();
  }

  private void sendIfAdmitted(long bytes) {
    long inFlightBytes = window.inFlightBytes();
    boolean isBegunInCredit = window.sentBytes() < window.creditLimitBytes();
    boolean fits = inFlightBytes == 0 || inFlightBytes + bytes <= 1_000;
    assertThat(window.admits(0, bytes)).isEqualTo(isBegunInCredit && fits);
    if (isBegunInCredit && fits) {
      send(bytes);
    }
  }

  private void send(long bytes) {
    window.onSent(0, bytes);
  }
}
