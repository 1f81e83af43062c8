package dev.weir.bench.ship;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.bench.data.DataSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole run in small, in real processes over loopback: what is shipped is what is found.
final class ShipRunTest {
  private static final ShipProfile LOOPBACK = ShipProfile.parse("loopback");

  @TempDir private Path directory;

  @Test
  void findsEveryMessageOfTheEdgeOnceAndInOrder() throws IOException {
    ShipResult result = run(ShipMode.WITH_ZSTD);

    assertThat(result.audit().isClean()).isTrue();
    assertThat(result.audit().disordered()).isZero();
    assertThat(result.audit().stored()).isEqualTo((long) result.load().messages());
    assertThat(result.load().bytes()).isGreaterThanOrEqualTo(2e6);
  }

  @Test
  void findsEveryMessageOfTheBaselineOnce() throws IOException {
    assertThat(run(ShipMode.SYNC54).audit().isClean()).isTrue();
  }

  private ShipResult run(ShipMode mode) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ShipOptions options =
        new ShipOptions(
            directory,
            List.of(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")),
            List.of(LOOPBACK),
            List.of(mode),
            DataSet.SEED_MIX,
            7,
            new ByteSize(2_000_000),
            Duration.ofSeconds(30),
            Duration.ZERO,
            1,
            PeerChoice.NONE);
    return new ShipRun(
            options, LOOPBACK, mode, LoadPlan.pool(options.set(), 7), Clock.SYSTEM, _ -> {})
        .run(directory, Optional.empty());
  }
}
