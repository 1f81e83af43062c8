package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.bench.MachineLoad;
import dev.weir.bench.rtt.RttBench;
import dev.weir.bench.rtt.RttOptions;
import dev.weir.bench.rtt.RttReport;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `weir bench rtt`.
@Command(
    name = "rtt",
    description = {
      "Large requests over paths with a round trip: wire, gRPC with three windows, HTTP/2, HTTP/1.1.",
      "As root on Linux over a real network path between two namespaces, else over a relay."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir bench rtt --quick",
      "  weir bench rtt --rounds 5 --html rtt.html",
      "  weir bench rtt --rtt 152 --size 1MB,100MB --rounds 3"
    })
final class RttCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin BenchFilesOptions files = new BenchFilesOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--quick",
      description = "Within a minute: ten requests of 1 MB at 0, 16 and 64 ms, one round.")
  boolean isQuick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Repetitions, all in turn (5; with --quick 1).")
  Optional<Integer> rounds = Optional.empty();

  @Option(names = "--rate", paramLabel = "MBIT", description = "Of the path, Mbit/s (1000).")
  Optional<Integer> megabits = Optional.empty();

  @Option(
      names = "--rtt",
      split = ",",
      paramLabel = "MS",
      description = "Round trips for ten requests of 1 MB, 0 to 2000 ms (0,16,64,152).")
  List<Integer> rttMillis = List.of();

  @Option(
      names = "--size",
      split = ",",
      paramLabel = "SIZE",
      converter = ByteSizeConverter.class,
      description =
          "Single requests at 152 ms, 1 B to 100 MB (1 KB, ten times as large each, to 100 MB).")
  List<ByteSize> sizes = List.of();

  RttCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    RttOptions standard =
        isQuick
            ? RttOptions.quick(BenchFilesOptions.java())
            : RttOptions.full(BenchFilesOptions.java());
    RttOptions options = OptionValues.checked(spec, () -> chosen(standard));
    MachineLoad load = MachineLoad.now();
    terminal.say(load + (load.isBusy() ? ": busy, trust the ratios only" : ""));
    RttReport report = new RttBench(options, Clock.SYSTEM, terminal::say).run();
    terminal.out().print(report.table());
    files.write(report.bench(), report.html());
    return ExitCode.OK.number();
  }

  private RttOptions chosen(RttOptions standard) {
    RttOptions options =
        standard.with(rounds.orElse(standard.rounds()), megabits.orElse(standard.megabits()));
    options = rttMillis.isEmpty() ? options : options.at(rttMillis);
    return sizes.isEmpty()
        ? options
        : options.sized(sizes.stream().map(ByteSize::intBytes).toList());
  }
}
