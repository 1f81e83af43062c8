package dev.weir.bench.ops;

import dev.weir.bench.page.BarChart;
import dev.weir.bench.page.BarChart.Bar;
import dev.weir.bench.page.Html;
import dev.weir.bench.page.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The page of an ops bench.
final class OpsHtml {
  private static final List<String> HEAD =
      List.of("way", "ops/s", "× unary", "p50", "p99", "p99.9", "server CPU", "router CPU", "heap");

  /// What a service published in "protosocket" (2025) for its router and storage.
  private static final List<Bar> PUBLISHED =
      List.of(
          published("gRPC unary, routed", 20_000),
          published("gRPC streaming, routed", 25_000),
          published("raw TCP, routed", 70_000),
          published("raw TCP, today's claim", 100_000));

  private final OpsReport report;

  OpsHtml(OpsReport report) {
    this.report = report;
  }

  private static Bar published(String label, double rate) {
    return new Bar(label, rate, String.format(Locale.ROOT, "%,.0f published", rate), "theirs");
  }

  String page() {
    Page page =
        new Page(
            "Small calls",
            "One connection, one event loop for each end, loopback; load, router and server are"
                + " processes that share the machine's cores. Each way in turn, medians of the"
                + " rounds.");
    page.section(
        "Published",
        "Calls a second through a router with a p99.9 under 5 ms (3 ms for raw TCP, 1 ms for"
            + " today's claim), on other machines than this: compare the ratios.",
        new BarChart(PUBLISHED).svg("Published calls a second"));
    if (!report.highest().isEmpty()) {
      page.section(
          "The highest rate with a p99.9 under 5 ms",
          "Open loop: latency counts from the time at which a call was meant to begin.",
          new BarChart(searched()).svg("Calls a second with a p99.9 under 5 ms"));
    }
    for (String path : List.of("direct", OpsCase.ROUTED)) {
      report.cases().stream()
          .filter(what -> what.path().equals(path))
          .map(what -> what.bytes() + " B, " + what.load())
          .distinct()
          .forEach(load -> section(page, path, load));
    }
    page.section(
        "Self-test",
        String.format(
            Locale.ROOT,
            "The server was held up for %d ms; the open loop's p99.9 says %.0f ms.",
            report.check().pause().toMillis(),
            report.check().p999Millis()));
    return page.finish(report.bench().env());
  }

  private List<Bar> searched() {
    List<Bar> bars = new ArrayList<>();
    report
        .highest()
        .forEach((what, found) ->
            bars.add(
                new Bar(
                    what.way().label() + ", " + what.path(),
                    found.under5Ms(),
                    String.format(
                        Locale.ROOT, "%,d (1 ms: %,d)", found.under5Ms(), found.under1Ms()),
                    kind(what))));
    return bars;
  }

  private void section(Page page, String path, String load) {
    List<OpsCase> cases =
        report.cases().stream()
            .filter(what -> what.path().equals(path))
            .filter(what -> (what.bytes() + " B, " + what.load()).equals(load))
            .toList();
    List<Bar> bars = cases.stream().map(this::bar).toList();
    page.section(
        path + ", " + load,
        String.join(
            "; ", cases.stream().map(c -> c.way().label() + ": " + c.way().about()).toList()),
        new BarChart(bars).svg("Calls a second, " + path + ", " + load),
        Html.table(HEAD, cases.stream().map(this::cells).toList()));
  }

  private Bar bar(OpsCase what) {
    double rate = report.rate(what).median();
    return new Bar(
        what.way().label(), rate, String.format(Locale.ROOT, "%,.0f/s", rate), kind(what));
  }

  private static String kind(OpsCase what) {
    return switch (what.way()) {
      case WIRE, RPC_WIRE -> "ours";
      case UNARY, STREAM, STREAM_BATCH, REDIS, NATS -> "theirs";
    };
  }

  private List<String> cells(OpsCase what) {
    return List.of(
        what.way().label(),
        number("%,.0f", report.rate(what).median()),
        report.ratio(what, OpsWay.UNARY).map(x -> number("%.1f", x)).orElse("–"),
        number("%.3f ms", report.median(what, sample -> sample.figures().p50Nanos() / 1e6)),
        number("%.3f ms", report.median(what, sample -> sample.figures().p99Nanos() / 1e6)),
        number("%.3f ms", report.median(what, sample -> sample.figures().p999Nanos() / 1e6)),
        number("%.2f µs", report.median(what, OpsSample::serverCpuMicros)),
        what.path().equals(OpsCase.ROUTED)
            ? number("%.2f µs", report.median(what, OpsSample::routerCpuMicros))
            : "–",
        number("%,.0f B", report.median(what, OpsSample::serverBytes)));
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value);
  }
}
