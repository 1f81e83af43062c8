package dev.weir.bench;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.bench.data.DataPool;
import dev.weir.bench.data.DataSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// What an edge and its core take of a machine, idle and under load: a file of log lines grows at a
/// rate, an edge tails it, spools it with an fsync, compresses it and ships it to a core over
/// loopback, which stores it with an fsync. Edge and core are processes of their own, started as
/// the `weir` command starts them.
///
/// CPU seconds count from the first line until the core has acked the last one. Resident memory is
/// the most that the process ever had, its start included.
public final class FootprintBench {
  private static final ByteSize POOL_SIZE = ByteSize.ofMebibytes(16);
  private static final long SEED = 7;
  private static final Pattern EDGE_READY = Pattern.compile("metrics at http://(\\S+):(\\d+)/");

  /// A JVM goes on compiling and collecting for a while after it has started.
  private static final long SETTLE_NANOS = 10_000_000_000L;

  /// How much longer than the input's growth its shipping may take.
  private static final long DRAIN_NANOS = 120_000_000_000L;

  private final FootprintOptions options;
  private final Clock clock;
  private final Consumer<String> progress;
  private final HttpClient http = HttpClient.newHttpClient();

  /// @param progress told in words what runs now
  public FootprintBench(FootprintOptions options, Clock clock, Consumer<String> progress) {
    this.options = options;
    this.clock = clock;
    this.progress = progress;
  }

  /// Runs the scenario. Linux only.
  public BenchReport run() throws IOException, InterruptedException {
    Files.createDirectories(options.directory());
    Path data = Files.createTempDirectory(options.directory(), "footprint");
    try (CoreProcess core = CoreProcess.start(options.coreCommand(), data.resolve("core"));
        CoreProcess edge = CoreProcess.start(edgeCommand(core, data), EDGE_READY);
        GrowingFile input =
            new GrowingFile(
                data.resolve("app.log"), new DataPool(DataSet.LOGS, SEED, POOL_SIZE), clock)) {
      List<BenchRow> rows = new ArrayList<>();
      idle(core, edge, rows);
      busy(core, edge, input, rows);
      Map<String, String> env = BenchReport.machine();
      env.put("input", "log lines of " + input.bytes() / Math.max(1, input.lines()) + " B");
      env.put("edge", "tail, spool with fsync, zstd, one stream over loopback");
      return new BenchReport("footprint", rows, Map.of(), env);
    } finally {
      BenchFiles.deleteAll(data);
    }
  }

  private List<String> edgeCommand(CoreProcess core, Path data) throws IOException {
    Path log = Files.createFile(data.resolve("app.log"));
    List<String> command = new ArrayList<>(options.edgeCommand());
    command.addAll(List.of("--tail", log.toString(), "--to", core.target().toString()));
    command.addAll(List.of("--topic", "bench/footprint"));
    command.addAll(List.of("--spool", data.resolve("spool").toString(), "--ops", "127.0.0.1:0"));
    return command;
  }

  private void idle(CoreProcess core, CoreProcess edge, List<BenchRow> rows) throws IOException {
    progress.accept("idle for " + options.idleSeconds() + " s");
    park(SETTLE_NANOS);
    Footprint coreBefore = core.footprint();
    Footprint edgeBefore = edge.footprint();
    long start = clock.nanoTime();
    park(options.idleSeconds() * 1_000_000_000L);
    double seconds = (clock.nanoTime() - start) / 1e9;
    rows.add(share("edge, idle", edgeBefore, edge.footprint(), seconds));
    rows.add(share("core, idle", coreBefore, core.footprint(), seconds));
  }

  private void busy(CoreProcess core, CoreProcess edge, GrowingFile input, List<BenchRow> rows)
      throws IOException, InterruptedException {
    progress.accept("%s a second for %d s".formatted(options.bytesPerSecond(), options.seconds()));
    Footprint coreBefore = core.footprint();
    Footprint edgeBefore = edge.footprint();
    long start = clock.nanoTime();
    input.grow(options.bytesPerSecond().bytes(), options.seconds());
    awaitShipped(edge, input.lines());
    double seconds = (clock.nanoTime() - start) / 1e9;
    double gigabytes = input.bytes() / 1e9;
    rows.add(
        share("edge, shipping", edgeBefore, edge.footprint(), seconds)
            .with("megabytesPerSecond", input.bytes() / 1e6 / seconds)
            .with(
                "cpuSecondsPerGigabyte", edge.footprint().cpuSecondsSince(edgeBefore) / gigabytes));
    rows.add(
        share("core, storing", coreBefore, core.footprint(), seconds)
            .with("megabytesPerSecond", input.bytes() / 1e6 / seconds)
            .with(
                "cpuSecondsPerGigabyte", core.footprint().cpuSecondsSince(coreBefore) / gigabytes));
  }

  private static BenchRow share(String mode, Footprint before, Footprint after, double seconds) {
    return BenchRow.of(mode, after.cpuSecondsSince(before) / seconds * 100, "% of a core")
        .with("residentMebibytes", after.residentBytes() / 1048576.0)
        .with("peakMebibytes", after.peakBytes() / 1048576.0);
  }

  private void awaitShipped(CoreProcess edge, long lines) throws IOException, InterruptedException {
    long deadline = clock.nanoTime() + DRAIN_NANOS;
    URI metrics =
        URI.create(
            "http://"
                + edge.address().getHostString()
                + ":"
                + edge.address().getPort()
                + "/metrics");
    while (true) {
      String text =
          http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
      if (value(text, "weir_source_messages_total") >= lines
          && value(text, "weir_spool_messages") == 0) {
        return;
      }
      if (clock.nanoTime() > deadline) {
        throw new IOException("the edge has not shipped its input in time: " + text);
      }
      park(50_000_000);
    }
  }

  private static double value(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .mapToDouble(Double::parseDouble)
        .sum();
  }

  private void park(long nanos) {
    long end = clock.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - clock.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
  }
}
