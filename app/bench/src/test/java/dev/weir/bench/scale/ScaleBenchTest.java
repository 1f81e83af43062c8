package dev.weir.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bench.BenchReport;
import dev.weir.bench.BenchRow;
import dev.weir.bench.TestJava;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scale cases at a hundredth of their size: what is measured, not how fast it is.
final class ScaleBenchTest {
  @TempDir Path directory;

  private ScaleOptions options(List<String> cases) {
    return new ScaleOptions(TestJava.words(), directory, cases, 1, 1);
  }

  @Test
  void measuresEachCase() throws IOException, InterruptedException {
    List<String> said = new ArrayList<>();

    BenchReport report = new ScaleBench(options(ScaleOptions.CASES), said::add).run().bench();

    assertThat(report.rows())
        .extracting(BenchRow::mode)
        .contains(
            "topics match, median",
            "subscribers others, longest",
            "sockets heap and buffers of one",
            "queue10m open",
            "queue10m consume slower");
    assertThat(rate(report, "sockets lost")).isZero();
    assertThat(rate(report, "sockets sockets")).isEqualTo(100);
    assertThat(rate(report, "subscribers subscribers")).isEqualTo(100);
    assertThat(rate(report, "queue10m consume, full")).isPositive();
    assertThat(rate(report, "topics match, median")).isPositive();
    assertThat(report.json()).contains("\"scenario\":\"hub-scale\"", "\"limit\":2000", "\"met\":");
    assertThat(said).hasSize(4);
    assertThat(directory).isEmptyDirectory();
  }

  private static double rate(BenchReport report, String mode) {
    return report.rows().stream()
        .filter(row -> row.mode().equals(mode))
        .mapToDouble(BenchRow::rate)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> options(List.of("galaxies")))
        .hasMessageContaining("'galaxies' is no case, expected one of [topics");
  }
}
