package dev.weir.bench;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.log.AppendListener;
import dev.weir.log.FileDisk;
import dev.weir.log.Log;
import dev.weir.log.LogConfig;
import dev.weir.log.LogEntry;
import dev.weir.log.LogHooks;
import dev.weir.log.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// How near the log comes to the disk: one appender that waits for each append to be durable,
/// against fio with the same write size and an fdatasync after each write, run alternately. A third
/// row lets appends queue, which is how the log is used: then one fsync serves many.
///
/// The log is measured at its retention limit, as it runs most of its life: it writes over segments
/// that it let go, as fio writes over its file. Another row has one that is still growing.
public final class AppendBench {
  /// What a log at its limit keeps on disk: as much as fio's file.
  private static final ByteSize KEPT = ByteSize.ofMebibytes(256);

  /// No limit that a run would reach.
  private static final ByteSize PLENTY = ByteSize.ofMebibytes(64 << 10);

  private static final int QUEUED_APPENDS = 256;

  /// Longer than any commit of the sizes that are measured.
  private static final long LOOK_NANOS = 5_000_000;

  private final AppendOptions options;
  private final Clock clock;
  private final RandomGenerator random;
  private final Consumer<String> progress;

  /// @param progress told in words what runs now; never while it is timed
  public AppendBench(
      AppendOptions options, Clock clock, RandomGenerator random, Consumer<String> progress) {
    this.options = options;
    this.clock = clock;
    this.random = random;
    this.progress = progress;
  }

  /// Runs the scenario.
  public BenchReport run() throws IOException, InterruptedException {
    List<BenchRow> rows = new ArrayList<>();
    Map<String, Double> ratios = new LinkedHashMap<>();
    boolean hasFio = Fio.isInstalled();
    Map<String, String> env = BenchReport.machine();
    env.put("fio", hasFio ? "installed" : "not installed: no rival (Debian: apt-get install fio)");
    Files.createDirectories(options.directory());
    for (ByteSize size : options.writeSizes()) {
      measure(size, hasFio, rows, ratios);
    }
    return new BenchReport("append", rows, ratios, env);
  }

  private void measure(
      ByteSize size, boolean hasFio, List<BenchRow> rows, Map<String, Double> ratios)
      throws IOException, InterruptedException {
    Histogram waited = new Histogram(3);
    double[] fio = new double[options.runs()];
    double[] one = new double[options.runs()];
    double[] growing = new double[options.runs()];
    double[] queued = new double[options.runs()];
    append(size, PLENTY, 1, 1, new Histogram(3)); // Warm-up: compiled code.
    for (int run = 0; run < options.runs(); run++) {
      progress.accept("append " + size + ", run " + (run + 1) + " of " + options.runs());
      fio[run] =
          hasFio
              ? Fio.bytesPerSecond(options.directory(), size.intBytes(), options.seconds())
              : Double.NaN;
      one[run] = append(size, KEPT, 1, options.seconds(), waited);
      queued[run] = append(size, KEPT, QUEUED_APPENDS, options.seconds(), new Histogram(3));
      growing[run] = append(size, PLENTY, 1, options.seconds(), new Histogram(3));
    }
    rows.add(BenchRow.of("log, one append at a time, " + size, median(one) / 1e6, "MB/s", waited));
    rows.add(
        BenchRow.of(
            "log, " + QUEUED_APPENDS + " appends queued, " + size, median(queued) / 1e6, "MB/s"));
    rows.add(
        BenchRow.of("growing log, one append at a time, " + size, median(growing) / 1e6, "MB/s"));
    if (hasFio) {
      rows.add(BenchRow.of("fio, fdatasync each write, " + size, median(fio) / 1e6, "MB/s"));
      ratios.put("log/fio " + size, medianRatio(one, fio));
      ratios.put("queued log/fio " + size, medianRatio(queued, fio));
      ratios.put("growing log/fio " + size, medianRatio(growing, fio));
    }
  }

  /// One run.
  ///
  /// @return payload bytes a second that became durable
  private double append(
      ByteSize size, ByteSize kept, int inFlight, int seconds, Histogram latencyNanos)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(options.directory(), "append");
    byte[] payload = new byte[size.intBytes()];
    random.nextBytes(payload);
    LogConfig config =
        LogConfig.of("bench", directory)
            .withRetention(new Retention(kept, Duration.ofDays(1), new ByteSize(0), false));
    try (Log log = Log.open(config, new FileDisk(), clock, LogHooks.NONE)) {
      LogEntry entry = LogEntry.data(1, Bytes.EMPTY, Bytes.wrap(payload));
      if (kept.equals(KEPT)) {
        reachLimit(log, entry);
      }
      long start = clock.nanoTime();
      long end = start + Duration.ofSeconds(seconds).toNanos();
      long durable = appendUntil(log, entry, inFlight, () -> clock.nanoTime() >= end, latencyNanos);
      return durable * (double) payload.length / ((clock.nanoTime() - start) / 1e9);
    } finally {
      BenchFiles.deleteAll(directory);
    }
  }

  private void reachLimit(Log log, LogEntry entry) throws InterruptedException {
    var _ = appendUntil(log, entry, QUEUED_APPENDS, () -> log.firstOffset() > 0, new Histogram(3));
  }

  /// Appends until told to stop, so many at a time.
  ///
  /// @return how many became durable
  private long appendUntil(
      Log log, LogEntry entry, int inFlight, BooleanSupplier isOver, Histogram latencyNanos)
      throws InterruptedException {
    BlockingQueue<Permit> permits = new ArrayBlockingQueue<>(inFlight);
    for (int i = 0; i < inFlight; i++) {
      permits.add(new Permit(permits));
    }
    long durable = 0;
    while (!isOver.getAsBoolean()) {
      Permit permit = take(permits);
      durable += permit.finish(clock.nanoTime(), latencyNanos);
      permit.startNanos = clock.nanoTime();
      log.append(entry, permit);
    }
    for (int i = 0; i < inFlight; i++) {
      durable += take(permits).finish(clock.nanoTime(), latencyNanos);
    }
    return durable;
  }

  /// Looks for the ack a while before it sleeps: fio is called back by nobody, so what the machine
  /// takes to wake a thread is not the log's.
  private Permit take(BlockingQueue<Permit> permits) throws InterruptedException {
    long start = clock.nanoTime();
    Permit permit = permits.poll();
    while (permit == null && clock.nanoTime() - start < LOOK_NANOS) {
      Thread.onSpinWait();
      permit = permits.poll();
    }
    return permit == null ? permits.take() : permit;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double medianRatio(double[] ours, double[] rival) {
    double[] ratios = new double[ours.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / rival[i];
    }
    return median(ratios);
  }

  /// The right to have one append in flight, handed back by the log's thread once it is durable.
  private static final class Permit implements AppendListener {
    private final BlockingQueue<Permit> home;
    private long startNanos;
    private boolean isDurable;
    private @Nullable WeirException fault;

    Permit(BlockingQueue<Permit> home) {
      this.home = home;
    }

    /// Takes note of what the last append came to: 1 when it became durable.
    int finish(long nowNanos, Histogram latencyNanos) {
      if (fault != null) {
        throw fault;
      }
      if (!isDurable) {
        return 0;
      }
      isDurable = false;
      latencyNanos.recordValue(Math.max(0, nowNanos - startNanos));
      return 1;
    }

    @Override
    public void durable(
        long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
      isDurable = true;
      home.add(this);
    }

    @Override
    public void failed(WeirException cause) {
      fault = cause;
      home.add(this);
    }
  }
}
