package dev.weir.cli;

import dev.weir.client.QueuedMessage;
import dev.weir.client.WeirClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir queue peek`.
@Command(
    name = "peek",
    description = "Look at the next messages without taking them; the dead show their reason.")
final class QueuePeekCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;
  @Mixin QueueName name = new QueueName();

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "At most N messages, up to 1000 (10).")
  int count = 10;

  QueuePeekCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    Range.check("--count", count, 1, 1_000);
    List<QueuedMessage> messages;
    try (WeirClient client = Clients.connect(server)) {
      var _ = QueueName.figures(client, name.queue);
      messages = client.queues().peek(name.queue, count);
    }
    if (!common.isJson) {
      terminal.out().println(QueueLines.MESSAGE_HEADINGS);
    }
    messages.forEach(message ->
        terminal.out().println(common.isJson ? QueueLines.json(message) : QueueLines.row(message)));
    return ExitCode.OK.number();
  }
}
