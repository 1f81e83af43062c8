package dev.weir.bench.scale;

import dev.weir.bench.BenchReport;
import dev.weir.bench.BenchRow;
import java.util.List;
import java.util.Map;

/// What the scale cases of `weir bench hub` found.
public final class ScaleReport {
  private final List<ScaleFigure> figures;
  private final Map<String, String> machine;

  ScaleReport(List<ScaleFigure> figures, Map<String, String> machine) {
    this.figures = List.copyOf(figures);
    this.machine = Map.copyOf(machine);
  }

  /// Whether every figure is within what is asked.
  public boolean isMet() {
    return figures.stream().allMatch(ScaleFigure::isMet);
  }

  /// As `weir.bench/v1`: `limit` is what a figure should not exceed, `met` whether it does not.
  public BenchReport bench() {
    return new BenchReport(
        "hub-scale", figures.stream().map(ScaleReport::row).toList(), Map.of(), machine);
  }

  private static BenchRow row(ScaleFigure figure) {
    BenchRow row =
        BenchRow.of(figure.of().label() + " " + figure.what(), figure.value(), figure.unit())
            .labelled("case", figure.of().label());
    return figure.limit() == 0
        ? row
        : row.with("limit", figure.limit()).labelled("met", figure.isMet() ? "yes" : "no");
  }

  /// The table for people.
  public String table() {
    return bench().table() + (isMet() ? "all within their limits\n" : "beyond a limit\n");
  }
}
