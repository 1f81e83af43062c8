package dev.weir.bench.rtt;

import dev.weir.bench.page.BarChart;
import dev.weir.bench.page.BarChart.Bar;
import dev.weir.bench.page.Html;
import dev.weir.bench.page.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The page of an rtt bench.
final class RttHtml {
  /// "gRPC-Go performance improvements", 2017: ten requests of 1 MB on a new connection, ms.
  private static final List<Published> PUBLISHED =
      List.of(
          new Published("gRPC-Go", 16, 118.84, 36.80, 20.6),
          new Published("HTTP/2", 16, 84.45, 22.48, 20.9),
          new Published("HTTP/1.1", 16, 58.86, 20.88, 21.0),
          new Published("gRPC-Go", 64, 455.07, 195.43, 69.0),
          new Published("HTTP/2", 64, 275.29, 70.39, 69.7),
          new Published("HTTP/1.1", 64, 208.83, 70.04, 70.4));

  private final RttReport report;

  /// @param what was measured
  /// @param rttMillis of the path
  /// @param first request, ms
  /// @param second request, ms
  /// @param steady requests 4 to 10, ms
  private record Published(String what, int rttMillis, double first, double second, double steady) {
    List<String> cells() {
      return List.of(what, rttMillis + " ms", millis(first), millis(second), millis(steady));
    }
  }

  RttHtml(RttReport report) {
    this.report = report;
  }

  String page() {
    Page page =
        new Page(
            "Large requests over a round trip",
            String.format(
                Locale.ROOT,
                "%d Mbit/s, packets of %d bytes; the request goes up, a few bytes come back.",
                report.options().megabits(),
                report.options().mtu()));
    page.section(
        "Published",
        "Ten requests of 1 MB on a new connection between two machines.",
        Html.table(
            List.of("what", "RTT", "first", "second", "4 to 10"),
            PUBLISHED.stream().map(Published::cells).toList()));
    report.cases().stream()
        .filter(what -> what.kind().equals(RttCase.RUN) && what.count() > 1)
        .map(RttCase::rttMillis)
        .distinct()
        .forEach(rtt -> consecutive(page, rtt));
    pings(page);
    sizes(page);
    return page.finish(report.bench().env());
  }

  private void consecutive(Page page, int rtt) {
    List<RttCase> cases =
        report.cases().stream()
            .filter(what -> what.kind().equals(RttCase.RUN) && what.count() > 1)
            .filter(what -> what.rttMillis() == rtt)
            .toList();
    List<Bar> bars = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (RttCase what : cases) {
      List<Double> medians = report.medians(what);
      double last = medians.getLast();
      bars.add(new Bar(what.way().label(), last, millis(last), kind(what)));
      List<String> row = new ArrayList<>(List.of(what.way().label()));
      medians.forEach(each -> row.add(millis(each)));
      rows.add(row);
    }
    List<String> head = new ArrayList<>(List.of("way"));
    IntStream.rangeClosed(1, RttOptions.REQUESTS).forEach(i -> head.add("#" + i));
    page.section(
        "Ten requests of 1 MB at " + rtt + " ms",
        String.format(
            Locale.ROOT,
            "The path itself takes %s. The chart shows the tenth.",
            millis(report.ideal(cases.getFirst()))),
        new BarChart(bars).svg("The tenth request, milliseconds"),
        Html.table(head, rows));
  }

  private void pings(Page page) {
    List<List<String>> rows = new ArrayList<>();
    for (RttCase what : report.cases()) {
      if (what.kind().equals(RttCase.PING)) {
        List<Double> medians = report.medians(what);
        rows.add(List.of(what.name(), millis(medians.get(0)), millis(medians.get(1))));
      }
    }
    page.section(
        "Small requests beside a large one",
        "On the same connection; the middle one.",
        Html.table(List.of("what", "alone", "beside"), rows));
  }

  private void sizes(Page page) {
    List<List<String>> rows = new ArrayList<>();
    for (RttCase what : report.cases()) {
      if (what.kind().equals(RttCase.RUN) && what.count() == 1) {
        rows.add(
            List.of(
                what.name(), millis(report.medians(what).getFirst()), millis(report.ideal(what))));
      }
    }
    if (!rows.isEmpty()) {
      page.section(
          "Sizes on fresh connections",
          "Published at 152 ms: gRPC and HTTP/1.1 alike some 152 ms up to 1 MB, 622 and 630 ms for"
              + " 10 MB, 5 s for 100 MB.",
          Html.table(List.of("what", "took", "the path itself"), rows));
    }
  }

  private static String kind(RttCase what) {
    return what.way() == RttWay.WIRE ? "ours" : "theirs";
  }

  private static String millis(double value) {
    return String.format(Locale.ROOT, "%.1f ms", value);
  }
}
