package dev.weir.cli;

import dev.weir.bench.MachineLoad;
import dev.weir.bench.remote.RemoteBench;
import dev.weir.bench.remote.RemoteBenchOptions;
import dev.weir.bench.remote.RemoteReport;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `weir bench remote`.
@Command(
    name = "remote",
    description = {
      "Messages to a peer and their answers: sync, async and in-order remotes over gRPC streams,",
      "gRPC batches and wire, by buffer; then with forced reconnects, each answer counted."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  weir bench remote --quick", "  weir bench remote --quick --reconnects 10000"})
final class RemoteCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin BenchFilesOptions files = new BenchFilesOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--quick", description = "Within a minute: the smallest and largest buffer.")
  boolean isQuick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Repetitions, all in turn (5; with --quick 2).")
  Optional<Integer> rounds = Optional.empty();

  @Option(
      names = "--reconnects",
      paramLabel = "N",
      description = "Forced over each transport, one every 500 messages (200; with --quick 50).")
  Optional<Integer> reconnects = Optional.empty();

  RemoteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    RemoteBenchOptions standard =
        isQuick
            ? RemoteBenchOptions.quick(BenchFilesOptions.java())
            : RemoteBenchOptions.full(BenchFilesOptions.java());
    RemoteBenchOptions options =
        OptionValues.checked(
            spec,
            () ->
                standard.with(
                    rounds.orElse(standard.rounds()), reconnects.orElse(standard.reconnects())));
    MachineLoad load = MachineLoad.now();
    terminal.say(load + (load.isBusy() ? ": busy, trust the ratios only" : ""));
    RemoteReport report = new RemoteBench(options, terminal::say).run();
    terminal.out().print(report.table());
    files.write(report.bench(), report.html());
    return (report.isClean() ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
  }
}
