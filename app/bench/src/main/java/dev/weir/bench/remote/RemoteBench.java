package dev.weir.bench.remote;

import dev.weir.bench.BenchReport;
import dev.weir.bench.MachineLoad;
import dev.weir.bench.TalkingChild;
import dev.weir.remote.RemoteMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Messages to a peer by mode, buffer and transport, as "Streaming Remote Throughput" (2018)
/// published them: many senders at once, the clock from their release to the last reply. Peer and
/// load are processes of their own.
///
/// One thread runs it.
public final class RemoteBench {
  /// Compiled code is there by then.
  private static final int WARM_UP_MESSAGES = 50_000;

  private final RemoteBenchOptions options;
  private final Consumer<String> say;
  private final Map<RemoteCase, List<RemoteFigures>> results = new LinkedHashMap<>();

  /// @param say told in words what runs now
  public RemoteBench(RemoteBenchOptions options, Consumer<String> say) {
    this.options = options;
    this.say = say;
  }

  public RemoteReport run() throws IOException {
    Map<String, String> machine = BenchReport.machine();
    try (TalkingChild server = child(RemoteServer.class, List.of());
        TalkingChild load = child(RemoteLoad.class, List.of(server.ready().split(" ", -1)))) {
      warmUp(load);
      for (int round = 1; round <= options.rounds(); round++) {
        say.accept("round " + round + " of " + options.rounds() + ", " + MachineLoad.now());
        for (int buffer : options.buffers()) {
          round(load, buffer);
        }
      }
      if (options.reconnects() > 0) {
        reconnects(load);
      }
    }
    machine.put("loadAfter", MachineLoad.now().toString());
    return new RemoteReport(options, results, machine);
  }

  private TalkingChild child(Class<?> program, List<String> arguments) throws IOException {
    List<String> words = new ArrayList<>(options.java());
    words.addAll(1, List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx1g"));
    words.add(program.getName());
    words.addAll(arguments);
    return TalkingChild.start(words);
  }

  private void warmUp(TalkingChild load) throws IOException {
    say.accept("warming up");
    int messages = Math.min(WARM_UP_MESSAGES, options.messages() * 10);
    for (RemoteWay way : RemoteWay.values()) {
      load.ask(new RemoteCase(RemoteMode.ASYNC, way, 512, messages, 0).question());
      load.ask(new RemoteCase(RemoteMode.IN_ORDER, way, 512, messages, 0).question());
      load.ask(new RemoteCase(RemoteMode.SYNC, way, 512, messages / 10, 0).question());
    }
  }

  private void round(TalkingChild load, int buffer) throws IOException {
    for (RemoteWay way : RemoteWay.values()) {
      for (RemoteMode mode : RemoteMode.values()) {
        keep(load, new RemoteCase(mode, way, buffer, options.messages(), 0));
        if (options.manyMessages() > 0 && mode != RemoteMode.SYNC) {
          keep(load, new RemoteCase(mode, way, buffer, options.manyMessages(), 0));
        }
      }
    }
  }

  private void reconnects(TalkingChild load) throws IOException {
    int every = RemoteBenchOptions.RECONNECT_EVERY;
    int messages = options.reconnects() * every;
    for (RemoteWay way : RemoteWay.values()) {
      keep(
          load,
          new RemoteCase(RemoteMode.IN_ORDER, way, options.buffers().getFirst(), messages, every));
    }
  }

  private void keep(TalkingChild load, RemoteCase what) throws IOException {
    RemoteFigures figures = RemoteFigures.parse(load.ask(what.question()));
    results.computeIfAbsent(what, _ -> new ArrayList<>()).add(figures);
    say.accept(
        String.format(
            Locale.ROOT,
            "%-50s %,12.0f msg/s  lost %d, doubled %d, out of order %d, connections %d",
            what.name(),
            figures.perSecond(),
            figures.lost(),
            figures.doubled(),
            figures.disordered(),
            figures.connections()));
  }
}
