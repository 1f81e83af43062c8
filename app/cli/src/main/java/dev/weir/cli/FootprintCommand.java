package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.base.Clock;
import dev.weir.bench.BenchReport;
import dev.weir.bench.FootprintBench;
import dev.weir.bench.FootprintOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `weir bench footprint`.
@Command(
    name = "footprint",
    description = "Memory and CPU of an edge and its core, idle and while a log file grows.")
final class FootprintCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where everything is written (a temporary folder).")
  Optional<Path> directory = Optional.empty();

  @Option(
      names = "--rate",
      paramLabel = "SIZE",
      description = "Bytes a second by which the file grows (50MB).",
      converter = ByteSizeConverter.class)
  ByteSize rate = new ByteSize(50_000_000);

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long it grows (${DEFAULT-VALUE}).")
  int seconds = 30;

  @Option(
      names = "--idle",
      paramLabel = "N",
      description = "Seconds without anything to do, before (${DEFAULT-VALUE}).")
  int idleSeconds = 30;

  @Option(
      names = "--edge-heap",
      paramLabel = "SIZE",
      description = "The edge's -Xmx (as the launcher gives it).")
  Optional<String> edgeHeap = Optional.empty();

  FootprintCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path work =
        directory.isPresent()
            ? directory.get().toAbsolutePath()
            : Files.createTempDirectory("weir-bench");
    List<String> edge = edgeCommand();
    FootprintOptions options =
        OptionValues.checked(
            spec,
            () ->
                new FootprintOptions(
                    work, BenchCommand.Publish.coreCommand(), edge, rate, seconds, idleSeconds));
    BenchReport report = new FootprintBench(options, Clock.SYSTEM, terminal::say).run();
    return BenchCommand.print(report, common, terminal);
  }

  /// As the launcher starts `weir edge`: its flags and its bound of malloc's arenas. `env` becomes
  /// the edge, so that its process is the one measured.
  private List<String> edgeCommand() {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "MALLOC_ARENA_MAX=2"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:+UseCompactObjectHeaders");
    command.add("-Dio.netty.jfr.enabled=false");
    command.add("@" + Path.of(checkout(), "app/cli/src/main/jvm/edge.args"));
    edgeHeap.ifPresent(size -> command.add("-Xmx" + size));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "edge"));
    return command;
  }

  private static String checkout() {
    String checkout = System.getProperty("weir.checkout");
    Checks.state(checkout != null, "weir.checkout is not set: start this with ./weir");
    return Objects.requireNonNull(checkout);
  }
}
