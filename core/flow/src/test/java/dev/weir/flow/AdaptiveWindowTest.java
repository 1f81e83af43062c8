package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.testkit.Seeds;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class AdaptiveWindowTest {
  private static final long MILLI = 1_000_000;
  private static final long MAX_BYTES = 8 << 20;
  private static final List<LimitedBy> REASONS = List.of(LimitedBy.values());

  private final FlowCounters counters = new FlowCounters();
  private final AdaptiveWindow window = new AdaptiveWindow(MAX_BYTES, counters.windowGain());
  private long nowNanos = 1;

  @Test
  void hasTheCellsOfTheSpecification() {
    ExpectedTable.parse(
            """
            ROUND_GREW
              START: NOTE_RATE
              PROBE: NOTE_RATE
              DRAIN, CRUISE: NOTE_RATE > PROBE
              MEASURE: IGNORE
            ROUND_FLAT
              START: COUNT_FLAT > START, DRAIN
              DRAIN: NOTE_RATE > CRUISE
              CRUISE: COUNT_FLAT > CRUISE, PROBE
              PROBE: NOTE_RATE > DRAIN
              MEASURE: IGNORE
            ROUND_IDLE
              START, DRAIN, CRUISE, PROBE, MEASURE: IGNORE
            RTT_OLD
              START, DRAIN, CRUISE, PROBE: BEGIN_MEASURING > MEASURE
              MEASURE: IGNORE
            RTT_SEEN
              START, DRAIN, CRUISE, PROBE: IGNORE
              MEASURE: GO_ON > START, CRUISE
            RTT_ROSE
              START, DRAIN, CRUISE, PROBE: IGNORE
              MEASURE: NOTE_RATE > START
            """)
        .assertSame(GainMachine.TABLE);
  }

  @Test
  void doublesWithEachRoundUntilThePathIsFull() {
    assertThat(window.limitBytes()).isEqualTo(AdaptiveWindow.MIN_BYTES);

    rounds(4, 64 * MILLI, 0);
    assertThat(window.limitBytes()).isGreaterThan(16 * AdaptiveWindow.MIN_BYTES);
    rounds(20, 64 * MILLI, 0);
    assertThat(window.limitBytes()).isEqualTo(MAX_BYTES);
  }

  @Test
  void holdsWhatThePathHoldsOnceItIsFull() {
    for (int i = 0; i < 200; i++) {
      full(10_000_000, 20 * MILLI, 0);
    }

    PathFigures figures = window.figures();
    assertThat(figures.bytesPerSecond()).isBetween(9_500_000L, 10_500_000L);
    assertThat(figures.minRttMicros()).isEqualTo(20_000);
    assertThat(window.limitBytes()).isBetween(300_000L, 500_000L);
  }

  @Test
  void makesRoomForTheCommitThatTheCoreReports() {
    for (int i = 0; i < 200; i++) {
      full(10_000_000, 120 * MILLI, 100_000);
    }

    assertThat(window.figures().minRttMicros()).isEqualTo(20_000);
    assertThat(window.limitBytes()).isBetween(2_200_000L, 4_000_000L);
  }

  @Test
  void growsNoLongerThanTheSenderHasSomethingToSend() {
    for (int i = 0; i < 500; i++) {
      window.onSent(nowNanos, 1_000);
      window.onLimited(nowNanos, LimitedBy.SPOOL);
      nowNanos += 20 * MILLI;
      window.onAck(nowNanos, 1_000, 20 * MILLI, 0, 0);
    }

    assertThat(window.limitBytes()).isBetween(AdaptiveWindow.MIN_BYTES, 140_000L);
    rounds(6, 20 * MILLI, 0);
    assertThat(window.limitBytes()).isGreaterThan(2_000_000);
  }

  @Test
  void measuresTheEmptyPathWhenTheMinimumIsOldAndFindsALongerOne() {
    for (int i = 0; i < 200; i++) {
      full(10_000_000, 20 * MILLI, 0);
    }
    long leastBytes = Long.MAX_VALUE;
    for (int i = 0; i < 300; i++) {
      full(10_000_000, 60 * MILLI, 0);
      leastBytes = Math.min(leastBytes, window.limitBytes());
    }

    assertThat(leastBytes).as("in the round that measures").isLessThanOrEqualTo(100_000);
    assertThat(window.figures().minRttMicros()).isEqualTo(60_000);
    assertThat(window.limitBytes()).isGreaterThan(600_000);
  }

  @Test
  void keepsTwoFramesInReserve() {
    window.onSent(nowNanos, 1_000_000);
    nowNanos += 20 * MILLI;
    window.onAck(nowNanos, 1_000_000, 20 * MILLI, 0, 0);

    assertThat(window.limitBytes()).isGreaterThanOrEqualTo(2_000_000);
  }

  @Test
  void beginsEachSessionAnew() {
    rounds(10, 20 * MILLI, 0);
    window.onSession();

    assertThat(window.limitBytes()).isEqualTo(AdaptiveWindow.MIN_BYTES);
    assertThat(window.figures()).isEqualTo(new PathFigures(0, 0, 0, 0));
  }

  @Test
  void staysWithinASmallMaximum() {
    AdaptiveWindow small = new AdaptiveWindow(64 << 10, counters.windowGain());

    assertThat(small.limitBytes()).isEqualTo(64 << 10);
  }

  @Test
  void allocatesNothingPerFrameOrAck() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 1_000; i++) {
      full(10_000_000, 20 * MILLI, 3_000);
    }
    long beforeBytes = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      full(10_000_000, 20 * MILLI, 3_000);
    }

    assertThat(threads.getCurrentThreadAllocatedBytes() - beforeBytes).isLessThan(10_000);
  }

  @Test
  void keepsItsBoundsWhateverThePeerSays() {
    RandomGenerator random = Seeds.random("AdaptiveWindowTest");
    ByteWindow bytes = new ByteWindow(window);
    bytes.onSession(Long.MAX_VALUE / 4);
    for (int step = 0; step < 200_000; step++) {
      nowNanos += random.nextLong(30 * MILLI);
      int size = 1 + random.nextInt(1 << 20);
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          if (bytes.admits(nowNanos, size)) {
            bytes.onSent(nowNanos, size);
          }
        }
        case 3 -> bytes.onTakenBack(random.nextLong(bytes.inFlightBytes() + 1));
        case 4 -> bytes.onLimited(nowNanos, REASONS.get(random.nextInt(REASONS.size())));
        case 5 -> {
          if (random.nextInt(1_000) == 0) {
            bytes.onSession(Long.MAX_VALUE / 4);
          }
        }
        default -> {
          long settled = random.nextLong(bytes.inFlightBytes() + 1);
          if (settled > 0) {
            long rttNanos = random.nextLong(1 + random.nextLong(200 * MILLI));
            bytes.onAck(nowNanos, settled, rttNanos, random.nextLong(1L << 32), random.nextInt());
          }
        }
      }
      assertThat(window.limitBytes()).isBetween(1L, MAX_BYTES);
      assertThat(window.figures().bytesPerSecond()).isNotNegative();
      assertThat(window.figures().minRttMicros()).isNotNegative();
    }
  }

  /// Rounds of a path without a bound of its own: as much as the window allows, acked at once.
  private void rounds(int count, long rttNanos, long commitMicros) {
    for (int i = 0; i < count; i++) {
      long bytes = window.limitBytes();
      window.onSent(nowNanos, bytes / 2);
      window.onSent(nowNanos, bytes - bytes / 2);
      window.onLimited(nowNanos, LimitedBy.WINDOW);
      nowNanos += rttNanos;
      window.onAck(nowNanos, bytes, rttNanos, commitMicros, 0);
    }
  }

  /// One round of a path with a rate: what is above rate times round trip only queues.
  private void full(long bytesPerSecond, long rttNanos, long commitMicros) {
    long bytes = window.limitBytes();
    long frameBytes = Math.max(1, bytes / 16);
    for (int i = 0; i < 16; i++) {
      window.onSent(nowNanos, frameBytes);
    }
    long sentNanos = nowNanos;
    for (int i = 1; i <= 16; i++) {
      long passedNanos = (long) (i * frameBytes * 1e9 / bytesPerSecond);
      nowNanos = Math.max(nowNanos, sentNanos + Math.max(rttNanos, passedNanos));
      window.onAck(nowNanos, frameBytes, nowNanos - sentNanos, commitMicros, 0);
    }
  }
}
