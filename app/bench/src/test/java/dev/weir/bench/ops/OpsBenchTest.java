package dev.weir.bench.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bench.BenchReport;
import dev.weir.bench.TestJava;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The whole bench with tiny sizes: what is measured, not how fast it is.
final class OpsBenchTest {
  @Test
  void measuresEveryWayAndSeesAPause() throws IOException {
    OpsOptions tiny =
        new OpsOptions(
            TestJava.words(),
            OpsOptions.OURS,
            true,
            List.of(16),
            List.of(1, 8),
            1,
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            List.of(200),
            false,
            Duration.ofNanos(20_000),
            true);

    OpsReport report = new OpsBench(tiny, _ -> {}).run();

    assertThat(report.isClean()).isTrue();
    assertThat(report.check().p999Millis()).isGreaterThanOrEqualTo(190);
    BenchReport bench = report.bench();
    List<String> modes = bench.rows().stream().map(row -> row.mode()).toList();
    assertThat(modes)
        .contains(
            "unary direct 16 B 1 in flight",
            "stream direct 16 B 8 in flight",
            "stream-batch routed 16 B 8 in flight",
            "rpc-wire direct 16 B 8 in flight",
            "wire routed 16 B 8 in flight",
            "wire direct 16 B at 200/s")
        .doesNotHaveDuplicates();
    assertThat(bench.rows()).allSatisfy(row -> assertThat(row.rate()).isPositive());
    assertThat(bench.ratios())
        .containsKeys(
            "wire direct 16 B 8 in flight / unary",
            "wire routed 16 B 8 in flight / unary",
            "wire direct 16 B 1 in flight / stream-batch");
    assertThat(bench.json()).contains("\"schema\":\"weir.bench/v1\"", "\"scenario\":\"ops\"");
    assertThat(report.html()).contains("<svg", "published");
  }
}
