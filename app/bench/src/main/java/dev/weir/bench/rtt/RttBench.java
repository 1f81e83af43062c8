package dev.weir.bench.rtt;

import dev.weir.base.Clock;
import dev.weir.bench.BenchReport;
import dev.weir.bench.MachineLoad;
import dev.weir.bench.TalkingChild;
import dev.weir.lab.Lab;
import dev.weir.lab.PathSettings;
import dev.weir.lab.RelayLab;
import dev.weir.lab.Side;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Large requests over paths with a round trip, as "gRPC-Go performance improvements" (2017)
/// published them: single ones by size, and ten of 1 MB in turn on a fresh connection. The two
/// sides are processes in the lab that this process carries.
///
/// One thread runs it.
public final class RttBench {
  /// Beyond it windows of 64 KiB would take minutes: 16 round trips for each megabyte.
  private static final int FIXED_MAX_BYTES = 1_000_000;

  private static final int PING_BYTES = 20_000_000;
  private static final int PINGS = 10;
  private static final List<RttWay> PINGED =
      List.of(RttWay.WIRE, RttWay.GRPC_DEFAULT, RttWay.GRPC_TUNED);

  private final RttOptions options;
  private final Clock clock;
  private final Consumer<String> say;
  private final Map<RttCase, List<List<Double>>> results = new LinkedHashMap<>();

  /// @param say told in words what runs now
  public RttBench(RttOptions options, Clock clock, Consumer<String> say) {
    this.options = options;
    this.clock = clock;
    this.say = say;
  }

  public RttReport run() throws IOException {
    Map<String, String> machine = BenchReport.machine();
    PathSettings first = path(0);
    try (Lab lab =
            options.isNetwork()
                ? Lab.open(first, clock, new SplittableRandom(7))
                : RelayLab.open(first, clock);
        TalkingChild far = child(lab, Side.FAR, RttServer.class, List.of(lab.host()));
        TalkingChild near = child(lab, Side.NEAR, RttClient.class, List.of())) {
      machine.put("lab", lab.description());
      say.accept(lab.description());
      Course path = new Course(lab, near, RttPorts.parse(far.ready()));
      warmUp(path);
      for (int round = 1; round <= options.rounds(); round++) {
        say.accept("round " + round + " of " + options.rounds() + ", " + MachineLoad.now());
        round(path);
      }
    }
    machine.put("loadAfter", MachineLoad.now().toString());
    return new RttReport(options, results, machine);
  }

  private PathSettings path(int rttMillis) {
    return PathSettings.of(Duration.ofMillis(rttMillis), options.megabits() * 1_000_000L)
        .withMtu(options.mtu());
  }

  private TalkingChild child(Lab lab, Side side, Class<?> program, List<String> arguments)
      throws IOException {
    List<String> words = new ArrayList<>(options.java());
    words.addAll(
        1, List.of("-XX:+UseParallelGC", "-Xms512m", "-Xmx2g", "-XX:MaxDirectMemorySize=1g"));
    words.add(program.getName());
    words.addAll(arguments);
    return TalkingChild.start(lab.command(side, words));
  }

  /// The near side, and how it reaches the far one.
  private record Course(Lab lab, TalkingChild near, RttPorts ports) {
    List<Double> millis(RttCase what) throws IOException {
      InetSocketAddress far =
          lab.dial(InetSocketAddress.createUnresolved(lab.host(), ports.of(what.way())));
      String question =
          String.join(
              " ",
              what.kind(),
              what.way().label(),
              far.getHostString(),
              Integer.toString(far.getPort()),
              Integer.toString(what.bytes()),
              Integer.toString(what.count()));
      return List.of(near.ask(question).split(" ", -1)).stream()
          .map(nanos -> Long.parseLong(nanos) / 1e6)
          .toList();
    }
  }

  private void warmUp(Course path) throws IOException {
    if (options.warmUps() > 0) {
      say.accept("warming up");
      for (RttWay way : RttWay.values()) {
        path.millis(new RttCase(RttCase.RUN, way, 0, RttOptions.REQUEST_BYTES, options.warmUps()));
      }
    }
  }

  private void round(Course path) throws IOException {
    for (int rtt : options.rttMillis()) {
      path.lab().change(path(rtt).line());
      for (RttWay way : RttWay.values()) {
        keep(
            path,
            new RttCase(RttCase.RUN, way, rtt, RttOptions.REQUEST_BYTES, RttOptions.REQUESTS));
      }
      for (RttWay way : PINGED) {
        keep(path, new RttCase(RttCase.PING, way, rtt, PING_BYTES, PINGS));
      }
    }
    path.lab().change(path(options.sizesRttMillis()).line());
    for (int size : options.sizes()) {
      for (RttWay way : RttWay.values()) {
        if (way != RttWay.GRPC_FIXED || size <= FIXED_MAX_BYTES) {
          keep(path, new RttCase(RttCase.RUN, way, options.sizesRttMillis(), size, 1));
        }
      }
    }
  }

  private void keep(Course path, RttCase what) throws IOException {
    List<Double> millis = path.millis(what);
    results.computeIfAbsent(what, _ -> new ArrayList<>()).add(millis);
    StringBuilder text = new StringBuilder();
    millis.forEach(each -> text.append(String.format(Locale.ROOT, " %.1f", each)));
    say.accept(String.format(Locale.ROOT, "%-40s%s", what.name(), text));
  }
}
