package dev.weir.cli;

import dev.weir.base.WeirException;
import dev.weir.client.ConsumeOptions;
import dev.weir.client.HeldMessage;
import dev.weir.client.QueueConsumer;
import dev.weir.client.QueueFigures;
import dev.weir.client.WeirClient;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir queue consume`: prints messages and acks what was printed.
@Command(
    name = "consume",
    description = {
      "Take messages from a queue: each is acked once it is printed.",
      "What is not printed goes to other consumers."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir queue consume jobs                         until it is interrupted",
      "  weir queue consume jobs -n 10 --format ndjson   ten, with everything known of them",
      "  weir queue consume jobs --exit-at-end           what is ready now"
    })
final class QueueConsumeCommand implements Callable<Integer> {
  /// How often an empty queue is asked whether it is at its end.
  private static final long IDLE_MILLIS = 200;

  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;
  @Mixin QueueName name = new QueueName();

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "End after N messages.")
  long count = Long.MAX_VALUE;

  @Option(
      names = {"-e", "--exit-at-end"},
      description = "End once nothing is ready any more.")
  boolean isEndingAtTail;

  @Option(
      names = "--format",
      description = "How a message is printed: ${COMPLETION-CANDIDATES} (body).")
  SubCommand.Format format = SubCommand.Format.BODY;

  @Option(
      names = "--prefetch",
      paramLabel = "N",
      description = "Held at a time; what is held at an interrupt counts as delivered (1).")
  int prefetch = 1;

  QueueConsumeCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() throws InterruptedException {
    Range.check("--prefetch", prefetch, 1, 10_000);
    Range.check("--count", count, 1, Long.MAX_VALUE);
    LinkedBlockingQueue<HeldMessage> received = new LinkedBlockingQueue<>();
    ConsumeOptions options =
        ConsumeOptions.of(name.queue)
            .withPrefetch((int) Math.min(prefetch, count))
            .settledByHand()
            .withDrain(server.timeout);
    try (WeirClient client = Clients.connect(server)) {
      var _ = QueueName.figures(client, name.queue);
      try (QueueConsumer consumer = client.queues().consume(options, received::add)) {
        print(client, consumer, received);
      }
    }
    return ExitCode.OK.number();
  }

  private void print(
      WeirClient client, QueueConsumer consumer, LinkedBlockingQueue<HeldMessage> received)
      throws InterruptedException {
    long left = count;
    while (left > 0) {
      HeldMessage held = received.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
      if (held == null) {
        if (isOver(client, consumer)) {
          return;
        }
        continue;
      }
      print(held);
      terminal.flush();
      if (terminal.isOutputGone()) {
        return; // Not acked: whoever reads next gets it.
      }
      left--;
      if (left < prefetch) {
        consumer.prefetch((int) left); // Nothing is handed out that would only be given back.
      }
      ack(held);
    }
  }

  private boolean isOver(WeirClient client, QueueConsumer consumer) {
    if (consumer.ended().isCompletedExceptionally()) {
      try {
        consumer.ended().join();
      } catch (CompletionException e) {
        throw Clients.cause(e);
      }
    }
    if (!isEndingAtTail) {
      return false;
    }
    QueueFigures figures = client.queues().figures(name.queue);
    return figures.length() - figures.held() - figures.delayed() <= 0;
  }

  private void ack(HeldMessage held) {
    @Nullable WeirException fault =
        held.ack().handle((_, cause) -> cause == null ? null : Clients.cause(cause)).join();
    if (fault != null) {
      terminal.say("weir: " + fault.explanation());
    }
  }

  private void print(HeldMessage held) {
    if (common.isJson || format == SubCommand.Format.NDJSON) {
      terminal.out().println(QueueLines.json(held.queued()));
      return;
    }
    byte[] body = held.queued().message().body().toArray();
    terminal.out().write(body, 0, body.length);
    if (format == SubCommand.Format.BODY) {
      terminal.out().write('\n');
    }
  }
}
