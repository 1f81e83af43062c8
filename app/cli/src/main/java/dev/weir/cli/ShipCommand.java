package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.bench.BenchReport;
import dev.weir.bench.MachineLoad;
import dev.weir.bench.data.DataSet;
import dev.weir.bench.ship.PeerChoice;
import dev.weir.bench.ship.ShipBench;
import dev.weir.bench.ship.ShipMode;
import dev.weir.bench.ship.ShipOptions;
import dev.weir.bench.ship.ShipProfile;
import dev.weir.bench.ship.ShipReport;
import dev.weir.bench.ship.StepBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `weir bench ship`.
@Command(
    name = "ship",
    description = {
      "How fast messages of an edge are safe at a core, over paths to order.",
      "As root on Linux over a real network path between two namespaces, else over a relay."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir bench ship --quick",
      "  weir bench ship --profile seed,64/400 --runs 5 --html ship.html",
      "  weir bench ship --bytes 7GB --profile seed --json ship.json"
    })
final class ShipCommand implements Callable<Integer> {
  /// Four modes, with warm-up and reading back, within a minute.
  private static final int QUICK_SECONDS = 3;

  private static final List<ShipMode> QUICK_MODES =
      List.of(ShipMode.SYNC54, ShipMode.ASYNC, ShipMode.WITH_ZSTD, ShipMode.WITH_COLUMNAR);

  private final Terminal terminal;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean isHelp;

  @Option(
      names = "--quick",
      description = "Within a minute: the seed profile, four modes, 5 s each.")
  boolean isQuick;

  @Option(
      names = "--profile",
      paramLabel = "PATH",
      split = ",",
      description = "seed, loopback, or RTT/RATE in ms and Mbit/s (all of the report).")
  List<String> profiles = ShipProfile.NAMES;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      split = ",",
      description = "sync54, async100, async, +zstd, +dictionary, +columnar, default (all).")
  List<String> modes = ShipMode.ALL.stream().map(ShipMode::name).toList();

  @Option(
      names = "--data",
      paramLabel = "SET",
      description = "seed-mix, labels, logs, json, entropic.")
  String data = DataSet.SEED_MIX.label();

  @Option(
      names = "--bytes",
      paramLabel = "SIZE",
      description = "Ship so much in each run, however long it takes.",
      converter = ByteSizeConverter.class)
  Optional<ByteSize> bytes = Optional.empty();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Without --bytes: ship for so long (${DEFAULT-VALUE}).")
  int seconds = 15;

  @Option(
      names = "--step",
      description = "How soon a path is used again after 400 → 80 → 400 Mbit/s, for each mode.")
  boolean isStep;

  @Option(names = "--rsyslog", description = "Also ship log lines with Debian's rsyslog over RELP.")
  boolean hasRsyslog;

  @Option(
      names = "--kafka",
      description = "Also ship with Kafka's producer to its broker; Maven fetches them.")
  boolean hasKafka;

  @Option(names = "--runs", paramLabel = "N", description = "Repetitions (${DEFAULT-VALUE}).")
  int runs = 1;

  @Option(names = "--seed", paramLabel = "N", description = "Of the data (${DEFAULT-VALUE}).")
  long seed = 7;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where spools and stores are written (a temporary folder).")
  Optional<Path> directory = Optional.empty();

  @Option(names = "--json", paramLabel = "FILE", description = "Write weir.bench/v1 there.")
  Optional<Path> json = Optional.empty();

  @Option(names = "--html", paramLabel = "FILE", description = "Write a report with charts there.")
  Optional<Path> html = Optional.empty();

  @Option(names = "--force", description = "Measure although the machine is busy.")
  boolean isForced;

  ShipCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    ShipOptions options = options();
    MachineLoad load = MachineLoad.now();
    terminal.say(load.toString());
    if (load.isBusy() && !isForced) {
      terminal.say("weir: a busy machine measures its other work; wait, or add --force.");
      return ExitCode.CONFLICT.number();
    }
    if (isStep) {
      BenchReport steps = new StepBench(options, Clock.SYSTEM, terminal::say).run();
      terminal.out().print(steps.table());
      writeJson(steps);
      return ExitCode.OK.number();
    }
    ShipReport report = new ShipBench(options, Clock.SYSTEM, terminal::say).run();
    terminal.out().print(report.table());
    writeJson(report.bench());
    if (html.isPresent()) {
      Files.writeString(html.get(), report.html());
    }
    return (report.isClean() ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
  }

  private void writeJson(BenchReport report) throws IOException {
    if (json.isPresent()) {
      Files.writeString(json.get(), report.json() + "\n");
    }
  }

  private ShipOptions options() throws IOException {
    Path where =
        directory.isPresent()
            ? directory.get().toAbsolutePath()
            : Files.createTempDirectory("weir-bench");
    int runSeconds = isQuick ? QUICK_SECONDS : seconds;
    PeerChoice peers = new PeerChoice(hasRsyslog, checkout());
    return OptionValues.checked(
        spec,
        () ->
            new ShipOptions(
                where,
                java(),
                isQuick ? List.of(ShipProfile.parse("seed")) : all(profiles, ShipProfile::parse),
                isQuick ? QUICK_MODES : all(modes, ShipMode::parse),
                DataSet.parse(data),
                seed,
                bytes.orElse(new ByteSize(Long.MAX_VALUE / 4)),
                bytes.isPresent() ? Duration.ofHours(2) : Duration.ofSeconds(runSeconds),
                Duration.ofSeconds(isQuick ? 2 : 5),
                runs,
                peers));
  }

  /// Kafka is fetched and built from the checkout whose launcher runs this.
  private Optional<Path> checkout() {
    if (!hasKafka) {
      return Optional.empty();
    }
    Optional<Path> checkout = BenchFilesOptions.checkout();
    if (checkout.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--kafka needs a checkout of Weir: run its ./weir.");
    }
    return checkout;
  }

  private static <T> List<T> all(List<String> texts, Function<String, T> parser) {
    return texts.stream().map(parser).toList();
  }

  private static List<String> java() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("--enable-native-access=ALL-UNNAMED");
    words.add("--sun-misc-unsafe-memory-access=allow");
    words.add("-XX:+UseCompactObjectHeaders");
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return words;
  }
}
