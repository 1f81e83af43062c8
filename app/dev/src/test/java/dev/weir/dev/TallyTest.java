package dev.weir.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TallyTest {
  private final Tally tally = new Tally();

  @Test
  void countsEachMessageOnce() {
    tally.arrived("edge-1", 0);
    tally.arrived("edge-1", 1);
    tally.arrived("edge-2", 0);
    tally.arrived("edge-1", 1);

    assertThat(tally.stored()).isEqualTo(3);
    assertThat(tally.duplicated()).isEqualTo(1);
  }

  @Test
  void namesWhatIsMissing() {
    tally.arrived("edge-1", 0);
    tally.arrived("edge-1", 2);

    assertThat(tally.missing(Map.of("edge-1", 4, "edge-2", 1))).isEqualTo(3);
  }
}
