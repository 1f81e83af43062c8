package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weir.testkit.Seeds;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class CreditTest {
  private static final long BUDGET_BYTES = 1_000;

  private final Credit credit = new Credit(BUDGET_BYTES);

  @Test
  void grantsNothingUntilAsked() {
    assertThat(credit.limitBytes()).isZero();
    assertThat(credit.onReceived(1)).isFalse();
  }

  @Test
  void takesAFrameThatBeginsWithinTheCredit() {
    assertThat(credit.grant()).isEqualTo(1_000);

    assertThat(credit.onReceived(999)).isTrue();
    assertThat(credit.onReceived(400)).isTrue();
    assertThat(credit.onReceived(1)).isFalse();
  }

  @Test
  void isHighFromThreeQuartersAndLowFromHalfOfTheBudget() {
    credit.grant();
    credit.onReceived(749);
    assertThat(credit.isHigh()).isFalse();
    credit.onReceived(1);
    assertThat(credit.isHigh()).isTrue();
    credit.onReleased(249);
    assertThat(credit.isLow()).isFalse();
    credit.onReleased(1);
    assertThat(credit.isLow()).isTrue();
  }

  @Test
  void grantsInWorthwhileSteps() {
    credit.grant();
    credit.onReceived(600);
    credit.onReleased(249);
    assertThat(credit.isGrantDue()).isFalse();
    credit.onReleased(1);
    assertThat(credit.isGrantDue()).isTrue();
    assertThat(credit.grant()).isEqualTo(1_250);
    assertThat(credit.isGrantDue()).isFalse();
  }

  @Test
  void keepsWhatWasGrantedWhenTheBudgetShrinks() {
    assertThat(credit.grant()).isEqualTo(1_000);
    credit.resize(400);
    credit.onReceived(300);

    assertThat(credit.isHigh()).isTrue();
    assertThat(credit.grant()).isEqualTo(1_000);

    credit.onReceived(500);
    credit.onReleased(800);
    assertThat(credit.isLow()).isTrue();
    assertThat(credit.grant()).isEqualTo(1_200);
  }

  @Test
  void refusesToReleaseMoreThanIsQueued() {
    credit.onReceived(10);

    assertThatIllegalStateException().isThrownBy(() -> credit.onReleased(11));
  }

  @Test
  void refusesABudgetWithoutAQuarter() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Credit(3))
        .withMessageContaining("budgetBytes is 3, expected 4 to");
  }

  @Test
  void neverLowersTheLimitNorQueuesBeyondTheBudgetAndAFrame() {
    RandomGenerator random = Seeds.random("CreditTest");
    long limitBytes = 0;
    for (int step = 0; step < 200_000; step++) {
      switch (random.nextInt(4)) {
        case 0 -> credit.onReleased(random.nextLong(credit.queuedBytes() + 1));
        case 1 -> credit.grant();
        default -> {
          long frameBytes = 1L + random.nextInt(300);
          if (!credit.onReceived(frameBytes)) {
            credit.onReleased(frameBytes);
          }
        }
      }
      assertThat(credit.limitBytes()).isGreaterThanOrEqualTo(limitBytes);
      assertThat(credit.queuedBytes()).isBetween(0L, BUDGET_BYTES + 300);
      limitBytes = credit.limitBytes();
    }
    assertThat(limitBytes).isGreaterThan(BUDGET_BYTES);
  }
}
