package dev.weir.cli;

import dev.weir.base.Clock;
import dev.weir.bench.MachineLoad;
import dev.weir.bench.rtt.RttBench;
import dev.weir.bench.rtt.RttOptions;
import dev.weir.bench.rtt.RttReport;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir bench rtt`.
@Command(
    name = "rtt",
    description = {
      "Large requests over paths with a round trip: wire, gRPC with three windows, HTTP/2, HTTP/1.1.",
      "As root on Linux over a real network path between two namespaces, else over a relay."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  weir bench rtt --quick", "  weir bench rtt --rounds 5 --html rtt.html"})
final class RttCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin BenchFilesOptions files = new BenchFilesOptions();

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

  RttCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    MachineLoad load = MachineLoad.now();
    terminal.say(load + (load.isBusy() ? ": busy, trust the ratios only" : ""));
    RttOptions standard =
        isQuick
            ? RttOptions.quick(BenchFilesOptions.java())
            : RttOptions.full(BenchFilesOptions.java());
    RttOptions options =
        standard.with(rounds.orElse(standard.rounds()), megabits.orElse(standard.megabits()));
    RttReport report = new RttBench(options, Clock.SYSTEM, terminal::say).run();
    terminal.out().print(report.table());
    files.write(report.bench(), report.html());
    return ExitCode.OK.number();
  }
}
