package dev.weir.cli;

import dev.weir.client.WeirClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir queue move`.
@Command(
    name = "move",
    aliases = "mv",
    description = "Move messages that nobody holds to another queue, where they count as new.")
final class QueueMoveCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(index = "0", paramLabel = "QUEUE", description = "From where.")
  String queue = "";

  @Parameters(index = "1", paramLabel = "TARGET", description = "To where.")
  String target = "";

  @Option(names = "--max", paramLabel = "N", description = "At most N messages (1000000).")
  int max = 1_000_000;

  QueueMoveCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    Range.check("--max", max, 1, 1_000_000);
    long moved;
    try (WeirClient client = Clients.connect(server)) {
      var _ = QueueName.figures(client, queue);
      moved = client.queues().move(queue, target, max);
    }
    if (common.isJson) {
      terminal
          .out()
          .println(
              new JsonLine().put("queue", queue).put("target", target).put("moved", moved).line());
    } else if (!common.isQuiet) {
      terminal.out().println("moved " + moved + " from " + queue + " to " + target);
    }
    return ExitCode.OK.number();
  }
}
