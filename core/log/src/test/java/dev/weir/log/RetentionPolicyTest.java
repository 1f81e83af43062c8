package dev.weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RetentionPolicyTest {
  private static final long NOW = 100_000_000L;

  /// Three old segments of 100 bytes, ending at offsets 10, 20, 30 and 90, 60, 30 seconds ago; the
  /// newest has 100 bytes too.
  private static final List<RetentionPolicy.Candidate> CANDIDATES =
      List.of(
          new RetentionPolicy.Candidate(10, 100, NOW - 90_000_000L),
          new RetentionPolicy.Candidate(20, 100, NOW - 60_000_000L),
          new RetentionPolicy.Candidate(30, 100, NOW - 30_000_000L));

  private static Retention retention(long bytes, long seconds, long floor, boolean waits) {
    return new Retention(
        new ByteSize(bytes), Duration.ofSeconds(seconds), new ByteSize(floor), waits);
  }

  private static int excess(Retention retention, long free, long cursor, long dropBefore) {
    return RetentionPolicy.excess(
        retention, CANDIDATES, new RetentionPolicy.Situation(400, free, NOW, cursor, dropBefore));
  }

  @Test
  void keepsEverythingForever() {
    assertThat(excess(Retention.FOREVER, Long.MAX_VALUE, 0, 0)).isZero();
  }

  @Test
  void removesUntilTheRestFits() {
    assertThat(excess(retention(400, 1_000, 0, false), 0, 0, 0)).isZero();
    assertThat(excess(retention(399, 1_000, 0, false), 0, 0, 0)).isEqualTo(1);
    assertThat(excess(retention(250, 1_000, 0, false), 0, 0, 0)).isEqualTo(2);
    assertThat(excess(retention(0, 1_000, 0, false), 0, 0, 0)).isEqualTo(3);
  }

  @Test
  void removesWhatIsTooOld() {
    assertThat(excess(retention(1_000, 60, 0, false), 0, 0, 0)).isEqualTo(1);
    assertThat(excess(retention(1_000, 59, 0, false), 0, 0, 0)).isEqualTo(2);
  }

  @Test
  void removesUntilTheDiskHasRoom() {
    assertThat(excess(retention(1_000, 1_000, 500, false), 350, 0, 0)).isEqualTo(2);
    assertThat(excess(retention(1_000, 1_000, 500, false), 500, 0, 0)).isZero();
  }

  @Test
  void waitsForTheSlowestCursor() {
    assertThat(excess(retention(0, 1_000, 0, true), 0, 9, 0)).isZero();
    assertThat(excess(retention(0, 1_000, 0, true), 0, 20, 0)).isEqualTo(2);
    assertThat(excess(retention(1_000, 1_000, 0, true), 0, 30, 0)).isZero();
  }

  @Test
  void removesWhatWasGivenUpEvenWhenSomeoneWaits() {
    assertThat(excess(retention(1_000, 1_000, 0, true), 0, 0, 25)).isEqualTo(2);
  }
}
