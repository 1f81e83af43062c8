package dev.weir.cli;

import dev.weir.client.WeirClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weir queue purge`.
@Command(name = "purge", description = "Take out and forget every message that nobody holds.")
final class QueuePurgeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;
  @Mixin QueueName name = new QueueName();

  QueuePurgeCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    long gone;
    try (WeirClient client = Clients.connect(server)) {
      var _ = QueueName.figures(client, name.queue);
      gone = client.queues().purge(name.queue);
    }
    if (common.isJson) {
      terminal.out().println(new JsonLine().put("queue", name.queue).put("purged", gone).line());
    } else if (!common.isQuiet) {
      terminal.out().println("purged " + gone + " from " + name.queue);
    }
    return ExitCode.OK.number();
  }
}
