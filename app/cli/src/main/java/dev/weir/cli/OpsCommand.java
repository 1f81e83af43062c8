package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.bench.MachineLoad;
import dev.weir.bench.ops.OpsBench;
import dev.weir.bench.ops.OpsOptions;
import dev.weir.bench.ops.OpsReport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `weir bench ops`.
@Command(
    name = "ops",
    description = {
      "Small calls a second: wire beside gRPC unary, streams and batches, direct and routed;",
      "redis-server and nats-server beside them when they are installed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir bench ops --quick",
      "  weir bench ops --rounds 5 --html ops.html",
      "  weir bench ops --way wire,stream-batch --direct --closed --in-flight 256",
      "  weir bench ops --size 64KiB,1MiB --in-flight 4",
      "  weir bench ops --closed --in-flight 1 --spin 50"
    })
final class OpsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin BenchFilesOptions files = new BenchFilesOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--quick", description = "Within a minute: 64 B, 1 and 256 in flight, one round.")
  boolean isQuick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Repetitions, all in turn (5; with --quick 1).")
  Optional<Integer> rounds = Optional.empty();

  @Option(
      names = "--size",
      split = ",",
      paramLabel = "SIZE",
      converter = ByteSizeConverter.class,
      description = "Bytes of a body, up to 1MiB (64B,1KiB); above 16KiB direct and closed only.")
  List<ByteSize> sizes = List.of();

  @Option(
      names = "--in-flight",
      split = ",",
      paramLabel = "N",
      description = "Calls in flight in closed loops, 1 to 4096 (1,32,256,1024).")
  List<Integer> inFlights = List.of();

  @Option(
      names = "--way",
      split = ",",
      paramLabel = "WAY",
      description =
          "These only, without other programs: unary, stream, stream-batch, wire, rpc-wire (all).")
  List<String> ways = List.of();

  @Option(names = "--direct", description = "Nothing through a router.")
  boolean isDirectOnly;

  @Option(names = "--closed", description = "No open loops and no search for the highest rates.")
  boolean isClosedOnly;

  @Option(
      names = "--spin",
      paramLabel = "MICROS",
      defaultValue = "0",
      description =
          "Microseconds for which event loops, gRPC's as well, look for events before they sleep,"
              + " up to 100000 (0).")
  int spinMicros;

  OpsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    OpsOptions standard =
        isQuick
            ? OpsOptions.quick(BenchFilesOptions.java())
            : OpsOptions.full(BenchFilesOptions.java());
    OpsOptions options = OptionValues.checked(spec, () -> chosen(standard));
    MachineLoad load = MachineLoad.now();
    terminal.say(load + (load.isBusy() ? ": busy, trust the ratios only" : ""));
    OpsReport report = new OpsBench(options, terminal::say).run();
    terminal.out().print(report.table());
    files.write(report.bench(), report.html());
    return (report.isClean() ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
  }

  private OpsOptions chosen(OpsOptions standard) {
    OpsOptions options =
        rounds
            .map(standard::withRounds)
            .orElse(standard)
            .withLoads(sizes.stream().map(ByteSize::intBytes).toList(), inFlights);
    options = options.withSpin(Duration.ofNanos(spinMicros * 1_000L));
    options = ways.isEmpty() ? options : options.withWays(ways);
    options = isDirectOnly ? options.directOnly() : options;
    return isClosedOnly ? options.closedOnly() : options;
  }
}
