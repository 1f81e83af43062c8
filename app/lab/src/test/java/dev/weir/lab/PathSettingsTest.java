package dev.weir.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Paths as they are written.
final class PathSettingsTest {
  @Test
  void readsRoundTripAndRate() {
    PathSettings path = PathSettings.parse("64/400");

    assertThat(path.rtt()).isEqualTo(Duration.ofMillis(64));
    assertThat(path.bitsPerSecond()).isEqualTo(400_000_000);
    assertThat(PathSettings.parse("seed").bitsPerSecond()).isEqualTo(180_000_000);
  }

  @Test
  void putsHalfOfTheRoundTripIntoEachDirectionAndARoundTripIntoTheQueue() {
    LineSettings line = PathSettings.parse("64/400").line();

    assertThat(line.delay()).isEqualTo(Duration.ofMillis(32));
    assertThat(line.queueBytes()).isEqualTo(3_200_000);
    assertThat(PathSettings.parse("16/400").line().queueBytes()).isEqualTo(2_500_000); // 50 ms
  }

  @Test
  void refusesWhatIsNoPath() {
    assertThatThrownBy(() -> PathSettings.parse("fast"))
        .hasMessageContaining("'fast' is not a path, expected seed or RTT/RATE");
    assertThatThrownBy(() -> PathSettings.parse("16/400").withMtu(100))
        .hasMessageContaining("mtu is 100, expected 576 to 9000");
    assertThatThrownBy(() -> LineSettings.OPEN.withLoss(1.5)).hasMessageContaining("loss is 1.5");
  }
}
