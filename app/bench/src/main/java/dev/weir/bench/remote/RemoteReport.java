package dev.weir.bench.remote;

import dev.weir.bench.BenchReport;
import dev.weir.bench.BenchRow;
import dev.weir.bench.Spread;
import dev.weir.bench.page.BarChart;
import dev.weir.bench.page.BarChart.Bar;
import dev.weir.bench.page.Html;
import dev.weir.bench.page.Page;
import dev.weir.remote.RemoteMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/// What `weir bench remote` found.
public final class RemoteReport {
  /// Messages a second read off the published plot ("Streaming Remote Throughput", 2018), by mode
  /// at a buffer of 512 and of 5120.
  private static final List<Bar> PUBLISHED =
      List.of(
          published("sync, 512", 15_500),
          published("sync, 5120", 15_500),
          published("async, 512", 104_500),
          published("async, 5120", 122_000),
          published("in-order", 118_000));

  private final RemoteBenchOptions options;
  private final Map<RemoteCase, List<RemoteFigures>> results;
  private final Map<String, String> machine;

  RemoteReport(
      RemoteBenchOptions options,
      Map<RemoteCase, List<RemoteFigures>> results,
      Map<String, String> machine) {
    this.options = options;
    this.results = results;
    this.machine = machine;
  }

  private static Bar published(String label, double rate) {
    return new Bar(label, rate, String.format(Locale.ROOT, "%,.0f published", rate), "theirs");
  }

  /// Whether no message was lost or answered twice, and in-order kept the order.
  public boolean isClean() {
    return results.entrySet().stream()
        .allMatch(entry -> entry.getValue().stream().allMatch(f -> isClean(entry.getKey(), f)));
  }

  private static boolean isClean(RemoteCase what, RemoteFigures figures) {
    return figures.lost() == 0
        && figures.doubled() == 0
        && (what.mode() != RemoteMode.IN_ORDER || figures.disordered() == 0);
  }

  /// As `weir.bench/v1`.
  public BenchReport bench() {
    Map<String, String> env = new LinkedHashMap<>(machine);
    env.put("rounds", Integer.toString(options.rounds()));
    env.put("body", "64 B");
    env.put("senders", "a virtual thread a message, at most 5000; one for in-order");
    return new BenchReport(
        "remote", results.keySet().stream().map(this::row).toList(), ratios(), env);
  }

  private BenchRow row(RemoteCase what) {
    List<RemoteFigures> all = figures(what);
    Spread rate = rate(what);
    return BenchRow.of(what.name(), rate.median(), "msg/s")
        .with("low", rate.low())
        .with("high", rate.high())
        .with("lost", sum(all.stream().mapToLong(RemoteFigures::lost)))
        .with("doubled", sum(all.stream().mapToLong(RemoteFigures::doubled)))
        .with("disordered", sum(all.stream().mapToLong(RemoteFigures::disordered)))
        .with("connections", sum(all.stream().mapToLong(RemoteFigures::connections)))
        .labelled("remote", what.modeLabel())
        .labelled("transport", what.way().label())
        .labelled("buffer", Integer.toString(what.buffer()))
        .labelled("messages", Integer.toString(what.messages()))
        .labelled("reconnectEvery", Integer.toString(what.reconnectEvery()));
  }

  private static double sum(LongStream counts) {
    return counts.sum();
  }

  private List<RemoteFigures> figures(RemoteCase what) {
    return results.getOrDefault(what, List.of());
  }

  private Spread rate(RemoteCase what) {
    return Spread.of(figures(what).stream().map(RemoteFigures::perSecond).toList());
  }

  /// Of each transport: async to sync, in-order to async, and what the buffer's size matters.
  private Map<String, Double> ratios() {
    Map<String, Double> ratios = new LinkedHashMap<>();
    int many = options.manyMessages() > 0 ? options.manyMessages() : options.messages();
    for (RemoteWay way : RemoteWay.values()) {
      List<Double> async = new ArrayList<>();
      for (int buffer : options.buffers()) {
        double few = median(RemoteMode.ASYNC, way, buffer, options.messages());
        double sync = median(RemoteMode.SYNC, way, buffer, options.messages());
        double lots = median(RemoteMode.ASYNC, way, buffer, many);
        async.add(lots);
        String at = way.label() + " " + buffer;
        ratios.put("async / sync, " + at + " × " + options.messages(), few / sync);
        ratios.put("async × " + many + " / sync, " + at, lots / sync);
        double ordered = median(RemoteMode.IN_ORDER, way, buffer, many);
        ratios.put("in-order / async, " + at + " × " + many, ordered / lots);
      }
      Spread spread = Spread.of(async);
      ratios.put(
          "async by buffer, " + way.label() + " × " + many + ", highest / lowest",
          spread.high() / spread.low());
    }
    return ratios;
  }

  private double median(RemoteMode mode, RemoteWay way, int buffer, int messages) {
    return rate(new RemoteCase(mode, way, buffer, messages, 0)).median();
  }

  /// The table for people.
  public String table() {
    return bench().table();
  }

  /// One self-contained page with charts, and the published figures.
  public String html() {
    Page page =
        new Page(
            "Messages to a peer",
            "Loopback, peer and load in processes that share the machine's cores; the clock runs"
                + " from the release of the senders to the last reply.");
    page.section(
        "Published",
        "5000 messages, each from a sender of its own, gRPC between two Go programs.",
        new BarChart(PUBLISHED).svg("Published messages a second"));
    results.keySet().stream()
        .map(RemoteCase::messages)
        .distinct()
        .forEach(messages -> section(page, messages));
    return page.finish(bench().env());
  }

  private void section(Page page, int messages) {
    List<RemoteCase> cases =
        results.keySet().stream().filter(what -> what.messages() == messages).toList();
    List<Bar> bars = new ArrayList<>();
    List<List<String>> cells = new ArrayList<>();
    for (RemoteCase what : cases) {
      Spread rate = rate(what);
      String label = what.modeLabel() + " " + what.way().label() + " " + what.buffer();
      String kind = what.way() == RemoteWay.WIRE ? "ours" : "theirs";
      bars.add(
          new Bar(label, rate.median(), String.format(Locale.ROOT, "%,.0f", rate.median()), kind));
      boolean isClean = figures(what).stream().allMatch(f -> isClean(what, f));
      cells.add(
          List.of(
              what.name(),
              String.format(Locale.ROOT, "%,.0f", rate.median()),
              String.format(Locale.ROOT, "%,.0f–%,.0f", rate.low(), rate.high()),
              isClean ? "each once" : "NOT each once, in order"));
    }
    page.section(
        String.format(Locale.ROOT, "%,d messages", messages),
        "By mode, transport and buffer.",
        new BarChart(bars).svg("Messages a second"),
        Html.table(List.of("run", "msg/s", "low–high", "answers"), cells));
  }
}
