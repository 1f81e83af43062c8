package dev.weir.cli;

import dev.weir.client.WeirClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir queue rm`.
@Command(
    name = "rm",
    aliases = "delete",
    description = "Remove a queue; exit code 4 while it holds messages.")
final class QueueRmCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;
  @Mixin QueueName name = new QueueName();

  @Option(names = "--force", description = "Remove it with everything in it.")
  boolean isForced;

  QueueRmCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    long gone;
    try (WeirClient client = Clients.connect(server)) {
      var _ = QueueName.figures(client, name.queue);
      gone = client.queues().delete(name.queue, !isForced);
    }
    if (common.isJson) {
      terminal.out().println(new JsonLine().put("queue", name.queue).put("messages", gone).line());
    } else if (!common.isQuiet) {
      terminal.out().println("removed " + name.queue + " with " + gone + " messages");
    }
    return ExitCode.OK.number();
  }
}
