package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What holds a sender back, and for how long.
final class LimitClockTest {
  private static final long SECOND = 1_000_000_000L;

  private final ByteWindow window = new ByteWindow(new FixedWindow(1_000));

  @Test
  void givesEachReasonItsShareOfTheTime() {
    window.onLimited(0, LimitedBy.WINDOW);
    window.onLimited(SECOND / 2, LimitedBy.SPOOL);
    window.onLimited(SECOND * 3 / 4, LimitedBy.TRANSPORT);

    LimitShares shares = window.takeLimits(SECOND);
    assertThat(shares).isEqualTo(new LimitShares(0.5, 0, 0.25, 0.25, 0));
    assertThat(shares.most()).contains(LimitedBy.WINDOW);
    assertThat(window.takeLimits(2 * SECOND)).isEqualTo(new LimitShares(0, 0, 1, 0, 0));
  }

  /// A reason holds a sender back only while it waits; while it works, its own work does.
  @Test
  void givesTheSendersWorkToTheCpu() {
    window.onLimited(0, LimitedBy.TRANSPORT);
    window.onWork(SECOND / 4);
    window.onLimited(SECOND * 3 / 4, LimitedBy.SPOOL);
    window.onWait(SECOND * 3 / 4);

    assertThat(window.takeLimits(SECOND)).isEqualTo(new LimitShares(0, 0, 0.25, 0.25, 0.5));
    assertThat(window.limitedBy()).isEqualTo(LimitedBy.SPOOL);
  }

  @Test
  void countsWorkAcrossTwoSeconds() {
    window.onLimited(0, LimitedBy.WINDOW);
    window.onWork(SECOND / 2);

    assertThat(window.takeLimits(SECOND).cpu()).isEqualTo(0.5);
    assertThat(window.takeLimits(2 * SECOND)).isEqualTo(new LimitShares(0, 0, 0, 0, 1));
  }

  @Test
  void countsNoWorkWithoutASession() {
    window.onLimited(0, LimitedBy.WINDOW);
    window.onSessionEnd();
    window.onWork(0);

    assertThat(window.takeLimits(SECOND)).isEqualTo(LimitShares.NONE);
  }

  @Test
  void countsNothingWhileThereIsNoSession() {
    window.onLimited(0, LimitedBy.CREDIT);
    window.onSessionEnd();

    assertThat(window.takeLimits(SECOND)).isEqualTo(LimitShares.NONE);
    assertThat(LimitShares.NONE.most()).isEmpty();
  }

  @Test
  void knowsAReasonForEachShare() {
    LimitShares shares = new LimitShares(1, 2, 3, 4, 5);

    assertThat(shares.of(LimitedBy.WINDOW)).isEqualTo(1);
    assertThat(shares.of(LimitedBy.CREDIT)).isEqualTo(2);
    assertThat(shares.of(LimitedBy.TRANSPORT)).isEqualTo(3);
    assertThat(shares.of(LimitedBy.SPOOL)).isEqualTo(4);
    assertThat(shares.of(LimitedBy.CPU)).isEqualTo(5);
  }

  @Test
  void makesTheWindowOfItsMode() {
    FlowCounters counters = new FlowCounters();

    assertThat(WindowMode.FIXED.window(1 << 20, counters).limitBytes()).isEqualTo(1 << 20);
    assertThat(WindowMode.AUTO.window(1 << 20, counters).limitBytes())
        .isEqualTo(AdaptiveWindow.MIN_BYTES);
  }
}
