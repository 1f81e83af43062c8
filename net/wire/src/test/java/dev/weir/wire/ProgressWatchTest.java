package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.wire.ProgressWatch.Verdict;
import org.junit.jupiter.api.Test;

final class ProgressWatchTest {
  private final ProgressWatch watch = new ProgressWatch(3);

  @Test
  void takesThreeIntervalsWithoutAByteForSilence() {
    assertThat(watch.tick(0, 0, true)).isEqualTo(Verdict.MOVES);
    assertThat(watch.tick(0, 0, true)).isEqualTo(Verdict.MOVES);
    assertThat(watch.tick(0, 0, true)).isEqualTo(Verdict.SILENT);
  }

  @Test
  void findsAPeerThatIsHeardButReceivesNothing() {
    watch.onReceivedThere(40);
    assertThat(heard(100)).isEqualTo(Verdict.MOVES);
    assertThat(heard(110)).isEqualTo(Verdict.MOVES);
    assertThat(heard(120)).isEqualTo(Verdict.MOVES);
    assertThat(heard(130)).isEqualTo(Verdict.DEAF);
  }

  @Test
  void takesTheLeastMovementForLife() {
    for (int i = 1; i < 20; i++) {
      watch.onReceivedThere(i);
      assertThat(heard(1_000_000)).isEqualTo(Verdict.MOVES);
    }
  }

  @Test
  void expectsNothingOfAPeerThatHasEverything() {
    watch.onReceivedThere(100);
    for (int i = 0; i < 20; i++) {
      assertThat(heard(100)).isEqualTo(Verdict.MOVES);
    }
  }

  @Test
  void findsAPeerThatCouldSendAndDoesNot() {
    watch.onWaitingThere(1);
    assertThat(heard(0)).isEqualTo(Verdict.MOVES);
    assertThat(heard(0)).isEqualTo(Verdict.MOVES);
    assertThat(heard(0)).isEqualTo(Verdict.MUTE);
    watch.forgive();
    assertThat(heard(0)).isEqualTo(Verdict.MOVES);
  }

  @Test
  void doesNotBlameAPeerThatHasNoCredit() {
    watch.onWaitingThere(1);
    for (int i = 0; i < 20; i++) {
      watch.onHeard();
      assertThat(watch.tick(0, 0, false)).isEqualTo(Verdict.MOVES);
    }
  }

  @Test
  void doesNotBlameAPeerThatSends() {
    watch.onWaitingThere(1);
    for (int i = 1; i < 20; i++) {
      watch.onHeard();
      assertThat(watch.tick(0, i, true)).isEqualTo(Verdict.MOVES);
    }
  }

  private Verdict heard(long written) {
    watch.onHeard();
    return watch.tick(written, 0, true);
  }
}
