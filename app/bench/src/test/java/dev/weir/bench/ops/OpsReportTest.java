package dev.weir.bench.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bench.BenchRow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OpsReportTest {
  private static final OpsCase WIRE = new OpsCase(OpsWay.WIRE, false, 64, 1, 0);
  private static final OpsCase NATS = new OpsCase(OpsWay.NATS, false, 64, 1, 0);

  @Test
  void countsARoundThatFailedAsNothingAndKeepsTheFiguresOfTheOthers() {
    OpsReport report =
        report(Map.of(WIRE, List.of(sample(100), sample(300), OpsSample.failed(second()))));

    BenchRow row = report.bench().rows().getFirst();

    assertThat(report.isClean()).isFalse();
    assertThat(row.rate()).isEqualTo(100);
    assertThat(row.extra())
        .containsEntry("low", 0.0)
        .containsEntry("failures", 1.0)
        .containsEntry("p50Ms", 2.0);
  }

  @Test
  void tellsNoLatencyOfWhatNeverAnswered() {
    OpsReport report =
        report(Map.of(NATS, List.of(OpsSample.failed(second())), WIRE, List.of(sample(100))));

    BenchRow row =
        report.bench().rows().stream()
            .filter(one -> one.mode().startsWith("nats"))
            .findFirst()
            .orElseThrow();

    assertThat(row.rate()).isZero();
    assertThat(row.extra()).containsEntry("failures", 1.0).doesNotContainKey("p50Ms");
    assertThat(report.html()).contains("–").doesNotContain("NaN");
  }

  private static OpsReport report(Map<OpsCase, List<OpsSample>> samples) {
    return new OpsReport(
        OpsOptions.quick(List.of("java")),
        new LinkedHashMap<>(samples),
        Map.of(),
        new PauseCheck(Duration.ofMillis(200), 200),
        new LinkedHashMap<>());
  }

  private static OpsSample sample(long operations) {
    OpsFigures figures =
        new OpsFigures(
            operations, second().toNanos(), 2_000_000, 3_000_000, 4_000_000, 5_000_000, 0);
    return new OpsSample(figures, 1, 0, 1, 8);
  }

  private static Duration second() {
    return Duration.ofSeconds(1);
  }
}
