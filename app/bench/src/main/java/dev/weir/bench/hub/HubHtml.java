package dev.weir.bench.hub;

import dev.weir.bench.page.BarChart;
import dev.weir.bench.page.BarChart.Bar;
import dev.weir.bench.page.Html;
import dev.weir.bench.page.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The page of a hub bench.
final class HubHtml {
  private static final List<String> HEAD =
      List.of(
          "hub",
          "fsync before the ack",
          "deliveries/s",
          "p50",
          "p99",
          "steady p50",
          "steady p99",
          "CPU s a million",
          "faults");

  private final HubReport report;

  HubHtml(HubReport report) {
    this.report = report;
  }

  String page() {
    Page page =
        new Page(
            "Fan-out and work queues",
            "Each hub in turn with an empty directory on loopback; publisher and readers are one"
                + " process beside it. Every message is looked for at every reader. Medians of the"
                + " rounds.");
    for (HubCase what : report.cases()) {
      List<HubReport.Key> keys = report.keys(what);
      List<Bar> bars = keys.stream().map(this::bar).toList();
      List<String> about = new ArrayList<>();
      keys.forEach(key -> about.add(key.way().label() + ": " + key.way().about()));
      page.section(
          what.about(),
          "Steady: " + what.steady() + " messages a second. " + String.join("; ", about) + ".",
          new BarChart(bars).svg("Deliveries a second, " + what.about()),
          Html.table(HEAD, keys.stream().map(this::cells).toList()));
    }
    return page.finish(report.bench().env());
  }

  private Bar bar(HubReport.Key key) {
    double rate = report.median(key, sample -> sample.flatOut().perSecond());
    return new Bar(
        key.way().label(), rate, number("%,.0f/s", rate), key.way().isOurs() ? "ours" : "theirs");
  }

  private List<String> cells(HubReport.Key key) {
    return List.of(
        key.way().label(),
        key.way().fsync(),
        number("%,.0f", report.median(key, sample -> sample.flatOut().perSecond())),
        number("%.2f ms", report.median(key, sample -> sample.flatOut().p50Nanos() / 1e6)),
        number("%.2f ms", report.median(key, sample -> sample.flatOut().p99Nanos() / 1e6)),
        number("%.2f ms", report.median(key, sample -> sample.steady().p50Nanos() / 1e6)),
        number("%.2f ms", report.median(key, sample -> sample.steady().p99Nanos() / 1e6)),
        number("%.2f", report.median(key, HubSample::serverCpuPerMillion)),
        number("%.0f", report.median(key, HubSample::faults)));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
