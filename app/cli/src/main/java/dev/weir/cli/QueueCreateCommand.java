package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.QueueClient;
import dev.weir.client.QueueConfig;
import dev.weir.client.QueueFigures;
import dev.weir.client.WeirClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir queue create`.
@Command(
    name = "create",
    description = "Create a queue; also fine when the same one is there already.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir queue create jobs",
      "  weir queue create jobs --dead-letter jobs.dead --max-deliveries 5 --lease 5m",
      "  weir queue create orders --filter 'shop/+/order' --order key"
    })
final class QueueCreateCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;
  @Mixin QueueName name = new QueueName();

  @Option(
      names = "--filter",
      paramLabel = "FILTER",
      description = "Also takes what is published to these topics; repeatable.")
  List<String> filters = List.of();

  @Option(
      names = "--from",
      paramLabel = "START",
      description = "Where in the filters' history it begins: now, first, last:N, a time (now).")
  String from = "now";

  @Option(
      names = "--dead-letter",
      paramLabel = "QUEUE",
      description = "Takes what is dead, and is created when it is missing. Without: it is gone.")
  Optional<String> deadLetter = Optional.empty();

  @Option(
      names = "--order",
      description = "${COMPLETION-CANDIDATES}: of each key one at a time (priority).")
  QueueConfig.Order order = QueueConfig.Order.PRIORITY;

  @Option(
      names = "--single-active",
      description = "Only the consumer that came first gets messages, until it leaves.")
  boolean isSingleActive;

  @Option(
      names = "--lease",
      paramLabel = "DURATION",
      description = "How long a consumer may hold a message (30s).",
      converter = DurationConverter.class)
  Duration lease = Duration.ofSeconds(30);

  @Option(
      names = "--max-deliveries",
      paramLabel = "N",
      description = "After so many a message is dead; 0 for no limit (10).")
  int maxDeliveries = 10;

  @Option(
      names = "--retry-base",
      paramLabel = "DURATION",
      description = "Longest first wait after a delivery that failed; it doubles (1s).",
      converter = DurationConverter.class)
  Duration retryBase = Duration.ofSeconds(1);

  @Option(
      names = "--retry-cap",
      paramLabel = "DURATION",
      description = "Longest wait (1m).",
      converter = DurationConverter.class)
  Duration retryCap = Duration.ofMinutes(1);

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      description = "What outlives it is dead; 0s as each message says (0s).",
      converter = DurationConverter.class)
  Duration ttl = Duration.ZERO;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "Messages that it may hold; 0 for no limit (0).")
  long maxLength;

  @Option(names = "--overflow", description = "Beyond that: ${COMPLETION-CANDIDATES} (reject).")
  QueueConfig.Overflow overflow = QueueConfig.Overflow.REJECT;

  QueueCreateCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    QueueConfig config = config();
    QueueFigures created;
    try (WeirClient client = Clients.connect(server)) {
      deadLetter.ifPresent(queue -> createDeadLetter(client.queues(), queue));
      created = create(client, config);
    }
    if (common.isJson) {
      terminal.out().println(QueueLines.json(created));
    } else if (!common.isQuiet) {
      terminal.say(
          "created " + name.queue + "; publish to it with `weir pub --queue " + name.queue + "`");
    }
    return ExitCode.OK.number();
  }

  /// What the core calls malformed was written on this command line.
  private QueueFigures create(WeirClient client, QueueConfig config) {
    try {
      return client.queues().create(config, StartText.parse(from));
    } catch (WeirException e) {
      throw e.code() == ErrorCode.MALFORMED
          ? new WeirException(ErrorCode.USAGE, String.valueOf(e.getMessage()), e)
          : e;
    }
  }

  private QueueConfig config() {
    QueueConfig config =
        QueueConfig.of(name.queue)
            .withFilters(filters)
            .withOrder(order, isSingleActive)
            .withRetry(lease, maxDeliveries, retryBase, retryCap)
            .withLimits(ttl, maxLength, overflow);
    return deadLetter.map(config::withDeadLetter).orElse(config);
  }

  /// The dead must not die once more: no limit of deliveries.
  private void createDeadLetter(QueueClient queues, String queue) {
    try {
      var _ = queues.figures(queue);
    } catch (WeirException e) {
      if (e.code() != ErrorCode.QUEUE_UNKNOWN) {
        throw e;
      }
      QueueConfig plain = QueueConfig.of(queue);
      var _ = queues.create(plain.withRetry(plain.lease(), 0, plain.retryBase(), plain.retryCap()));
      if (!common.isQuiet) {
        terminal.say("created " + queue + " for its dead letters");
      }
    }
  }
}
