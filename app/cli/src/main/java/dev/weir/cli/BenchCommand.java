package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.bench.AppendBench;
import dev.weir.bench.AppendOptions;
import dev.weir.bench.BenchReport;
import dev.weir.bench.PublishBench;
import dev.weir.bench.PublishOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `weir bench`.
@Command(
    name = "bench",
    description = "Measure this machine.",
    subcommands = {
      BenchCommand.Append.class,
      BenchCommand.Publish.class,
      ShipCommand.class,
      CompressCommand.class,
      BackfillCommand.class,
      FootprintCommand.class,
      HubCommand.class,
      OpsCommand.class,
      RemoteCommand.class,
      RttCommand.class
    })
final class BenchCommand extends CommandGroup {
  /// Bodies are random bytes from this seed, the same in every run.
  private static final long SEED = 7;

  BenchCommand(Terminal terminal) {
    super(terminal);
  }

  /// What both scenarios take.
  static final class BenchOptions {
    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description = "Where to write: the disk to be judged (a temporary folder).")
    Optional<Path> directory = Optional.empty();

    @Option(names = "--runs", paramLabel = "N", description = "Repetitions (${DEFAULT-VALUE}).")
    int runs = 5;

    @Option(
        names = "--seconds",
        paramLabel = "N",
        description = "Length of each measurement (${DEFAULT-VALUE}).")
    int seconds = 5;

    Path directory() throws IOException {
      return directory.isPresent()
          ? directory.get().toAbsolutePath()
          : Files.createTempDirectory("weir-bench");
    }
  }

  static int print(BenchReport report, CommonOptions common, Terminal terminal) {
    terminal.out().println(common.isJson ? report.json() : report.table());
    return ExitCode.OK.number();
  }

  /// `weir bench append`.
  @Command(
      name = "append",
      description = "The log against fio with the same write size and fdatasync, alternately.")
  static final class Append implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin BenchOptions options = new BenchOptions();
    @Spec CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--size",
        paramLabel = "SIZE",
        split = ",",
        description = "Bytes of an append (16KiB,64KiB,256KiB).",
        converter = ByteSizeConverter.class)
    List<ByteSize> sizes =
        List.of(ByteSize.ofKibibytes(16), ByteSize.ofKibibytes(64), ByteSize.ofKibibytes(256));

    Append(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      Path where = options.directory();
      AppendOptions append =
          OptionValues.checked(
              spec, () -> new AppendOptions(where, sizes, options.runs, options.seconds));
      BenchReport report =
          new AppendBench(append, Clock.SYSTEM, new SplittableRandom(SEED), terminal::say).run();
      return print(report, common, terminal);
    }
  }

  /// `weir bench publish`.
  @Command(
      name = "publish",
      description = "A core in a process of its own, an fsync before every ack.")
  static final class Publish implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin BenchOptions options = new BenchOptions();
    @Spec CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--size",
        paramLabel = "SIZE",
        description = "Bytes of a message (1KiB).",
        converter = ByteSizeConverter.class)
    ByteSize size = ByteSize.ofKibibytes(1);

    @Option(
        names = "--zstd",
        paramLabel = "LEVEL",
        description = "Compress batches; bodies are random bytes (0: not).")
    int zstdLevel;

    Publish(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      Path where = options.directory();
      PublishOptions publish =
          OptionValues.checked(
              spec,
              () ->
                  new PublishOptions(
                      where, coreCommand(), size, options.runs, options.seconds, zstdLevel));
      BenchReport report =
          new PublishBench(publish, Clock.SYSTEM, new SplittableRandom(SEED), terminal::say).run();
      return print(report, common, terminal);
    }

    /// The same java with the collector that the launcher gives to `weir serve`.
    static List<String> coreCommand() {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
      command.add("-XX:+UseCompactObjectHeaders");
      command.addAll(List.of("-XX:+UseZGC", "-XX:SoftMaxHeapSize=512m"));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(Main.class.getName(), "serve"));
      return command;
    }
  }
}
