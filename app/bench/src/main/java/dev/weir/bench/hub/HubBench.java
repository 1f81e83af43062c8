package dev.weir.bench.hub;

import dev.weir.bench.BenchFiles;
import dev.weir.bench.BenchReport;
import dev.weir.bench.MachineLoad;
import dev.weir.bench.PeerModule;
import dev.weir.bench.TalkingChild;
import dev.weir.load.HubFigures;
import dev.weir.load.HubPlan;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Fan-out and work queues through Weir and other hubs: every hub in turn, round by round, each
/// with an empty directory; a load for each hub, which is publisher and readers in one process and
/// stays for all rounds.
///
/// One thread runs it.
public final class HubBench {
  /// A server that has just started is warmed up so much longer, every hub alike: a machine that
  /// compiles as it runs would else be measured while it compiles.
  private static final int FIRST_WARM_UPS = 5;

  private final HubOptions options;
  private final Consumer<String> say;
  private final Map<HubReport.Key, List<HubSample>> samples = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();

  /// @param say told in words what runs now
  public HubBench(HubOptions options, Consumer<String> say) {
    this.options = options;
    this.say = say;
  }

  public HubReport run() throws IOException {
    Map<String, String> machine = BenchReport.machine();
    Map<HubWay, TalkingChild> loads = new EnumMap<>(HubWay.class);
    try {
      startLoads(loads);
      for (int round = 1; round <= options.rounds(); round++) {
        say.accept("round " + round + " of " + options.rounds() + ", " + MachineLoad.now());
        for (Map.Entry<HubWay, TalkingChild> each : loads.entrySet()) {
          measure(each.getKey(), each.getValue());
        }
      }
    } finally {
      loads.values().forEach(TalkingChild::close);
    }
    notes.put("loadAfter", MachineLoad.now().toString());
    machine.putAll(notes);
    return new HubReport(options, samples, machine);
  }

  /// Those that can be measured here.
  private void startLoads(Map<HubWay, TalkingChild> loads) throws IOException {
    for (HubWay way : options.hubs()) {
      if (options.workloads().stream().noneMatch(way::does)) {
        continue;
      }
      if (!way.isOurs() && options.peers().isEmpty()) {
        leaveOut(way, "its client is built from a checkout of Weir: run its ./weir");
        continue;
      }
      String missing = HubServer.missing(way).orElse("");
      if (!missing.isEmpty()) {
        leaveOut(way, missing);
        continue;
      }
      loads.put(way, TalkingChild.start(loadWords(way)));
    }
  }

  private void leaveOut(HubWay way, String why) {
    notes.put(way.label(), "not measured: " + why);
    say.accept(way.label() + " is not measured: " + why + ".");
  }

  private List<String> loadWords(HubWay way) throws IOException {
    List<String> words = new ArrayList<>(options.java());
    words.addAll(1, List.of("-XX:+UseParallelGC", "-Xms1g", "-Xmx1g"));
    switch (way) {
      case WEIR -> words.add(WeirLoad.class.getName());
      case WEIR_LANE -> words.addAll(List.of(WeirLoad.class.getName(), WeirLoad.LANE));
      case NATS -> peer(words, "NatsHub", "core");
      case JETSTREAM -> peer(words, "NatsHub", "jetstream");
      case RABBITMQ -> peer(words, "RabbitHub", "classic");
    }
    return words;
  }

  private void peer(List<String> words, String program, String kind) throws IOException {
    PeerModule module = new PeerModule(options.peers().orElseThrow(), "hub");
    if (!module.isBuilt()) {
      say.accept("the rivals' clients: Maven fetches and builds them now, the first time");
    }
    int classPath = words.indexOf("-cp") + 1;
    words.set(classPath, module.classPath() + File.pathSeparator + words.get(classPath));
    words.addAll(List.of("dev.weir.peer.hub." + program, kind));
  }

  private void measure(HubWay way, TalkingChild load) throws IOException {
    Path directory = Files.createTempDirectory(options.directory(), "hub");
    try (HubServer server = HubServer.start(way, options.coreCommand(), directory)) {
      Duration warmUp = options.warmUp().multipliedBy(FIRST_WARM_UPS);
      for (HubCase what : options.workloads()) {
        if (way.does(what)) {
          if (!warmUp.isZero()) {
            var _ = ask(load, server, what.flatOut(warmUp));
          }
          warmUp = options.warmUp();
          keep(new HubReport.Key(what, way), measure(what, load, server));
        }
      }
      var _ = load.ask("end");
    } finally {
      BenchFiles.deleteAll(directory);
    }
  }

  private HubSample measure(HubCase what, TalkingChild load, HubServer server) throws IOException {
    Duration time = options.time();
    double serverBefore = server.cpuSeconds();
    double loadBefore = load.cpuSeconds();
    HubFigures flatOut = ask(load, server, what.flatOut(time));
    double serverCpu = server.cpuSeconds() - serverBefore;
    double loadCpu = load.cpuSeconds() - loadBefore;
    return new HubSample(flatOut, ask(load, server, what.paced(time)), serverCpu, loadCpu);
  }

  private static HubFigures ask(TalkingChild load, HubServer server, HubPlan plan)
      throws IOException {
    return HubFigures.parse(load.ask(server.port() + " " + plan.words()));
  }

  private void keep(HubReport.Key key, HubSample sample) {
    samples.computeIfAbsent(key, _ -> new ArrayList<>()).add(sample);
    say.accept(
        String.format(
            Locale.ROOT,
            "%-28s %,11.0f deliveries/s  p99 %8.2f ms  at %,d/s p50 %6.2f p99 %8.2f ms  %5.2f s CPU"
                + " a million%s",
            key.mode(),
            sample.flatOut().perSecond(),
            sample.flatOut().p99Nanos() / 1e6,
            key.what().steady(),
            sample.steady().p50Nanos() / 1e6,
            sample.steady().p99Nanos() / 1e6,
            sample.serverCpuPerMillion(),
            sample.faults() == 0 ? "" : "  FAULTS " + sample.flatOut() + " " + sample.steady()));
  }
}
