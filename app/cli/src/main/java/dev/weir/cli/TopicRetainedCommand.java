package dev.weir.cli;

import dev.weir.client.Delivered;
import dev.weir.client.WeirClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir topic retained [FILTER]`.
@Command(
    name = "retained",
    description = "Print the last message of each topic that asked to be kept.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir topic retained 'plant/+/state'",
      "  weir pub plant/7/state '' --retain              clears what is kept of it"
    })
final class TopicRetainedCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(paramLabel = "FILTER", arity = "0..1", description = "With + and # (#).")
  String filter = "#";

  @Option(names = "--limit", paramLabel = "N", description = "At most N topics (1000).")
  long limit = 1_000;

  TopicRetainedCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    long left = limit;
    try (WeirClient client = Clients.connect(server)) {
      for (Delivered kept : client.retained(filter)) {
        if (left == 0) {
          terminal.say("The list was cut at " + limit + " topics; --limit raises that.");
          break;
        }
        left--;
        print(kept);
        if (terminal.isOutputGone()) {
          break;
        }
      }
    }
    return ExitCode.OK.number();
  }

  private void print(Delivered kept) {
    if (common.isJson) {
      terminal
          .out()
          .println(
              MessageLines.of(kept.message())
                  .put("position", kept.position().toString())
                  .put("stored", Times.iso(kept.storedMicros()))
                  .line());
    } else {
      terminal.out().println(kept.message().topic() + "  " + kept.text());
    }
  }
}
