package dev.weir.bench.rtt;

import dev.weir.bench.BenchReport;
import dev.weir.bench.BenchRow;
import dev.weir.bench.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What `weir bench rtt` found.
public final class RttReport {
  /// Requests 4 to 10 are the steady state, as the published table shows it.
  static final int STEADY_FROM = 3;

  private final RttOptions options;
  private final Map<RttCase, List<List<Double>>> results;
  private final Map<String, String> machine;

  /// @param results milliseconds of each request, by round
  RttReport(
      RttOptions options, Map<RttCase, List<List<Double>>> results, Map<String, String> machine) {
    this.options = options;
    this.results = results;
    this.machine = machine;
  }

  RttOptions options() {
    return options;
  }

  List<RttCase> cases() {
    return List.copyOf(results.keySet());
  }

  /// The middle of the rounds, for each request, in milliseconds.
  List<Double> medians(RttCase what) {
    List<List<Double>> rounds = results.getOrDefault(what, List.of());
    int count = rounds.isEmpty() ? 0 : rounds.getFirst().size();
    return IntStream.range(0, count)
        .mapToObj(i -> Spread.of(rounds.stream().map(round -> round.get(i)).toList()).median())
        .toList();
  }

  private double steady(RttCase what) {
    List<Double> all = medians(what);
    return Spread.of(all.subList(STEADY_FROM, all.size())).median();
  }

  /// What the path itself takes for a request, in milliseconds.
  double ideal(RttCase what) {
    return what.rttMillis() + what.bytes() * 8.0 / (options.megabits() * 1e3);
  }

  /// As `weir.bench/v1`; milliseconds are in the place of the rate.
  public BenchReport bench() {
    Map<String, String> env = new LinkedHashMap<>(machine);
    env.put("rounds", Integer.toString(options.rounds()));
    env.put("megabits", Integer.toString(options.megabits()));
    env.put("mtu", Integer.toString(options.mtu()));
    env.put("direction", "request up, a few bytes back");
    env.put("http", "JDK HttpClient against Jetty; HTTP/2 is connected and upgraded before");
    return new BenchReport("rtt", results.keySet().stream().map(this::row).toList(), ratios(), env);
  }

  private BenchRow row(RttCase what) {
    List<Double> medians = medians(what);
    BenchRow row =
        switch (what.kind()) {
          case RttCase.PING ->
              BenchRow.of(what.name(), medians.get(1), "ms").with("idleMs", medians.get(0));
          default ->
              BenchRow.of(what.name(), what.count() > 1 ? steady(what) : medians.getFirst(), "ms")
                  .with("idealMs", ideal(what));
        };
    if (what.count() > 1 && what.kind().equals(RttCase.RUN)) {
      for (int i = 0; i < medians.size(); i++) {
        row = row.with("request" + (i + 1) + "Ms", medians.get(i));
      }
    }
    return row.labelled("way", what.way().label())
        .labelled("kind", what.kind())
        .labelled("rttMillis", Integer.toString(what.rttMillis()))
        .labelled("bytes", Integer.toString(what.bytes()));
  }

  private Map<String, Double> ratios() {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (RttCase what : results.keySet()) {
      if (what.kind().equals(RttCase.PING)) {
        List<Double> idleAndLoaded = medians(what);
        ratios.put(what.name() + " / idle", idleAndLoaded.get(1) / idleAndLoaded.get(0));
      } else if (what.way() == RttWay.WIRE && what.count() > 1) {
        String at = " at " + what.rttMillis() + " ms";
        double steady = steady(what);
        ratios.put("wire steady / ideal" + at, steady / ideal(what));
        ratios.put("wire request 2 / steady" + at, medians(what).get(1) / steady);
        ratios.put(
            "grpc-default / wire, steady" + at, steady(what.of(RttWay.GRPC_DEFAULT)) / steady);
        ratios.put(
            "wire request 1 / http1 request 1" + at,
            medians(what).getFirst() / medians(what.of(RttWay.HTTP1)).getFirst());
      }
    }
    return ratios;
  }

  /// The table for people.
  public String table() {
    return bench().table();
  }

  /// One self-contained page with charts, and the published figures.
  public String html() {
    return new RttHtml(this).page();
  }
}
