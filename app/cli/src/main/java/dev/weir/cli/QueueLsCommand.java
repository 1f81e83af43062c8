package dev.weir.cli;

import dev.weir.client.QueueFigures;
import dev.weir.client.WeirClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weir queue ls`.
@Command(name = "ls", aliases = "list", description = "List the queues.")
final class QueueLsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  QueueLsCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    List<QueueFigures> queues;
    try (WeirClient client = Clients.connect(server)) {
      queues = client.queues().list();
    }
    if (!common.isJson) {
      terminal.out().println(QueueLines.HEADINGS);
    }
    queues.forEach(queue ->
        terminal.out().println(common.isJson ? QueueLines.json(queue) : QueueLines.row(queue)));
    return ExitCode.OK.number();
  }
}
