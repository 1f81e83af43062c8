package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LevelControllerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = Long.MAX_VALUE - SECOND; // The clock may overflow.

  private final LevelController controller = new LevelController(START);
  private long now = START;
  private long held;
  private long busy;

  /// Lets seconds pass, each with these shares.
  private int pass(int seconds, double heldShare, double busyShare) {
    for (int i = 0; i < seconds; i++) {
      now += SECOND;
      held += (long) (heldShare * SECOND);
      busy += (long) (busyShare * SECOND);
      controller.observe(now, held, busy);
    }
    return controller.level();
  }

  @Test
  void beginsWithTheFastest() {
    assertThat(controller.level()).isEqualTo(1);
    assertThat(pass(4, 1, 0)).isEqualTo(1);
  }

  @Test
  void goesUpWhileTheLinkHoldsTheSenderBack() {
    assertThat(pass(5, 0.6, 0.2)).isEqualTo(3);
    assertThat(pass(5, 0.6, 0.3)).isEqualTo(6);
    assertThat(pass(60, 1, 0.6)).isEqualTo(6);
  }

  @Test
  void staysWhereNeitherIsTheBottleneck() {
    assertThat(pass(5, 0.6, 0.2)).isEqualTo(3);
    assertThat(pass(600, 0.3, 0.5)).isEqualTo(3);
  }

  @Test
  void goesDownWhenTheProcessorDoesNotKeepUp() {
    assertThat(pass(10, 1, 0)).isEqualTo(6);
    assertThat(pass(5, 1, 0.8)).isEqualTo(3);
    assertThat(pass(5, 1, 0.8)).isEqualTo(1);
    assertThat(pass(5, 1, 0.8)).isEqualTo(1);
  }

  @Test
  void doesNotFlapBetweenTwoRungs() {
    assertThat(pass(10, 1, 0)).isEqualTo(6);
    assertThat(pass(5, 1, 0.8)).isEqualTo(3);
    assertThat(pass(25, 1, 0.3)).isEqualTo(3);
    assertThat(pass(5, 1, 0.3)).isEqualTo(6);
  }

  @Test
  void goesDownOnceTheLinkHasRoomAgain() {
    assertThat(pass(10, 1, 0)).isEqualTo(6);
    assertThat(pass(55, 0, 0.1)).isEqualTo(6);
    assertThat(pass(5, 0, 0.1)).isEqualTo(3);
    assertThat(pass(60, 0, 0.1)).isEqualTo(1);
  }

  @Test
  void judgesAWholePauseAsOnePeriod() {
    now += 60 * SECOND;
    assertThat(controller.observe(now, 40 * SECOND, 0)).isEqualTo(3);
  }
}
