package dev.weir.bench.ship;

import dev.weir.bench.BenchReport;
import dev.weir.bench.BenchRow;
import dev.weir.bench.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What `weir bench ship` found.
///
/// @param options what was asked for
/// @param rows by world, then mode
/// @param peers what other programs reached, in their own data
/// @param plainZstdRatio of the data, single bodies at level 3
/// @param meanBytes of a body
/// @param lab what the path was
/// @param machine what it was before the first run, see [BenchReport#machine]
public record ShipReport(
    ShipOptions options,
    List<ShipRow> rows,
    List<PeerRow> peers,
    double plainZstdRatio,
    double meanBytes,
    String lab,
    Map<String, String> machine) {
  public ShipReport {
    rows = List.copyOf(rows);
    peers = List.copyOf(peers);
    machine = new LinkedHashMap<>(machine);
  }

  /// Whether everything that Weir acked was stored once and as sent.
  public boolean isClean() {
    return !rows.isEmpty()
        && rows.stream().allMatch(ShipRow::isClean)
        && peers.stream().filter(row -> row.peer() == Peer.WEIR).allMatch(PeerRow::isClean);
  }

  /// As `weir.bench/v1`.
  public BenchReport bench() {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (ShipRow row : rows) {
      speedUp(row)
          .ifPresent(ratio ->
              ratios.put(row.profile().name() + " " + row.mode().name() + "/sync54", ratio));
    }
    Map<String, String> env = new LinkedHashMap<>(machine);
    env.put("lab", lab);
    env.put("data", options.set().label() + ", seed " + options.seed());
    env.put("meanMessageBytes", String.format(Locale.ROOT, "%.0f", meanBytes));
    env.put("plainZstd3Ratio", String.format(Locale.ROOT, "%.2f", plainZstdRatio));
    env.put("bytes", Long.toString(options.bytes().bytes()));
    env.put("longestSeconds", Long.toString(options.longest().toSeconds()));
    env.put("warmUpSeconds", Long.toString(options.warmUp().toSeconds()));
    env.put("runs", Integer.toString(options.runs()));
    env.put("ack", "durable: spool fsynced before sending, core fsynced before the ack");
    List<BenchRow> benchRows = new ArrayList<>(rows.stream().map(ShipRow::row).toList());
    benchRows.addAll(peers.stream().map(PeerRow::row).toList());
    return new BenchReport("ship", benchRows, ratios, env);
  }

  /// How many times the synchronous baseline of the same world; empty when that was not run.
  Optional<Double> speedUp(ShipRow row) {
    return rows.stream()
        .filter(other -> other.profile().equals(row.profile()))
        .filter(other -> other.mode().equals(ShipMode.SYNC54))
        .findFirst()
        .map(sync -> row.bitsPerSecond() / sync.bitsPerSecond());
  }

  /// The table for people.
  public String table() {
    StringBuilder text = new StringBuilder();
    String line = "%-9s  %-12s  %8s  %9s  %6s  %9s  %9s  %6s  %9s  %9s  %5s  %5s%n";
    text.append(
        String.format(
            Locale.ROOT,
            line,
            "PROFILE",
            "MODE",
            "MBIT/S",
            "7 GB IN",
            "×SYNC",
            "ACK P50",
            "ACK P99",
            "LINK",
            "EDGE CPU",
            "CORE CPU",
            "LOST",
            "DUPL"));
    for (ShipRow row : rows) {
      Map<String, Double> cells = row.row().extra();
      text.append(
          String.format(
              Locale.ROOT,
              line,
              row.profile().name(),
              row.mode().name(),
              number(cells, "appMbitPerSecond", "%.0f"),
              number(cells, "secondsFor7GB", "%.0f s"),
              speedUp(row).map(x -> String.format(Locale.ROOT, "%.1f", x)).orElse("-"),
              number(cells, "ackP50Ms", "%.0f ms"),
              number(cells, "ackP99Ms", "%.0f ms"),
              row.profile().bitsPerSecond() == 0
                  ? "-"
                  : String.format(
                      Locale.ROOT, "%.0f %%", cells.getOrDefault("utilisation", 0.0) * 100),
              number(cells, "edgeCpuSecondsPerGB", "%.1f s/GB"),
              number(cells, "coreCpuSecondsPerGB", "%.1f s/GB"),
              number(cells, "lost", "%.0f"),
              number(cells, "duplicated", "%.0f")));
    }
    return text.append(peerTable()).toString();
  }

  /// Other programs and what must be known of each; nothing without any.
  private String peerTable() {
    if (peers.isEmpty()) {
      return "";
    }
    List<List<String>> lines = new ArrayList<>(List.of(PeerRow.HEAD));
    peers.forEach(peer -> lines.add(peer.cells()));
    StringBuilder text = new StringBuilder("\n").append(TextTable.of(lines, PeerRow.WORDS));
    peerNotes().forEach(note -> text.append(note).append('\n'));
    return text.toString();
  }

  /// `PROGRAM: what must be known`, once for each that ran.
  List<String> peerNotes() {
    return peers.stream()
        .map(PeerRow::peer)
        .distinct()
        .map(peer -> peer.label() + ": " + peer.note() + ".")
        .toList();
  }

  /// One self-contained page with charts.
  public String html() {
    return new ShipHtml(this).page();
  }

  private static String number(Map<String, Double> cells, String name, String format) {
    return String.format(Locale.ROOT, format, cells.getOrDefault(name, Double.NaN));
  }
}
