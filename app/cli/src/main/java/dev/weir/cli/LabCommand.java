package dev.weir.cli;

import dev.weir.base.Clock;
import dev.weir.lab.LabCheck;
import dev.weir.lab.PathSettings;
import dev.weir.lab.Side;
import dev.weir.lab.TunLab;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `weir lab`.
@Command(
    name = "lab",
    description = "A network path to order, for trying things over slow and bad links.",
    subcommands = {LabCommand.Check.class, LabCommand.Run.class})
final class LabCommand extends CommandGroup {
  LabCommand(Terminal terminal) {
    super(terminal);
  }

  /// What names a path.
  static final class PathOptions {
    @Spec(Spec.Target.MIXEE)
    CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--rtt",
        paramLabel = "TIME",
        description = "Round trip, such as 64ms.",
        converter = DurationConverter.class)
    Optional<Duration> rtt = Optional.empty();

    @Option(names = "--rate", paramLabel = "MBIT", description = "Mbit/s in each direction.")
    Optional<Integer> rate = Optional.empty();

    @Option(names = "--loss", paramLabel = "PERCENT", description = "Packets lost (0).")
    double lossPercent;

    @Option(names = "--reorder", paramLabel = "PERCENT", description = "Packets overtaken (0).")
    double reorderPercent;

    @Option(
        names = "--mtu",
        paramLabel = "BYTES",
        description = "Largest packet, 576 to 9000 (${DEFAULT-VALUE}).")
    int mtu = PathSettings.DEFAULT_MTU;

    /// The named path with what the other options change.
    PathSettings path(String profile) {
      return OptionValues.checked(spec, () -> changed(PathSettings.parse(profile)));
    }

    private PathSettings changed(PathSettings named) {
      return new PathSettings(
          rtt.orElse(named.rtt()),
          rate.map(mbit -> mbit * 1_000_000L).orElse(named.bitsPerSecond()),
          lossPercent / 100,
          reorderPercent / 100,
          mtu);
    }
  }

  /// `weir lab check`.
  @Command(
      name = "check",
      description = "Measure round trip and rate of the lab's paths against their settings.")
  static final class Check implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin PathOptions options = new PathOptions();

    @Option(
        names = "--profile",
        paramLabel = "PATH",
        split = ",",
        description = "seed, or RTT/RATE in ms and Mbit/s (${DEFAULT-VALUE}).")
    List<String> profiles = List.of("seed", "16/400", "64/400", "16/40", "200/40");

    Check(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      boolean isGood = true;
      for (String profile : profiles) {
        LabCheck check = LabCheck.run(options.path(profile), Clock.SYSTEM);
        terminal.out().println(profile + ": " + check);
        terminal.flush();
        isGood &= check.isGood();
      }
      return isGood ? ExitCode.OK.number() : ExitCode.CHECK_FAILED.number();
    }
  }

  /// `weir lab run`.
  @Command(
      name = "run",
      description = {
        "Run a command on the near side of a path; the far side is another network namespace.",
        "Needs root. WEIR_LAB_FAR has the far side's address, WEIR_LAB_FAR_EXEC starts programs"
            + " there."
      },
      footerHeading = "%nExample:%n",
      footer = "  weir lab run --profile 64/400 --loss 1 -- sh -c 'ping -c3 $WEIR_LAB_FAR'")
  static final class Run implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin PathOptions options = new PathOptions();

    @Option(
        names = "--profile",
        paramLabel = "PATH",
        description = "seed, or RTT/RATE in ms and Mbit/s (${DEFAULT-VALUE}).")
    String profile = "seed";

    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "What to run.")
    List<String> command = List.of();

    Run(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      PathSettings path = options.path(profile);
      try (TunLab lab = TunLab.open(path, Clock.SYSTEM, new SplittableRandom())) {
        String far = String.join(" ", lab.command(Side.FAR, List.of()));
        terminal.say(
            "near side "
                + lab.address(Side.NEAR)
                + ", far side "
                + lab.host()
                + "; start programs there with `"
                + far
                + " COMMAND`");
        ProcessBuilder builder = new ProcessBuilder(lab.command(Side.NEAR, command)).inheritIO();
        builder.environment().put("WEIR_LAB_FAR", lab.host());
        builder.environment().put("WEIR_LAB_FAR_EXEC", far);
        return builder.start().waitFor();
      }
    }
  }
}
