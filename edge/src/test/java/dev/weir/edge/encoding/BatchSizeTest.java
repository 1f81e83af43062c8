package dev.weir.edge.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.edge.StillUplink;
import dev.weir.flow.LimitedBy;
import org.junit.jupiter.api.Test;

final class BatchSizeTest {
  private static final long SECOND = 1_000_000_000L;

  private final StillUplink link = new StillUplink();
  private final BatchSize size = new BatchSize();

  private int observe(long nanos, long rawBytes, long encodedBytes) {
    return size.observe(nanos, link.stats(), rawBytes, encodedBytes);
  }

  @Test
  void isFreeWhileTheLinkIsNotTheBottleneck() {
    link.bytesPerSecond(5_000_000);
    assertThat(observe(SECOND, 1_000, 1_000)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void takesTenMillisecondsOfAPathThatIsTheBottleneck() {
    link.limitedBy(LimitedBy.WINDOW);
    link.bytesPerSecond(22_500_000);
    assertThat(observe(SECOND, 1_000, 1_000)).isEqualTo(225_000);
    link.limitedBy(LimitedBy.TRANSPORT);
    link.bytesPerSecond(50_000_000);
    assertThat(observe(2 * SECOND, 2_000, 2_000)).isEqualTo(500_000);
  }

  @Test
  void leavesAloneWhatCompresses() {
    link.limitedBy(LimitedBy.WINDOW);
    link.bytesPerSecond(5_000_000);
    assertThat(observe(SECOND, 2_000_000, 1_000_000)).isEqualTo(Integer.MAX_VALUE);
    for (int i = 2; i < 40; i++) {
      observe(i * SECOND, 2_000_000 + i * 10_000, 1_000_000 + i * 10_000);
    }
    assertThat(observe(40 * SECOND, 2_000_000 + 400_000, 1_000_000 + 400_000)).isEqualTo(64 << 10);
  }

  @Test
  void neverGetsSoSmallThatFramesAreMostlyOverhead() {
    link.limitedBy(LimitedBy.WINDOW);
    link.bytesPerSecond(10_000);
    assertThat(observe(SECOND, 1_000, 1_000)).isEqualTo(64 << 10);
  }

  @Test
  void growsAgainOnceTheLinkHasBeenFreeForAWhile() {
    link.bytesPerSecond(10_000);
    link.limitedBy(LimitedBy.WINDOW);
    observe(SECOND, 1_000, 1_000);
    link.limitedBy(LimitedBy.SPOOL);
    assertThat(observe(2 * SECOND, 1_000, 1_000)).isEqualTo(64 << 10);
    assertThat(observe(4 * SECOND, 1_000, 1_000)).isEqualTo(Integer.MAX_VALUE);
  }
}
