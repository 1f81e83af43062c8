package dev.weir.cli;

import dev.weir.base.Clock;
import dev.weir.dev.DevOptions;
import dev.weir.dev.DevRun;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir dev`: everything at work, in a temporary folder.
@Command(
    name = "dev",
    description = {
      "Run a core, synthetic edges and a live screen in a temporary folder.",
      "Ends with what was sent, stored, lost and duplicated; nothing stays behind."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  weir dev", "  weir dev --outage 30s      cut the link and watch the spools"})
final class DevCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  @Option(names = "--edges", paramLabel = "N", description = "Collectors (${DEFAULT-VALUE}).")
  int edges = 3;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Lines a second of each of an edge's two sources (${DEFAULT-VALUE}).")
  int linesPerSecond = 200;

  @Option(
      names = "--outage",
      paramLabel = "DURATION",
      description = "Cut the link for this long, then end with the count.",
      converter = DurationConverter.class)
  Duration outage = Duration.ZERO;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      description = "End by itself after this long.",
      converter = DurationConverter.class)
  Duration duration = Duration.ZERO;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The core's port; another one when it is taken (${DEFAULT-VALUE}).")
  int port = 4750;

  DevCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    DevOptions options = new DevOptions(edges, linesPerSecond, outage, duration, port);
    DevRun run =
        new DevRun(
            options, Version.number(), Clock.SYSTEM, terminal.out(), terminal.isInteractive());
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  run.stop();
                  awaitQuietly(ended);
                },
                "weir-signal"));
    try {
      DevRun.Result result = run.run();
      terminal.flush();
      return result.isGood() ? ExitCode.OK.number() : ExitCode.CHECK_FAILED.number();
    } finally {
      ended.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch ended) {
    try {
      ended.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
