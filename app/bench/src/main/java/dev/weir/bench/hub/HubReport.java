package dev.weir.bench.hub;

import dev.weir.bench.BenchReport;
import dev.weir.bench.BenchRow;
import dev.weir.bench.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// What `weir bench hub` found.
public final class HubReport {
  private final HubOptions options;
  private final Map<Key, List<HubSample>> samples;
  private final Map<String, String> machine;

  /// A line of the report.
  record Key(HubCase what, HubWay way) {
    String mode() {
      return what.label() + " " + way.label();
    }
  }

  HubReport(HubOptions options, Map<Key, List<HubSample>> samples, Map<String, String> machine) {
    this.options = options;
    this.samples = samples;
    this.machine = machine;
  }

  /// Whether Weir lost, doubled, moved, damaged and refused nothing.
  public boolean isClean() {
    return samples.entrySet().stream()
        .filter(entry -> entry.getKey().way().isOurs())
        .flatMap(entry -> entry.getValue().stream())
        .allMatch(sample -> sample.faults() == 0);
  }

  /// As `weir.bench/v1`.
  public BenchReport bench() {
    List<BenchRow> rows = new ArrayList<>();
    for (HubCase what : options.workloads()) {
      keys(what).forEach(key -> rows.add(row(key)));
    }
    Map<String, String> env = new LinkedHashMap<>(machine);
    env.put("rounds", Integer.toString(options.rounds()));
    env.put("secondsEach", Double.toString(options.time().toMillis() / 1e3));
    env.put(
        "setting",
        "loopback; one publisher and all readers in one process, ten connections for the readers;"
            + " at most 4,096 messages under way end to end");
    return new BenchReport("hub", rows, ratios(), env);
  }

  private BenchRow row(Key key) {
    Spread rate = spread(key, sample -> sample.flatOut().perSecond());
    BenchRow row =
        BenchRow.of(key.mode(), rate.median(), "deliveries/s")
            .with("low", rate.low())
            .with("high", rate.high())
            .with("p50Ms", median(key, sample -> sample.flatOut().p50Nanos() / 1e6))
            .with("p99Ms", median(key, sample -> sample.flatOut().p99Nanos() / 1e6))
            .with("steadyP50Ms", median(key, sample -> sample.steady().p50Nanos() / 1e6))
            .with("steadyP99Ms", median(key, sample -> sample.steady().p99Nanos() / 1e6))
            .with("serverCpuPerMillion", median(key, HubSample::serverCpuPerMillion))
            .with("loadCpuPerMillion", median(key, HubSample::loadCpuPerMillion))
            .with("faults", spread(key, HubSample::faults).high());
    return row.labelled("case", key.what().label())
        .labelled("hub", key.way().label())
        .labelled("fsync", key.way().fsync())
        .labelled("steady", key.what().steady() + " msg/s");
  }

  private Map<String, Double> ratios() {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (HubCase what : options.workloads()) {
      for (HubWay rival : HubWay.values()) {
        if (!rival.isOurs()) {
          ratio(what, HubWay.WEIR, rival)
              .ifPresent(ratio -> ratios.put(what.label() + " weir / " + rival.label(), ratio));
          ratio(what, HubWay.WEIR_LANE, rival)
              .ifPresent(
                  ratio -> ratios.put(what.label() + " weir lane / " + rival.label(), ratio));
        }
      }
    }
    return ratios;
  }

  /// Times the rate of a rival: the median of the rounds' own ratios.
  Optional<Double> ratio(HubCase what, HubWay way, HubWay rival) {
    List<HubSample> ours = samples.getOrDefault(new Key(what, way), List.of());
    List<HubSample> theirs = samples.getOrDefault(new Key(what, rival), List.of());
    if (ours.isEmpty() || ours.size() != theirs.size()) {
      return Optional.empty();
    }
    List<Double> each = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      each.add(ours.get(i).flatOut().perSecond() / theirs.get(i).flatOut().perSecond());
    }
    return Optional.of(Spread.of(each).median());
  }

  private Spread spread(Key key, ToDoubleFunction<HubSample> figure) {
    return Spread.of(
        samples.getOrDefault(key, List.of()).stream().map(figure::applyAsDouble).toList());
  }

  double median(Key key, ToDoubleFunction<HubSample> figure) {
    return spread(key, figure).median();
  }

  /// What was measured of a case, in the order of the hubs.
  List<Key> keys(HubCase what) {
    return Arrays.stream(HubWay.values())
        .map(way -> new Key(what, way))
        .filter(samples::containsKey)
        .toList();
  }

  List<HubCase> cases() {
    return options.workloads();
  }

  /// The table for people.
  public String table() {
    return bench().table();
  }

  /// One self-contained page with charts.
  public String html() {
    return new HubHtml(this).page();
  }
}
