package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.bench.Children;
import dev.weir.bench.CoreProcess;
import dev.weir.bench.data.DataPool;
import dev.weir.lab.Lab;
import dev.weir.lab.Side;
import dev.weir.lab.Way;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;

/// One run of one mode in one world: a lab, a core on its far side, a load on its near side, and
/// then the audit. One thread drives it.
final class ShipRun {
  /// Ended by its own handle when it takes longer to end.
  private static final Duration END_WAIT = Duration.ofSeconds(10);

  /// The port of the core within its namespace.
  private static final int PORT = 4750;

  private final ShipOptions options;
  private final ShipProfile profile;
  private final ShipMode mode;
  private final DataPool pool;
  private final Clock clock;
  private final LongConsumer progress;
  private Runnable atBegin = () -> {};

  /// @param progress told how many bytes are acked, a few times a second
  ShipRun(
      ShipOptions options,
      ShipProfile profile,
      ShipMode mode,
      DataPool pool,
      Clock clock,
      LongConsumer progress) {
    this.options = options;
    this.profile = profile;
    this.mode = mode;
    this.pool = pool;
    this.clock = clock;
    this.progress = progress;
  }

  /// What to do when the timed part begins; must not wait.
  ShipRun atBegin(Runnable action) {
    atBegin = action;
    return this;
  }

  /// @param directory empty; its content is the caller's to delete
  /// @param lab the path, or none for loopback
  ShipResult run(Path directory, Optional<Lab> lab) throws IOException {
    Path data = directory.resolve("core");
    ShipResult timed;
    String listen = lab.map(Lab::host).orElse("127.0.0.1");
    int port = lab.map(Lab::isNetwork).orElse(false) ? PORT : 0;
    try (CoreProcess core =
        CoreProcess.start(on(lab, Side.FAR, coreWords()), data, listen + ":" + port)) {
      timed = load(directory, lab, core);
    }
    LoadFigures load = timed.load();
    long acked = (long) (load.firstNumber() + load.messages());
    return new ShipResult(
        load,
        timed.wireBytes(),
        timed.utilisation(),
        timed.coreCpuSeconds(),
        ShipAudit.run(data, pool, acked, clock));
  }

  private ShipResult load(Path directory, Optional<Lab> lab, CoreProcess core) throws IOException {
    InetSocketAddress dialled = lab.isPresent() ? lab.get().dial(core.address()) : core.address();
    URI target = URI.create("weir://" + dialled.getHostString() + ":" + dialled.getPort());
    LoadPlan plan =
        new LoadPlan(
            mode,
            target,
            Files.createDirectories(directory.resolve("spool")),
            options.set(),
            options.seed(),
            options.warmUp(),
            options.bytes().bytes(),
            options.longest(),
            profile.aheadBytes());
    Path errors = directory.resolve("load.err");
    Process process =
        Children.start(
            new ProcessBuilder(on(lab, Side.NEAR, loadWords(plan))).redirectError(errors.toFile()));
    try {
      return watch(process, lab, core, errors);
    } finally {
      end(process);
    }
  }

  private ShipResult watch(Process process, Optional<Lab> lab, CoreProcess core, Path errors)
      throws IOException {
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    long wireBefore = 0;
    double cpuBefore = 0;
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher acked = ShipWords.ACKED.matcher(line);
      Matcher end = ShipWords.END.matcher(line);
      if (acked.matches()) {
        progress.accept(Long.parseLong(acked.group(1)));
      } else if (line.equals(ShipWords.BEGIN)) {
        atBegin.run();
        wireBefore = wireBytes(lab);
        cpuBefore = core.cpuSeconds();
      } else if (end.matches()) {
        LoadFigures load = LoadFigures.parse(end.group(1));
        long wire = wireBytes(lab) - wireBefore;
        double rate = (double) profile.bitsPerSecond();
        double utilisation = rate == 0 ? 0 : wire * 8 / load.seconds() / rate;
        double cpu = core.cpuSeconds() - cpuBefore;
        return new ShipResult(load, wire, utilisation, cpu, new ShipAudit.Verdict(0, 0, 0, 0, 0));
      }
    }
    throw new IOException("the load process ended early:\n" + Files.readString(errors));
  }

  private static long wireBytes(Optional<Lab> lab) {
    return lab.map(open -> open.totals(Way.OUT).bytes()).orElse(0L);
  }

  private static List<String> on(Optional<Lab> lab, Side side, List<String> words) {
    return lab.map(open -> open.command(side, words)).orElse(words);
  }

  /// With the collector that the launcher gives to `weir serve`.
  private List<String> coreWords() {
    List<String> words = new ArrayList<>(options.java());
    words.addAll(1, List.of("-XX:+UseZGC", "-XX:SoftMaxHeapSize=512m"));
    words.addAll(
        List.of(ShipCore.class.getName(), Long.toString(profile.extraCommit().toMillis())));
    return words;
  }

  /// With the collector that the launcher gives to `weir edge`; the heap holds the data as well.
  private List<String> loadWords(LoadPlan plan) {
    List<String> words = new ArrayList<>(options.java());
    words.addAll(1, List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx384m"));
    words.add(ShipLoad.class.getName());
    words.addAll(plan.words());
    return words;
  }

  private static void end(Process process) {
    try {
      if (!process.waitFor(END_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /// Opens the lab of a profile.
  static Optional<Lab> openLab(ShipProfile profile, long seed, Clock clock) throws IOException {
    return profile.path().isEmpty()
        ? Optional.empty()
        : Optional.of(Lab.open(profile.path().get(), clock, new SplittableRandom(seed)));
  }
}
