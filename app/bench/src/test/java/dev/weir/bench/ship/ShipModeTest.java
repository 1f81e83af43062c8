package dev.weir.bench.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The table of modes and worlds.
final class ShipModeTest {
  @Test
  void givesTheEdgeWhatTheModeSays() {
    assertThat(ShipMode.WITH_ZSTD.edgeSettings("weir://10.231.0.2:4750", "/spool", 1 << 24))
        .containsEntry("edge.compression.codec", "zstd")
        .containsEntry("edge.to", "weir://10.231.0.2:4750")
        .containsEntry("edge.spool.maxBytes", "16777216B");
    assertThat(ShipMode.ASYNC.settings()).containsEntry("edge.compression.codec", "none");
  }

  @Test
  void hasOnlySettingsThatTheEdgeKnows() {
    assertThat(ShipMode.ALL).allSatisfy(mode -> assertThat(mode.isAvailable()).isTrue());
  }

  @Test
  void addsOneMeansOfFewerBytesAfterTheOther() {
    assertThat(ShipMode.WITH_ZSTD.settings())
        .containsEntry("edge.compression.dictionary", "off")
        .containsEntry("edge.compression.columnar", "off");
    assertThat(ShipMode.WITH_DICTIONARY.settings())
        .containsEntry("edge.compression.dictionary", "auto")
        .containsEntry("edge.compression.columnar", "off");
    assertThat(ShipMode.WITH_COLUMNAR.settings())
        .containsEntry("edge.compression.dictionary", "auto")
        .containsEntry("edge.compression.columnar", "auto");
  }

  @Test
  void findsModesByName() {
    assertThat(ShipMode.ALL)
        .allSatisfy(mode -> assertThat(ShipMode.parse(mode.name())).isSameAs(mode));
    assertThatThrownBy(() -> ShipMode.parse("fast"))
        .hasMessageContaining("'fast' is no mode, expected one of sync54, async100, async, +zstd");
  }

  @Test
  void readsWorlds() {
    assertThat(ShipProfile.parse("seed").extraCommit()).isEqualTo(Duration.ofMillis(65));
    assertThat(ShipProfile.parse("64/400").bitsPerSecond()).isEqualTo(400_000_000);
    assertThat(ShipProfile.parse("loopback").path()).isEmpty();
    assertThat(ShipProfile.parse("seed").about()).isEqualTo("RTT 10 ms, 180 Mbit/s, +65 ms commit");
  }
}
