package dev.weir.bench.ship;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.bench.data.DataPool;
import dev.weir.bench.data.DataSet;
import dev.weir.lab.Lab;
import dev.weir.lab.PathSettings;
import dev.weir.lab.RelayLab;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Debian's rsyslog over a relay: every line arrives once and as it was written.
final class RsyslogTest {
  @TempDir private Path directory;

  @Test
  void findsEveryLineInTheFarFile() throws IOException {
    assertThat(Rsyslog.isInstalled()).as("install rsyslog and rsyslog-relp").isTrue();
    DataPool lines = new DataPool(DataSet.LOGS, 7, ByteSize.ofMebibytes(2)).asLines();

    PeerOutcome outcome;
    try (Lab lab = RelayLab.open(PathSettings.parse("2/1000"), Clock.SYSTEM)) {
      outcome =
          new Rsyslog(directory, lab, Clock.SYSTEM)
              .run(lines, ByteSize.ofMebibytes(2), Duration.ofSeconds(30), 1 << 20);
    }

    assertThat(outcome.audit())
        .hasValueSatisfying(audit -> {
          assertThat(audit.isClean()).isTrue();
          assertThat(audit.disordered()).isZero();
        });
    assertThat(outcome.load().bytes()).isGreaterThan(2e6);
    assertThat(outcome.wireBytes()).isGreaterThan(2_000_000);
    assertThat(outcome.load().cpuSeconds()).isPositive();
  }
}
