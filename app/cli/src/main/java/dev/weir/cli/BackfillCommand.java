package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.bench.BackfillBench;
import dev.weir.bench.BackfillOptions;
import dev.weir.bench.BenchReport;
import dev.weir.edge.spool.BackfillPolicy.Order;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `weir bench backfill`.
@Command(
    name = "backfill",
    description = "How soon fresh data are acked while a backlog drains over a slow link.")
final class BackfillCommand implements Callable<Integer> {
  /// Bodies are random bytes from this seed, the same in every run.
  private static final long SEED = 7;

  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the spool and the core write (a temporary folder).")
  Optional<Path> directory = Optional.empty();

  @Option(
      names = "--bytes",
      paramLabel = "SIZE",
      description = "The backlog (100MiB).",
      converter = ByteSizeConverter.class)
  ByteSize backlog = ByteSize.ofMebibytes(100);

  @Option(
      names = "--rate",
      paramLabel = "MBIT",
      description = "Mbit/s of the relay before a core of this command's (${DEFAULT-VALUE}).")
  int rate = 40;

  @Option(
      names = "--fresh",
      paramLabel = "SIZE",
      description = "Bytes a second that arise meanwhile, five messages (100KiB).",
      converter = ByteSizeConverter.class)
  ByteSize fresh = ByteSize.ofKibibytes(100);

  @Option(
      names = "--to",
      paramLabel = "URL",
      description = "A core that runs already, behind the link to be measured.")
  Optional<URI> target = Optional.empty();

  @Option(names = "--in-order", description = "The backlog first, for comparison.")
  boolean isInOrder;

  BackfillCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Path work =
        directory.isPresent()
            ? directory.get().toAbsolutePath()
            : Files.createTempDirectory("weir-bench");
    BackfillOptions options =
        OptionValues.checked(
            spec,
            () ->
                new BackfillOptions(
                    work,
                    BenchCommand.Publish.coreCommand(),
                    target,
                    backlog,
                    rate,
                    fresh,
                    isInOrder ? Order.IN_ORDER : Order.NEWEST_FIRST));
    BenchReport report =
        new BackfillBench(options, Clock.SYSTEM, new SplittableRandom(SEED), terminal::say).run();
    return BenchCommand.print(report, common, terminal);
  }
}
