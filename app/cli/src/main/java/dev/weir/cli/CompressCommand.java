package dev.weir.cli;

import dev.weir.base.Clock;
import dev.weir.bench.BenchReport;
import dev.weir.bench.CompressBench;
import dev.weir.bench.CompressOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `weir bench compress`.
@Command(
    name = "compress",
    description = {
      "What dictionaries gain and cost on one message a batch, alternately without;",
      "and what columns gain and cost on batches of rows."
    })
final class CompressCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--level", paramLabel = "LEVEL", description = "Of zstd (${DEFAULT-VALUE}).")
  int zstdLevel = 3;

  @Option(names = "--runs", paramLabel = "N", description = "Repetitions (${DEFAULT-VALUE}).")
  int runs = 5;

  @Option(
      names = "--millis",
      paramLabel = "N",
      description = "Length of each measurement (${DEFAULT-VALUE}).")
  int millis = 200;

  @Option(names = "--seed", paramLabel = "N", description = "Of the data (${DEFAULT-VALUE}).")
  long seed = 7;

  CompressCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    CompressOptions options =
        OptionValues.checked(spec, () -> new CompressOptions(zstdLevel, runs, millis, seed));
    BenchReport report = new CompressBench(options, Clock.SYSTEM, terminal::say).run();
    return BenchCommand.print(report, common, terminal);
  }
}
