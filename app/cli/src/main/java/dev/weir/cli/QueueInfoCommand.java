package dev.weir.cli;

import dev.weir.client.QueueFigures;
import dev.weir.client.WeirClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weir queue info`.
@Command(name = "info", description = "Show a queue: its figures and its settings.")
final class QueueInfoCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;
  @Mixin QueueName name = new QueueName();

  QueueInfoCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    QueueFigures figures;
    try (WeirClient client = Clients.connect(server)) {
      figures = QueueName.figures(client, name.queue);
    }
    if (common.isJson) {
      terminal.out().println(QueueLines.json(figures));
    } else {
      terminal.out().print(QueueLines.text(figures));
    }
    return ExitCode.OK.number();
  }
}
