package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.client.WeirClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir top`: the busiest topics and the longest queues, again and again.
@Command(
    name = "top",
    description = "Watch the busiest topics and the longest queues of a core; Ctrl-C ends it.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir top                              every two seconds, until Ctrl-C",
      "  weir top --filter 'logs/#' -n 5       the five busiest of these",
      "  weir top --once --json                one look, for a program"
    })
final class TopCommand implements Callable<Integer> {
  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[J";

  /// The core lists at most so many, in the order of their names.
  private static final int MAX_TOPICS = 10_000;

  private final Terminal terminal;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final TopRates rates = new TopRates();
  private long lookedNanos;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Option(names = "--filter", paramLabel = "FILTER", description = "Topics, with + and # (#).")
  String filter = "#";

  @Option(
      names = {"-n", "--rows"},
      paramLabel = "N",
      description = "At most N topics and N queues (${DEFAULT-VALUE}).",
      defaultValue = "15")
  int rows = 15;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description = "Between two looks, at least 100ms (${DEFAULT-VALUE}).",
      defaultValue = "2s",
      converter = DurationConverter.class)
  Duration interval = Duration.ofSeconds(2);

  @Option(names = "--once", description = "Look once over one interval, print it and end.")
  boolean isOnce;

  TopCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() throws InterruptedException {
    Range.check("--rows", rows, 1, MAX_TOPICS);
    long waitMillis = Math.max(100, interval.toMillis());
    try (WeirClient client = Clients.connect(server)) {
      look(client);
      boolean isGoingOn = true;
      while (isGoingOn) {
        if (ended.await(waitMillis, TimeUnit.MILLISECONDS)) {
          break;
        }
        print(look(client));
        isGoingOn = !isOnce && !terminal.isOutputGone();
      }
    }
    return ExitCode.OK.number();
  }

  /// A core at one moment, against the look before.
  private record Look(List<TopRates.Topic> topics, List<TopRates.Queue> queues) {}

  private Look look(WeirClient client) {
    var topics = client.topics(filter, MAX_TOPICS);
    var queues = client.queues().list();
    long now = Clock.SYSTEM.nanoTime();
    double seconds = Math.max(1, now - lookedNanos) / 1e9;
    lookedNanos = now;
    return new Look(rates.topics(topics, seconds), rates.queues(queues, seconds));
  }

  private void print(Look look) {
    StringBuilder out = new StringBuilder();
    if (common.isJson) {
      look.topics.stream().limit(rows).forEach(topic -> out.append(json(topic)).append('\n'));
      look.queues.stream().limit(rows).forEach(queue -> out.append(json(queue)).append('\n'));
    } else {
      if (terminal.isInteractive() && !isOnce) {
        out.append(HOME_AND_CLEAR);
      }
      heading(out, look);
      topics(out, look.topics);
      queues(out, look.queues);
    }
    terminal.out().print(out);
    terminal.flush();
  }

  private void heading(StringBuilder out, Look look) {
    String servers = server.servers().stream().map(URI::toString).collect(Collectors.joining(","));
    double messages = look.topics.stream().mapToDouble(TopRates.Topic::messages).sum();
    double bytes = look.topics.stream().mapToDouble(TopRates.Topic::bytes).sum();
    out.append(
        "%s  %s  %,.0f messages/s  %s/s  %,d topics%s  %,d queues%n"
            .formatted(
                servers,
                Times.iso(Clock.SYSTEM.epochMicros() / 1_000_000 * 1_000_000),
                messages,
                new ByteSize(Math.round(bytes)),
                look.topics.size(),
                look.topics.size() == MAX_TOPICS ? " (and more)" : "",
                look.queues.size()));
  }

  private void topics(StringBuilder out, List<TopRates.Topic> topics) {
    out.append("%n%12s  %12s  %14s  %s%n".formatted("MESSAGES/S", "BYTES/S", "MESSAGES", "TOPIC"));
    topics.stream()
        .limit(rows)
        .forEach(topic ->
            out.append(
                "%,12.1f  %12s  %,14d  %s%n"
                    .formatted(
                        topic.messages(),
                        new ByteSize(Math.round(topic.bytes())),
                        topic.figures().messages(),
                        topic.figures().topic())));
  }

  private void queues(StringBuilder out, List<TopRates.Queue> queues) {
    if (queues.isEmpty()) {
      return;
    }
    out.append(
        "%n%12s  %8s  %8s  %10s  %8s  %9s  %s%n"
            .formatted("LENGTH", "HELD", "DELAYED", "ACKED/S", "DEAD/S", "CONSUMERS", "QUEUE"));
    queues.stream()
        .limit(rows)
        .forEach(queue ->
            out.append(
                "%,12d  %,8d  %,8d  %,10.1f  %,8.1f  %,9d  %s%n"
                    .formatted(
                        queue.figures().length(),
                        queue.figures().held(),
                        queue.figures().delayed(),
                        queue.acked(),
                        queue.dead(),
                        queue.figures().consumers(),
                        queue.figures().config().name())));
  }

  private static String json(TopRates.Topic topic) {
    return new JsonLine()
        .put("topic", topic.figures().topic())
        .put("messagesPerSecond", topic.messages())
        .put("bytesPerSecond", topic.bytes())
        .put("messages", topic.figures().messages())
        .put("bytes", topic.figures().bytes())
        .line();
  }

  private static String json(TopRates.Queue queue) {
    return new JsonLine()
        .put("queue", queue.figures().config().name())
        .put("length", queue.figures().length())
        .put("held", queue.figures().held())
        .put("delayed", queue.figures().delayed())
        .put("consumers", queue.figures().consumers())
        .put("ackedPerSecond", queue.acked())
        .put("deadPerSecond", queue.dead())
        .line();
  }
}
