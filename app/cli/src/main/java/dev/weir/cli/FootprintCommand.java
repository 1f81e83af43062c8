package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.bench.BenchReport;
import dev.weir.bench.FootprintBench;
import dev.weir.bench.FootprintOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir bench footprint`.
@Command(
    name = "footprint",
    description = "Memory and CPU of an edge and its core, idle and while a log file grows.")
final class FootprintCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

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
      description = "The edge's -Xmx (${DEFAULT-VALUE}).")
  String edgeHeap = "44m";

  FootprintCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path work =
        directory.isPresent()
            ? directory.get().toAbsolutePath()
            : Files.createTempDirectory("weir-bench");
    FootprintOptions options =
        new FootprintOptions(
            work, BenchCommand.Publish.coreCommand(), edgeCommand(), rate, seconds, idleSeconds);
    BenchReport report = new FootprintBench(options, Clock.SYSTEM, terminal::say).run();
    return BenchCommand.print(report, common, terminal);
  }

  /// As the launcher starts `weir edge`: its flags, its class archive where there is one, and its
  /// bound of malloc's arenas. `env` becomes the edge, so that its process is the one measured.
  private List<String> edgeCommand() {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "MALLOC_ARENA_MAX=2"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:+UseCompactObjectHeaders");
    archive().ifPresent(file -> command.add("-XX:AOTCache=" + file));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Xms16m", "-Xmx" + edgeHeap, "-XX:MaxNewSize=16m"));
    command.addAll(List.of("-XX:SurvivorRatio=2", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "edge"));
    return command;
  }

  private static Optional<Path> archive() {
    return Optional.ofNullable(System.getProperty("weir.checkout"))
        .map(checkout -> Path.of(checkout, "app/cli/target/weir/weir.aot"))
        .filter(Files::exists);
  }
}
