package dev.weir.bench.ops;

import dev.weir.bench.BenchReport;
import dev.weir.bench.MachineLoad;
import dev.weir.bench.TalkingChild;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// How many small calls a second go through, and how late answers are: every way in turn, round by
/// round, load, router and server each in a process of its own with one event loop for each
/// transport and one connection for each way.
///
/// One thread runs it.
public final class OpsBench {
  /// Forty thousand wakes, of which p99.9 leaves out forty.
  private static final Duration WAKE_TIME = Duration.ofSeconds(2);

  private final OpsOptions options;
  private final Consumer<String> say;
  private final Map<OpsCase, List<OpsSample>> samples = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();
  private final Map<OpsCase, OpsReport.Highest> highest = new LinkedHashMap<>();

  /// @param say told in words what runs now
  public OpsBench(OpsOptions options, Consumer<String> say) {
    this.options = options;
    this.say = say;
  }

  public OpsReport run() throws IOException {
    Map<String, String> machine = BenchReport.machine();
    try (OpsCluster cluster = OpsCluster.start(options.java(), options.spin())) {
      List<OpsWay> ways = ways(cluster);
      warmUp(cluster, ways);
      PauseCheck check = PauseCheck.run(cluster);
      say.accept(
          String.format(
              Locale.ROOT,
              "self-test: a pause of %d ms shows as p99.9 = %.0f ms%s",
              check.pause().toMillis(),
              check.p999Millis(),
              check.isSeen() ? "" : " – NOT SEEN"));
      WakeCheck wakes = WakeCheck.run(WAKE_TIME);
      String late = String.format(Locale.ROOT, "%.2f", wakes.p999Millis());
      notes.put("idleWakeP999Millis", late);
      say.accept("a thread of this machine, idle, wakes late by p99.9 = " + late + " ms");
      for (int round = 1; round <= options.rounds(); round++) {
        say.accept("round " + round + " of " + options.rounds() + ", " + MachineLoad.now());
        closed(cluster, ways);
        open(cluster, ways);
      }
      search(cluster, ways);
      notes.put("loadAfter", MachineLoad.now().toString());
      machine.putAll(notes);
      return new OpsReport(options, samples, highest, check, machine);
    }
  }

  private List<OpsWay> ways(OpsCluster cluster) throws IOException {
    List<OpsWay> ways = new ArrayList<>(options.ways().stream().map(OpsWay::parse).toList());
    if (options.hasPeers()) {
      for (OpsWay peer : List.of(OpsWay.REDIS, OpsWay.NATS)) {
        if (cluster.add(peer)) {
          ways.add(peer);
        } else {
          notes.put(peer.label(), "not measured: not installed");
          say.accept(peer.label() + "-server is not installed, and not measured.");
        }
      }
    }
    return ways;
  }

  private List<OpsCase> cases(List<OpsWay> ways, int bytes, int inFlight, int perSecond) {
    List<OpsCase> cases = new ArrayList<>();
    for (boolean isRouted : options.isRouted() ? List.of(false, true) : List.of(false)) {
      ways.stream()
          .filter(way -> way.isRoutable() || !isRouted)
          .map(way -> new OpsCase(way, isRouted, bytes, inFlight, perSecond))
          .forEach(cases::add);
    }
    return cases;
  }

  private void warmUp(OpsCluster cluster, List<OpsWay> ways) throws IOException {
    say.accept("warming up");
    for (int bytes : options.sizes()) {
      for (OpsCase what : cases(ways, bytes, 256, 0)) {
        Duration time = options.warmUp().multipliedBy(what.way().warmUpShare());
        cluster.measure(what, Duration.ZERO, time);
      }
    }
  }

  private void closed(OpsCluster cluster, List<OpsWay> ways) throws IOException {
    for (int bytes : options.sizes()) {
      for (int inFlight : options.inFlights()) {
        for (OpsCase what : cases(ways, bytes, inFlight, 0)) {
          keep(what, measure(cluster, what, Duration.ZERO));
        }
      }
    }
  }

  private void open(OpsCluster cluster, List<OpsWay> ways) throws IOException {
    int bytes = options.sizes().getFirst();
    for (int rate : options.openRates()) {
      for (OpsCase what : cases(ways, bytes, 0, rate)) {
        OpsCase before = new OpsCase(what.way(), what.isRouted(), bytes, 0, rate / 2);
        if (isHopeless(before) || isHopeless(what)) {
          continue;
        }
        keep(what, measure(cluster, what, options.time().dividedBy(4)));
      }
    }
  }

  /// One way that fails must not cost the figures of an hour: it is told, counted as a failure, and
  /// tried again in the next round.
  private OpsSample measure(OpsCluster cluster, OpsCase what, Duration warmUp) throws IOException {
    try {
      return cluster.measure(what, warmUp, options.time());
    } catch (TalkingChild.Failure e) {
      say.accept(what.mode() + ": " + e.getMessage());
      return OpsSample.failed(options.time());
    }
  }

  /// What is far behind its rate holds up the bench, and its latency says nothing.
  private boolean isHopeless(OpsCase what) {
    List<OpsSample> known = samples.getOrDefault(what, List.of());
    return !known.isEmpty()
        && known.getLast().figures().p50Nanos() > TimeUnit.MILLISECONDS.toNanos(500);
  }

  private void search(OpsCluster cluster, List<OpsWay> ways) throws IOException {
    if (!options.isSearched()) {
      return;
    }
    HighestRate search = new HighestRate(cluster, Duration.ofMillis(500), options.time());
    for (OpsCase what : cases(ways, options.sizes().getFirst(), 0, 1)) {
      say.accept("the highest rates of " + what.way().label() + " " + what.path());
      highest.put(
          what,
          new OpsReport.Highest(
              search.below(what, TimeUnit.MILLISECONDS.toNanos(1)),
              search.below(what, TimeUnit.MILLISECONDS.toNanos(5))));
    }
  }

  private void keep(OpsCase what, OpsSample sample) {
    samples.computeIfAbsent(what, _ -> new ArrayList<>()).add(sample);
    OpsFigures figures = sample.figures();
    say.accept(
        String.format(
            Locale.ROOT,
            "%-40s %,12.0f ops/s  p50 %8.3f ms  p99.9 %8.3f ms  server %.2f µs/op",
            what.mode(),
            figures.perSecond(),
            figures.p50Nanos() / 1e6,
            figures.p999Nanos() / 1e6,
            sample.serverCpuMicros()));
  }
}
