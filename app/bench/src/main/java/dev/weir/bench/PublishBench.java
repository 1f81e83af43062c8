package dev.weir.bench;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.client.ClientConfig;
import dev.weir.client.Publisher;
import dev.weir.client.PublisherOptions;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// How fast a core takes messages that are on disk when they are acked: one publisher as fast as
/// its window allows, the same at a steady rate and at half its full rate with the latency of each
/// ack, and one that waits for each ack. Core and load are separate processes.
///
/// Latency at half rate counts from the time at which a message was due, not at which it was sent,
/// so that a pause is charged to every message that it delayed.
public final class PublishBench {
  private static final Duration FLUSH = Duration.ofSeconds(30);

  /// After four seconds the compiler still took a third of the core's CPU time.
  private static final int WARM_UP_SECONDS = 10;

  /// Publishing with a future for each message is other code than publishing without.
  private static final int PACED_WARM_UP_SECONDS = 5;

  /// Half of the 150,000 messages a second that a core is to take: a rate that stays the same from
  /// machine to machine, beside half of what this one reached.
  private static final double STEADY_RATE = 75_000;

  /// Bodies are cut from this many random bytes, so that making them costs nothing.
  private static final int RANDOM_BYTES = 4 << 20;

  private final PublishOptions options;
  private final Clock clock;
  private final Consumer<String> progress;
  private final byte[] randomBytes = new byte[RANDOM_BYTES];
  private int next;

  /// @param progress told in words what runs now; never while it is timed
  public PublishBench(
      PublishOptions options, Clock clock, RandomGenerator random, Consumer<String> progress) {
    this.options = options;
    this.clock = clock;
    this.progress = progress;
    random.nextBytes(randomBytes);
  }

  /// Runs the scenario.
  public BenchReport run() throws IOException {
    List<Run> runs = new ArrayList<>();
    Histogram steady = new Histogram(3);
    Histogram half = new Histogram(3);
    Histogram waiting = new Histogram(3);
    Files.createDirectories(options.directory());
    for (int i = 0; i < options.runs(); i++) {
      progress.accept("publish, run " + (i + 1) + " of " + options.runs());
      Path data = Files.createTempDirectory(options.directory(), "publish");
      try (CoreProcess core = CoreProcess.start(options.coreCommand(), data)) {
        runs.add(measure(core, steady, half, waiting));
      } finally {
        BenchFiles.deleteAll(data);
      }
    }
    return report(runs, steady, half, waiting);
  }

  private Run measure(CoreProcess core, Histogram steady, Histogram half, Histogram waiting) {
    ClientConfig config = ClientConfig.of(core.target());
    PublisherOptions publishing = PublisherOptions.DEFAULT.withZstdLevel(options.zstdLevel());
    try (WeirClient client = WeirClient.connect(config);
        Publisher publisher = client.publisher(publishing)) {
      flatOut(publisher, WARM_UP_SECONDS);
      double cpuBefore = core.cpuSeconds();
      double rate = flatOut(publisher, options.seconds());
      double cpuSeconds = core.cpuSeconds() - cpuBefore;
      var _ = paced(publisher, STEADY_RATE, PACED_WARM_UP_SECONDS, new Histogram(3));
      double steadyRate = paced(publisher, STEADY_RATE, options.seconds(), steady);
      double halfRate = paced(publisher, rate / 2, options.seconds(), half);
      double waitingRate = waiting(publisher, waiting);
      double cpuPerMillion = cpuSeconds / (rate * options.seconds()) * 1e6;
      return new Run(rate, cpuPerMillion, steadyRate, halfRate, waitingRate);
    }
  }

  /// What one run reached, in messages a second; CPU of the core in seconds a million messages.
  private record Run(
      double rate, double coreCpu, double steadyRate, double halfRate, double waitingRate) {}

  private double flatOut(Publisher publisher, int seconds) {
    long ackedBefore = publisher.totals().acked();
    long start = clock.nanoTime();
    long end = start + Duration.ofSeconds(seconds).toNanos();
    while (clock.nanoTime() < end) {
      for (int i = 0; i < 64; i++) {
        publisher.send(message());
      }
    }
    publisher.flush(FLUSH);
    long acked = publisher.totals().acked() - ackedBefore;
    return acked / ((clock.nanoTime() - start) / 1e9);
  }

  private double paced(Publisher publisher, double rate, int seconds, Histogram latencyNanos) {
    Histogram measured = new ConcurrentHistogram(3);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    long start = clock.nanoTime();
    long count = (long) (rate * seconds);
    for (long i = 0; i < count; i++) {
      long dueNanos = start + (long) (i * 1e9 / rate);
      while (clock.nanoTime() < dueNanos) {
        // The timer's own slack is some 60 µs: messages that are due meanwhile go out together.
        LockSupport.parkNanos(dueNanos - clock.nanoTime());
      }
      var _ =
          publisher
              .publishAsync(message())
              .whenComplete((_, fault) -> {
                if (fault == null) {
                  measured.recordValue(Math.max(0, clock.nanoTime() - dueNanos));
                } else {
                  failure.compareAndSet(null, fault);
                }
              });
    }
    publisher.flush(FLUSH);
    Throwable fault = failure.get();
    if (fault != null) {
      throw new IllegalStateException("a message was not acked", fault);
    }
    latencyNanos.add(measured);
    return count / ((clock.nanoTime() - start) / 1e9);
  }

  private double waiting(Publisher publisher, Histogram latencyNanos) {
    long start = clock.nanoTime();
    long end = start + Duration.ofSeconds(options.seconds()).toNanos();
    long count = 0;
    long sentNanos = clock.nanoTime();
    while (sentNanos < end) {
      var _ = publisher.publish(message());
      long nowNanos = clock.nanoTime();
      latencyNanos.recordValue(nowNanos - sentNanos);
      sentNanos = nowNanos;
      count++;
    }
    return count / ((clock.nanoTime() - start) / 1e9);
  }

  private Message message() {
    int size = options.messageSize().intBytes();
    next = next + size > randomBytes.length - size ? 0 : next + size;
    return Message.of("bench/publish", Bytes.wrap(randomBytes, next, size))
        .withTimeMicros(clock.epochMicros());
  }

  private BenchReport report(List<Run> runs, Histogram steady, Histogram half, Histogram waiting) {
    double rate = median(runs.stream().mapToDouble(Run::rate).toArray());
    double steadyRate = median(runs.stream().mapToDouble(Run::steadyRate).toArray());
    double halfRate = median(runs.stream().mapToDouble(Run::halfRate).toArray());
    double waitingRate = median(runs.stream().mapToDouble(Run::waitingRate).toArray());
    double cpu = median(runs.stream().mapToDouble(Run::coreCpu).toArray());
    double low = runs.stream().mapToDouble(Run::rate).min().orElse(0);
    double high = runs.stream().mapToDouble(Run::rate).max().orElse(0);
    List<BenchRow> rows =
        List.of(
            BenchRow.of("as fast as the window allows", rate, "msg/s")
                .with("minRate", low)
                .with("maxRate", high)
                .with("coreCpuSecondsPerMillion", cpu),
            BenchRow.of("steady", steadyRate, "msg/s", steady),
            BenchRow.of("half that rate", halfRate, "msg/s", half),
            BenchRow.of("waiting for each ack", waitingRate, "msg/s", waiting));
    Map<String, Double> ratios = new LinkedHashMap<>();
    ratios.put("windowed/waiting", rate / waitingRate);
    Map<String, String> env = BenchReport.machine();
    env.put("messageBytes", Long.toString(options.messageSize().bytes()));
    env.put("runs", Integer.toString(options.runs()));
    env.put("ack", "durable: written and fsynced");
    env.put("zstdLevel", Integer.toString(options.zstdLevel()));
    env.put("body", "random bytes");
    return new BenchReport("publish", rows, ratios, env);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
