package dev.weir.cli;

import dev.weir.client.QueueFigures;
import dev.weir.client.WeirClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir queue requeue`.
@Command(
    name = "requeue",
    aliases = "redrive",
    description = "Give dead letters back, each to the queue that gave it up.")
final class QueueRequeueCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;
  @Mixin QueueName name = new QueueName();

  @Option(names = "--max", paramLabel = "N", description = "At most N messages (1000000).")
  int max = 1_000_000;

  QueueRequeueCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    Range.check("--max", max, 1, 1_000_000);
    long moved;
    QueueFigures after;
    try (WeirClient client = Clients.connect(server)) {
      var _ = QueueName.figures(client, name.queue);
      moved = client.queues().requeue(name.queue, max);
      after = client.queues().figures(name.queue);
    }
    if (common.isJson) {
      terminal
          .out()
          .println(
              new JsonLine()
                  .put("queue", name.queue)
                  .put("requeued", moved)
                  .put("left", after.length())
                  .line());
    } else if (!common.isQuiet) {
      terminal.out().println("requeued " + moved + ", left " + after.length());
      if (moved == 0 && after.length() > 0) {
        terminal.say(
            "What is left is no dead letter, is held, or its queue is gone:"
                + " `weir queue move QUEUE TARGET` moves it anyway.");
      }
    }
    return ExitCode.OK.number();
  }
}
