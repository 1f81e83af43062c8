package dev.weir.bench.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bench.BenchReport;
import dev.weir.bench.TestJava;
import dev.weir.bench.ship.ShipCore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole bench in short: what is measured, not how fast it is.
final class HubBenchTest {
  @TempDir Path directory;

  @Test
  void findsEveryMessageOfWeirAndSaysWhatIsLeftOut() throws IOException {
    List<String> said = new ArrayList<>();

    HubReport report =
        new HubBench(
                options(List.of("weir", "weir lane", "nats"), List.of("fan-out-10", "queue-8")),
                said::add)
            .run();

    assertThat(report.isClean()).isTrue();
    BenchReport bench = report.bench();
    assertThat(bench.rows())
        .extracting(row -> row.mode())
        .containsExactly("fan-out-10 weir", "queue-8 weir", "queue-8 weir lane");
    assertThat(bench.rows())
        .allSatisfy(row -> {
          assertThat(row.rate()).isPositive();
          assertThat(row.extra()).containsEntry("faults", 0.0);
          assertThat(row.labels()).containsEntry("fsync", "yes");
        });
    assertThat(bench.env().get("nats")).contains("not measured", "./weir");
    assertThat(said).anyMatch(line -> line.startsWith("nats is not measured"));
    assertThat(bench.json()).contains("\"scenario\":\"hub\"");
    assertThat(report.html()).contains("<svg", "fan-out 1→10");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> options(List.of("kafka"), List.of("queue-1")))
        .hasMessageContaining("'kafka' is no way, expected one of [weir, weir lane");
    assertThatThrownBy(() -> options(List.of("weir"), List.of("queue-9")))
        .hasMessageContaining("'queue-9' is no case, expected one of [fan-out-10");
  }

  private HubOptions options(List<String> ways, List<String> cases) {
    List<String> core = new ArrayList<>(TestJava.words());
    core.addAll(List.of(ShipCore.class.getName(), "0"));
    return new HubOptions(
        TestJava.words(),
        core,
        directory,
        ways,
        cases,
        1,
        Duration.ZERO,
        Duration.ofMillis(300),
        Optional.empty());
  }
}
