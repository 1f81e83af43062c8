package dev.weir.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The relay as a lab: what tests run over without root.
final class RelayLabTest {
  @Test
  void delaysAndLimitsWhatItPasses() throws IOException {
    PathSettings path = PathSettings.parse("20/100");
    try (RelayLab lab = RelayLab.open(path, Clock.SYSTEM);
        Probe probe = new TcpProbe(lab, Clock.SYSTEM)) {
      assertThat(probe.rttNanos(3)).isGreaterThanOrEqualTo(path.rtt().toNanos());

      double bits = probe.bitsPerSecond(path.bitsPerSecond(), Duration.ofMillis(300));

      assertThat(bits).isBetween(path.bitsPerSecond() * 0.2, path.bitsPerSecond() * 1.1);
    }
  }
}
