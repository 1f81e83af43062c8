package dev.weir.cli;

import dev.weir.bench.MachineLoad;
import dev.weir.bench.hub.HubBench;
import dev.weir.bench.hub.HubOptions;
import dev.weir.bench.hub.HubReport;
import dev.weir.bench.scale.ScaleBench;
import dev.weir.bench.scale.ScaleOptions;
import dev.weir.bench.scale.ScaleReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `weir bench hub`.
@Command(
    name = "hub",
    description = {
      "Fan-out and work queues, every message looked for: Weir, which fsyncs before each ack,",
      "beside nats-server (core and JetStream) and rabbitmq-server when they are installed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir bench hub --quick",
      "  weir bench hub --rounds 5 --html hub.html",
      "  weir bench hub --case queue-1,queue-8 --way weir,jetstream --seconds 5",
      "  weir bench hub --case topics,subscribers,sockets,queue10m"
    })
final class HubCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin BenchFilesOptions files = new BenchFilesOptions();

  @Option(
      names = "--quick",
      description = "Within some minutes: one round, a second each, half of the cases.")
  boolean isQuick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Repetitions, all in turn (5; with --quick 1).")
  Optional<Integer> rounds = Optional.empty();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Length of each measurement (5; with --quick 1).")
  Optional<Integer> seconds = Optional.empty();

  @Option(
      names = "--way",
      split = ",",
      paramLabel = "WAY",
      description = "These only: weir, weir lane, nats, jetstream, rabbitmq (all).")
  List<String> ways = List.of();

  @Option(
      names = "--case",
      split = ",",
      paramLabel = "CASE",
      description =
          "These only: fan-out-10, fan-out-10-64, fan-out-100, fan-out-100-64, queue-1, queue-8"
              + " (all); or of Weir alone, how large it may grow: topics, subscribers, sockets,"
              + " queue10m.")
  List<String> cases = List.of();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the hubs write: the disk to be judged (a temporary folder).")
  Optional<Path> directory = Optional.empty();

  HubCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (cases.stream().anyMatch(ScaleOptions.CASES::contains)) {
      return scale();
    }
    HubOptions options = options();
    sayLoad();
    HubReport report = new HubBench(options, terminal::say).run();
    terminal.out().print(report.table());
    files.write(report.bench(), report.html());
    return (report.isClean() ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
  }

  private void sayLoad() throws IOException {
    MachineLoad load = MachineLoad.now();
    terminal.say(load + (load.isBusy() ? ": busy, trust the ratios only" : ""));
  }

  /// A hundredth of the size with `--quick`.
  private int scale() throws IOException {
    if (files.html.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "These cases have no page with charts: use --json.");
    }
    Path data = data();
    ScaleOptions options =
        OptionValues.checked(
            spec,
            () ->
                new ScaleOptions(
                    BenchFilesOptions.java(), data, cases, isQuick ? 1 : 100, seconds.orElse(5)));
    sayLoad();
    try {
      ScaleReport report = new ScaleBench(options, terminal::say).run();
      terminal.out().print(report.table());
      files.write(report.bench(), "");
      return (report.isMet() || isQuick ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return ExitCode.CHECK_FAILED.number();
    }
  }

  private Path data() throws IOException {
    return directory.isPresent()
        ? Files.createDirectories(directory.get().toAbsolutePath())
        : Files.createTempDirectory("weir-bench");
  }

  private HubOptions options() throws IOException {
    Path data = data();
    List<String> few = List.of("fan-out-10", "queue-1", "queue-8");
    List<String> standard = isQuick ? few : HubOptions.CASES;
    return OptionValues.checked(
        spec,
        () ->
            new HubOptions(
                BenchFilesOptions.java(),
                BenchCommand.Publish.coreCommand(),
                data,
                ways.isEmpty() ? HubOptions.WAYS : ways,
                cases.isEmpty() ? standard : cases,
                rounds.orElse(isQuick ? 1 : 5),
                Duration.ofSeconds(isQuick ? 1 : 3),
                Duration.ofSeconds(seconds.orElse(isQuick ? 1 : 5)),
                BenchFilesOptions.checkout()));
  }
}
