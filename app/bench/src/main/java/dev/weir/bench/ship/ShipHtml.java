package dev.weir.bench.ship;

import dev.weir.bench.page.BarChart;
import dev.weir.bench.page.BarChart.Bar;
import dev.weir.bench.page.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The report of a ship bench as one page that needs nothing else: the published figures beside
/// ours, a chart and a table for each world, and what must be known to repeat it.
final class ShipHtml {
  /// Below it asynchrony gained little, and the page says so.
  private static final double LITTLE_GAIN = 1.2;

  private final ShipReport report;

  ShipHtml(ShipReport report) {
    this.report = report;
  }

  String page() {
    StringBuilder html = new StringBuilder();
    html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width\">\n");
    html.append("<title>weir bench ship</title>\n<style>\n").append(Html.STYLE);
    html.append("</style></head><body>\n<h1>Shipping to a core</h1>\n");
    html.append(paragraph("about", summary()));
    published().ifPresent(html::append);
    worlds().forEach(profile -> html.append(world(profile)));
    if (!report.peers().isEmpty()) {
      html.append(peers());
    }
    return html.append(conditions()).append("</body></html>\n").toString();
  }

  private String summary() {
    return String.format(
        Locale.ROOT,
        "Every message went from a spool that was fsynced, over the path, into a log that was fsynced"
            + " before the ack, and was read back: %s. Data: %s, %.1f KB a message; zstd at level 3"
            + " makes single messages %.2f times smaller.",
        report.isClean()
            ? "none lost, none duplicated, every byte as sent"
            : "NOT everything acked was there once and as sent",
        report.options().set().label(),
        report.meanBytes() / 1e3,
        report.plainZstdRatio());
  }

  private static String paragraph(String kind, String text) {
    return "<p class=\"" + kind + "\">" + Html.escaped(text) + "</p>\n";
  }

  private List<ShipProfile> worlds() {
    return report.rows().stream().map(ShipRow::profile).distinct().toList();
  }

  private List<ShipRow> rows(ShipProfile profile) {
    return report.rows().stream().filter(row -> row.profile().equals(profile)).toList();
  }

  /// The published table beside ours, when the seed profile was run.
  private Optional<String> published() {
    Optional<ShipProfile> seed =
        worlds().stream().filter(profile -> profile.name().equals("seed")).findFirst();
    return seed.map(profile -> {
      List<Bar> bars = new ArrayList<>();
      for (ShipRow row : rows(profile)) {
        Published.ALL.stream()
            .filter(published -> published.mode().equals(row.mode()))
            .forEach(published ->
                bars.add(
                    new Bar(
                        "published, " + published.mode().name(),
                        published.seconds(),
                        String.format(Locale.ROOT, "%,.0f s", published.seconds()),
                        "theirs")));
        bars.add(
            new Bar(
                "Weir, " + row.mode().name(),
                row.secondsFor7Gb(),
                String.format(Locale.ROOT, "%,.0f s", row.secondsFor7Gb())
                    + report.speedUp(row).map(ShipHtml::times).orElse(""),
                "ours"));
      }
      return "<h2>7 GB, published and here</h2>\n"
          + paragraph(
              "about",
              "Published: 7 GB of metrics over an idle 10 Gbit/s network to spinning disks; shorter"
                  + " is better. Here: the path and the commit time computed back from those figures ("
                  + profile.about()
                  + "), scaled from the runs below to 7 GB.")
          + new BarChart(bars).svg("Seconds for 7 GB");
    });
  }

  private static String times(double factor) {
    return String.format(Locale.ROOT, " (%.1f×)", factor);
  }

  private String world(ShipProfile profile) {
    List<ShipRow> rows = rows(profile);
    List<Bar> bars =
        rows.stream()
            .map(row ->
                new Bar(
                    row.mode().name(),
                    row.bitsPerSecond(),
                    String.format(Locale.ROOT, "%.0f Mbit/s", row.bitsPerSecond() / 1e6)
                        + report.speedUp(row).map(ShipHtml::times).orElse(""),
                    "ours"))
            .toList();
    return "<h2>"
        + Html.escaped(profile.name())
        + "</h2>\n"
        + paragraph("about", profile.about() + ". " + verdict(rows))
        + new BarChart(bars).svg("Megabits of message bodies a second, " + profile.name())
        + Html.table(
            List.of(
                "mode",
                "Mbit/s",
                "7 GB in",
                "× sync54",
                "ack p50",
                "ack p99",
                "link used",
                "wire MB",
                "edge CPU s/GB",
                "core CPU s/GB",
                "lost",
                "duplicated"),
            rows.stream().map(this::cells).toList());
  }

  /// What an operator should take from the world, in words.
  private String verdict(List<ShipRow> rows) {
    Optional<ShipRow> async =
        rows.stream().filter(row -> row.mode().equals(ShipMode.ASYNC)).findFirst();
    Optional<Double> gain = async.flatMap(report::speedUp);
    if (gain.isEmpty()) {
      return "";
    }
    return gain.get() > LITTLE_GAIN
        ? String.format(
            Locale.ROOT, "Waiting was the limit: asynchrony alone gains %.1f×.", gain.get())
        : String.format(
            Locale.ROOT,
            "The line was full before: asynchrony alone gains only %.1f× here; fewer bytes gain the"
                + " rest.",
            gain.get());
  }

  private List<String> cells(ShipRow row) {
    Map<String, Double> figures = row.row().extra();
    return List.of(
        row.mode().name(),
        number(figures, "appMbitPerSecond", "%.0f"),
        number(figures, "secondsFor7GB", "%,.0f s"),
        report.speedUp(row).map(x -> String.format(Locale.ROOT, "%.1f", x)).orElse("–"),
        number(figures, "ackP50Ms", "%.0f ms"),
        number(figures, "ackP99Ms", "%.0f ms"),
        row.profile().bitsPerSecond() == 0
            ? "–"
            : String.format(Locale.ROOT, "%.0f %%", figures.getOrDefault("utilisation", 0.0) * 100),
        String.format(Locale.ROOT, "%.1f", figures.getOrDefault("wireBytes", 0.0) / 1e6),
        number(figures, "edgeCpuSecondsPerGB", "%.1f"),
        number(figures, "coreCpuSecondsPerGB", "%.1f"),
        number(figures, "lost", "%.0f"),
        number(figures, "duplicated", "%.0f"));
  }

  private String peers() {
    StringBuilder html = new StringBuilder("<h2>Other programs</h2>\n");
    html.append(
        paragraph(
            "about",
            "In the same lab, without a world's extra commit time. FSYNC: which sides have fsynced a"
                + " message when its sender forgets it. What had arrived when the time was over"
                + " counts."));
    html.append(Html.table(PeerRow.HEAD, report.peers().stream().map(PeerRow::cells).toList()));
    report.peerNotes().forEach(note -> html.append(paragraph("about", note)));
    return html.toString();
  }

  private static String number(Map<String, Double> figures, String name, String format) {
    return String.format(Locale.ROOT, format, figures.getOrDefault(name, Double.NaN));
  }

  private String conditions() {
    List<List<String>> rows = new ArrayList<>();
    report.bench().env().forEach((name, value) -> rows.add(List.of(name, value)));
    return "<h2>Conditions</h2>\n"
        + Html.table(List.of("what", "value"), rows)
        + paragraph(
            "about",
            "Edge, core and the lab share the machine's cores. Ack times count from the moment a"
                + " message (sync54, async100) or a batch (the others) is handed to the connection."
                + " CPU of the edge includes making the data.");
  }
}
