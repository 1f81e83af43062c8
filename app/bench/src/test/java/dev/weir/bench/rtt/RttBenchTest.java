package dev.weir.bench.rtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.bench.BenchReport;
import dev.weir.bench.TestJava;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The whole bench with tiny counts: what is measured, not how fast it is.
final class RttBenchTest {
  @Test
  void measuresEveryWayOverARelay() throws IOException {
    RttOptions tiny =
        new RttOptions(TestJava.words(), List.of(), List.of(), 2, 10_000, 1_500, 1, 0, false)
            .at(List.of(2))
            .sized(List.of(1_000, 50_000));

    RttReport report = new RttBench(tiny, Clock.SYSTEM, _ -> {}).run();

    BenchReport bench = report.bench();
    // Ten requests and two sizes in six ways, pings in three.
    assertThat(bench.rows()).hasSize(6 + 3 + 2 * 6);
    assertThat(bench.rows()).allSatisfy(row -> assertThat(row.rate()).isGreaterThan(2));
    assertThat(bench.rows().getFirst().extra())
        .containsKeys("request1Ms", "request10Ms", "idealMs");
    assertThat(bench.ratios())
        .containsKeys(
            "wire steady / ideal at 2 ms",
            "grpc-default / wire, steady at 2 ms",
            "wire 2 ms, ping beside 20 MB / idle");
    assertThat(bench.json()).contains("\"schema\":\"weir.bench/v1\"", "\"scenario\":\"rtt\"");
    assertThat(report.html()).contains("<svg", "Published");
  }

  @Test
  void takesTheMiddleOfTheRoundsForEachRequest() {
    RttOptions options =
        new RttOptions(List.of("java"), List.of(16), List.of(), 152, 1_000, 1_500, 3, 0, false);
    RttCase wire = new RttCase(RttCase.RUN, RttWay.WIRE, 16, 1_000_000, 4);
    List<List<Double>> rounds =
        List.of(
            List.of(90.0, 30.0, 24.0, 25.0),
            List.of(70.0, 31.0, 24.0, 24.0),
            List.of(80.0, 24.0, 24.0, 26.0));
    List<List<Double>> rival = List.of(List.of(160.0, 50.0, 50.0, 50.0));
    RttReport report =
        new RttReport(
            options,
            Map.of(wire, rounds, wire.of(RttWay.GRPC_DEFAULT), rival, wire.of(RttWay.HTTP1), rival),
            Map.of());

    assertThat(report.medians(wire)).containsExactly(80.0, 30.0, 24.0, 25.0);
    assertThat(report.ideal(wire)).isEqualTo(24.0);
    assertThat(report.bench().ratios())
        .containsEntry("grpc-default / wire, steady at 16 ms", 2.0)
        .containsEntry("wire request 1 / http1 request 1 at 16 ms", 0.5)
        .containsEntry("wire request 2 / steady at 16 ms", 1.2);
  }
}
