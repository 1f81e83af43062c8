package dev.weir.bench.ops;

import dev.weir.bench.BenchReport;
import dev.weir.bench.BenchRow;
import dev.weir.bench.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// What `weir bench ops` found.
public final class OpsReport {
  private final OpsOptions options;
  private final Map<OpsCase, List<OpsSample>> samples;
  private final Map<OpsCase, Highest> highest;
  private final PauseCheck check;
  private final Map<String, String> machine;

  /// The highest rates of an open loop, operations a second; 0 when not even 2,000 are.
  ///
  /// @param under1Ms with a p99.9 under 1 ms
  /// @param under5Ms with a p99.9 under 5 ms
  record Highest(int under1Ms, int under5Ms) {}

  OpsReport(
      OpsOptions options,
      Map<OpsCase, List<OpsSample>> samples,
      Map<OpsCase, Highest> highest,
      PauseCheck check,
      Map<String, String> machine) {
    this.options = options;
    this.samples = samples;
    this.highest = highest;
    this.check = check;
    this.machine = machine;
  }

  /// Whether the open loop saw the pause, and nothing failed in a closed one.
  public boolean isClean() {
    return check.isSeen()
        && samples.entrySet().stream()
            .filter(entry -> entry.getKey().inFlight() > 0)
            .flatMap(entry -> entry.getValue().stream())
            .allMatch(sample -> sample.figures().failures() == 0);
  }

  /// As `weir.bench/v1`.
  public BenchReport bench() {
    List<BenchRow> rows = new ArrayList<>(samples.keySet().stream().map(this::row).toList());
    highest.forEach((what, found) -> {
      String name = what.way().label() + " " + what.path();
      rows.add(labelled(BenchRow.of(name + " p99.9 < 1 ms", found.under1Ms(), "ops/s"), what));
      rows.add(labelled(BenchRow.of(name + " p99.9 < 5 ms", found.under5Ms(), "ops/s"), what));
    });
    Map<String, String> env = new LinkedHashMap<>(machine);
    env.put("rounds", Integer.toString(options.rounds()));
    env.put("secondsEach", Double.toString(options.time().toMillis() / 1e3));
    env.put("selfTestP999Ms", Double.toString(Math.rint(check.p999Millis())));
    if (!options.spin().isZero()) {
      env.put("spinMicros", Long.toString(options.spin().toNanos() / 1_000));
    }
    env.put("setting", "loopback, one connection and one event loop for each end and transport");
    return new BenchReport("ops", rows, ratios(), env);
  }

  private BenchRow row(OpsCase what) {
    Spread rate = rate(what);
    BenchRow row =
        BenchRow.of(what.mode(), rate.median(), "ops/s")
            .with("low", rate.low())
            .with("high", rate.high());
    List<OpsSample> all = samples.getOrDefault(what, List.of());
    double failures = all.stream().mapToLong(sample -> sample.figures().failures()).max().orElse(0);
    if (failures > 0) {
      row = row.with("failures", failures);
    }
    return labelled(isAnswered(what) ? withFigures(row, what) : row, what);
  }

  private BenchRow withFigures(BenchRow bare, OpsCase what) {
    BenchRow row =
        bare.with("p50Ms", median(what, sample -> sample.figures().p50Nanos() / 1e6))
            .with("p99Ms", median(what, sample -> sample.figures().p99Nanos() / 1e6))
            .with("p999Ms", median(what, sample -> sample.figures().p999Nanos() / 1e6))
            .with("serverCpuMicros", median(what, OpsSample::serverCpuMicros))
            .with("loadCpuMicros", median(what, OpsSample::loadCpuMicros));
    if (what.path().equals(OpsCase.ROUTED)) {
      row = row.with("routerCpuMicros", median(what, OpsSample::routerCpuMicros));
    }
    if (what.way() != OpsWay.REDIS) {
      row = row.with("serverBytes", median(what, OpsSample::serverBytes));
    }
    return row;
  }

  private static BenchRow labelled(BenchRow row, OpsCase what) {
    return row.labelled("way", what.way().label())
        .labelled("path", what.path())
        .labelled("bytes", Integer.toString(what.bytes()))
        .labelled("load", what.perSecond() == 1 ? "search" : what.load());
  }

  /// Of each way to gRPC unary of the same path, size and load, and of wire to the other ways.
  private Map<String, Double> ratios() {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (OpsCase what : samples.keySet()) {
      if (what.inFlight() == 0) {
        continue;
      }
      ratio(what, OpsWay.UNARY).ifPresent(ratio -> ratios.put(what.mode() + " / unary", ratio));
      if (what.way() == OpsWay.WIRE) {
        for (OpsWay rival : List.of(OpsWay.STREAM, OpsWay.STREAM_BATCH)) {
          ratio(what, rival)
              .ifPresent(ratio -> ratios.put(what.mode() + " / " + rival.label(), ratio));
        }
      }
    }
    return ratios;
  }

  /// Times the rate of a rival under the same conditions: the median of the rounds' own ratios.
  Optional<Double> ratio(OpsCase what, OpsWay rival) {
    List<OpsSample> ours = samples.getOrDefault(what, List.of());
    List<OpsSample> theirs = samples.getOrDefault(what.of(rival), List.of());
    if (what.way() == rival || ours.isEmpty() || ours.size() != theirs.size()) {
      return Optional.empty();
    }
    List<Double> each = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      double rate = theirs.get(i).figures().perSecond();
      if (rate > 0) {
        each.add(ours.get(i).figures().perSecond() / rate);
      }
    }
    return each.isEmpty() ? Optional.empty() : Optional.of(Spread.of(each).median());
  }

  /// Rounds that ended with a failure count, as no operation at all.
  Spread rate(OpsCase what) {
    List<OpsSample> all = samples.getOrDefault(what, List.of());
    return Spread.of(all.stream().map(sample -> sample.figures().perSecond()).toList());
  }

  boolean isAnswered(OpsCase what) {
    return answered(what).findAny().isPresent();
  }

  /// Of the rounds in which anything was answered; NaN without one.
  double median(OpsCase what, ToDoubleFunction<OpsSample> figure) {
    return isAnswered(what)
        ? Spread.of(answered(what).map(figure::applyAsDouble).toList()).median()
        : Double.NaN;
  }

  private Stream<OpsSample> answered(OpsCase what) {
    return samples.getOrDefault(what, List.of()).stream()
        .filter(sample -> sample.figures().operations() > 0);
  }

  List<OpsCase> cases() {
    return List.copyOf(samples.keySet());
  }

  Map<OpsCase, Highest> highest() {
    return highest;
  }

  PauseCheck check() {
    return check;
  }

  /// The table for people.
  public String table() {
    return bench().table();
  }

  /// One self-contained page with charts, and the published figures.
  public String html() {
    return new OpsHtml(this).page();
  }
}
