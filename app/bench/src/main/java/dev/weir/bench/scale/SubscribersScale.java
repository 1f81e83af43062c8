package dev.weir.bench.scale;

import dev.weir.bench.TalkingChild;
import dev.weir.bench.scale.PauseWatch.Pauses;
import dev.weir.bench.scale.ScaleOthers.Latencies;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// 10,000 subscribers of one topic, which gets a message a second, and one publisher and one reader
/// of another with 200 messages a second: how long the others' messages take, from when each was
/// due, while the crowd is idle and while it is served.
///
/// Core, crowd and the other two are three processes on one machine. Where its cores are few, part
/// of a pause is no process's fault: beside it stands how late a thread ran that only slept, in the
/// core and in the others' process ([PauseWatch]).
final class SubscribersScale {
  private static final int SUBSCRIBERS = 10_000;
  private static final double MAX_PAUSE_MILLIS = 50;
  private static final String WIDE = "scale/wide";
  private static final String OTHER = "scale/other";

  /// Of half a second: as long as a busy machine takes to open ten thousand.
  private static final int MAX_TRIES = 120;

  /// Waves and messages before anything is counted: what has just started compiles as it runs.
  private static final int WARM_UP_WAVES = 5;

  /// As `weir serve` is started.
  private static final List<String> CORE_FLAGS =
      List.of("-XX:+UseZGC", "-XX:SoftMaxHeapSize=512m", "-Xmx1g");

  private static final List<String> CROWD_FLAGS = List.of("-XX:+UseParallelGC", "-Xmx1g");

  /// Few threads of its own, and pauses below a millisecond.
  private static final List<String> OTHERS_FLAGS = List.of("-XX:+UseSerialGC", "-Xmx256m");

  private final ScaleOptions options;
  private final Path directory;
  private final int subscribers;

  SubscribersScale(ScaleOptions options, Path directory) {
    this.options = options;
    this.directory = directory;
    this.subscribers = options.of(SUBSCRIBERS);
  }

  List<ScaleFigure> run() throws IOException, InterruptedException {
    try (TalkingChild core = ScaleCore.start(options.java(), CORE_FLAGS, directory, 100)) {
      URI target = URI.create("weir://" + core.ready());
      Memory empty = Memory.parse(core.ask("memory"));
      try (WeirClient client = WeirClient.connect(target);
          TalkingChild crowd =
              child(CROWD_FLAGS, ScaleReaders.class, target, WIDE, "" + subscribers);
          TalkingChild others = child(OTHERS_FLAGS, ScaleOthers.class, target, OTHER)) {
        open(client, crowd);
        Memory full = Memory.parse(core.ask("memory"));
        Waves waves = new Waves(client, crowd);
        waves.run(WARM_UP_WAVES);
        others(others);
        Side alone = side(core, others, () -> {});
        waves.times.reset();
        double cpu = core.cpuSeconds();
        Side beside = side(core, others, waves.during(options.seconds()));
        cpu = core.cpuSeconds() - cpu;
        return figures(alone, beside, waves, cpu, full, empty);
      }
    }
  }

  private TalkingChild child(List<String> flags, Class<?> program, URI target, String... words)
      throws IOException {
    List<String> command = new ArrayList<>(options.java());
    command.addAll(1, flags);
    command.addAll(List.of(program.getName(), target.toString()));
    command.addAll(List.of(words));
    return TalkingChild.start(command);
  }

  /// Publishes until each has got something.
  private void open(WeirClient client, TalkingChild crowd) throws IOException {
    for (int i = 0; i < MAX_TRIES; i++) {
      if (Long.parseLong(crowd.ask("opened")) == subscribers) {
        return;
      }
      client.publish(Message.of(WIDE, "open"));
      LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    }
    throw new IOException(
        crowd.ask("opened") + " of " + subscribers + " subscribers have got something");
  }

  private Latencies others(TalkingChild others) throws IOException {
    long count = options.seconds() * 1_000_000_000L / ScaleOthers.PERIOD_NANOS;
    return Latencies.parse(others.ask("run " + count));
  }

  /// One measurement.
  ///
  /// @param core of the core's process
  /// @param own of the others' process
  private record Side(Latencies latencies, Pauses core, Pauses own) {}

  private Side side(TalkingChild core, TalkingChild others, Runnable crowd)
      throws IOException, InterruptedException {
    core.ask("pauses");
    others.ask("pauses");
    Thread beside = Thread.ofPlatform().name("weir-bench-wide").start(crowd);
    Latencies latencies = others(others);
    beside.join();
    return new Side(
        latencies, Pauses.parse(core.ask("pauses")), Pauses.parse(others.ask("pauses")));
  }

  /// Messages to all, each awaited. One thread at a time.
  private final class Waves {
    private final WeirClient client;
    private final TalkingChild crowd;
    private final Histogram times = new Histogram(3);
    private volatile String fault = "";
    private long received = -1;

    Waves(WeirClient client, TalkingChild crowd) {
      this.client = client;
      this.crowd = crowd;
    }

    /// One a second.
    void run(int count) throws IOException {
      if (received < 0) {
        received = settled();
      }
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        client.publish(Message.of(WIDE, "message " + i));
        received += subscribers;
        crowd.ask("await " + received);
        times.recordValue(System.nanoTime() - start);
        LockSupport.parkNanos(Math.max(1, start + 1_000_000_000L - System.nanoTime()));
      }
    }

    /// What has come once nothing more comes: the last of what opened them may be under way.
    private long settled() throws IOException {
      long before = -1;
      long now = Long.parseLong(crowd.ask("await 0"));
      while (now != before) {
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
        before = now;
        now = Long.parseLong(crowd.ask("await 0"));
      }
      return now;
    }

    Runnable during(int seconds) {
      return () -> {
        try {
          run(seconds);
        } catch (IOException e) {
          fault = e.toString();
        }
      };
    }
  }

  private List<ScaleFigure> figures(
      Side alone, Side beside, Waves waves, double cpu, Memory full, Memory empty)
      throws IOException {
    if (!waves.fault.isEmpty()) {
      throw new IOException(waves.fault);
    }
    Latencies with = beside.latencies();
    double held = full.heap() + full.direct() - empty.heap() - empty.direct();
    double deliveries = (double) waves.times.getTotalCount() * subscribers;
    return List.of(
        new ScaleFigure(
            ScaleCase.SUBSCRIBERS, "others, longest", with.longest(), "ms", MAX_PAUSE_MILLIS),
        of("others, p99.9", with.p999(), "ms"),
        of("others, p99", with.p99(), "ms"),
        of("others, median", with.median(), "ms"),
        of("others' receipts, longest", with.longestAck(), "ms"),
        of("others alone, longest", alone.latencies().longest(), "ms"),
        of("others alone, p99", alone.latencies().p99(), "ms"),
        of("others alone, median", alone.latencies().median(), "ms"),
        of("sleeper in the core, longest", beside.core().sleepMillis(), "ms"),
        of("sleeper in the core alone, longest", alone.core().sleepMillis(), "ms"),
        of("sleeper beside the others, longest", beside.own().sleepMillis(), "ms"),
        of("core's collection, longest", beside.core().collectionMillis(), "ms"),
        of("until all have it, median", waves.times.getValueAtPercentile(50) / 1e6, "ms"),
        of("until all have it, longest", waves.times.getMaxValue() / 1e6, "ms"),
        of("core's CPU, a delivery", cpu / deliveries * 1e6, "us"),
        of("heap and buffers of one", held / subscribers / 1024, "KiB"),
        of("subscribers", subscribers, ""));
  }

  private static ScaleFigure of(String what, double value, String unit) {
    return ScaleFigure.of(ScaleCase.SUBSCRIBERS, what, value, unit);
  }
}
