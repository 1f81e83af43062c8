package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.Delivered;
import dev.weir.client.QueueConfig;
import dev.weir.client.Start;
import dev.weir.client.SubscribeOptions;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir sub FILTER…`: prints what is published.
@Command(
    name = "sub",
    description = "Subscribe to topics and print their messages.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir sub 'logs/#'                                        what comes from now on",
      "  weir sub 'logs/#' --from last:10 --exit-at-end           the last ten",
      "  weir sub 'metrics/+/cpu' --from -15m --format ndjson     the last quarter of an hour",
      "  weir sub '#' --from w1AQEEbWFpbg…                        behind a cursor of --format ndjson",
      "  weir sub 'plant/+/state' --retained                      the state of now, then its changes",
      "  weir sub 'shop/#' --group billing --from first           shared with others of the group"
    })
final class SubCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(
      paramLabel = "FILTER",
      arity = "0..*",
      description = "Topics, with + and #; none with --group for one that there is.")
  List<String> filters = List.of();

  @Option(
      names = "--from",
      paramLabel = "START",
      description = "now, first, last:N, a time (2026-11-20T10:00Z, -15m) or a cursor (now).")
  String from = "now";

  @Option(
      names = "--retained",
      description = "Begin with the last message of each topic that asked to be kept.")
  boolean isWithRetained;

  @Option(
      names = "--slow",
      paramLabel = "POLICY",
      description =
          "When this reader is slow: spill, conflate, drop-oldest, disconnect or block; with :N once"
              + " it is N messages behind (spill).")
  String slow = "spill";

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description =
          "Share the messages with all others of this group, of each key one at a time and in order;"
              + " created where --from says when it is new.")
  Optional<String> group = Optional.empty();

  @Option(
      names = {"-e", "--exit-at-end"},
      description = "End once everything that is stored has been printed.")
  boolean isEndingAtTail;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "End after N messages.")
  long count = Long.MAX_VALUE;

  @Option(
      names = "--format",
      description = "How a message is printed: ${COMPLETION-CANDIDATES} (body).")
  Format format = Format.BODY;

  SubCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  /// How a message is printed.
  enum Format {
    /// The body and a line break.
    BODY,
    /// The body alone.
    RAW,
    /// One JSON object a line.
    NDJSON
  }

  @Override
  public Integer call() throws InterruptedException {
    if (group.isPresent()) {
      return consume(group.get());
    }
    if (filters.isEmpty()) {
      throw new WeirException(ErrorCode.USAGE, "Nothing says what to read: give a FILTER.");
    }
    SubscribeOptions options =
        new SubscribeOptions(
            filters,
            start(),
            isEndingAtTail,
            SubscribeOptions.DEFAULT_BUFFER_MESSAGES,
            isWithRetained,
            SlowText.parse(slow));
    boolean isNdjson = common.isJson || format == Format.NDJSON;
    try (WeirClient client = Clients.connect(server);
        Subscription subscription = client.subscribe(options)) {
      long left = count;
      for (Delivered delivered : subscription) {
        if (delivered.missedBefore() > 0) {
          terminal.say(
              "weir: "
                  + delivered.missedBefore()
                  + " messages before "
                  + delivered.position()
                  + " cannot be delivered any more.");
        }
        print(delivered, isNdjson);
        left--;
        if (left == 0 || terminal.isOutputGone()) {
          break;
        }
      }
    }
    return ExitCode.OK.number();
  }

  /// A group is a queue in order of keys.
  private int consume(String name) throws InterruptedException {
    if (!filters.isEmpty()) {
      try (WeirClient client = Clients.connect(server)) {
        var _ = client.queues().create(QueueConfig.group(name, filters), start());
      }
    }
    QueueConsumeCommand consuming = new QueueConsumeCommand(terminal);
    consuming.common = common;
    consuming.server = server;
    consuming.name.queue = name;
    consuming.count = count;
    consuming.isEndingAtTail = isEndingAtTail;
    consuming.format = format;
    return consuming.call();
  }

  private void print(Delivered delivered, boolean isNdjson) {
    if (isNdjson) {
      terminal.out().println(ndjson(delivered));
    } else {
      byte[] body = delivered.message().body().toArray();
      terminal.out().write(body, 0, body.length);
      if (format == Format.BODY) {
        terminal.out().write('\n');
      }
    }
  }

  private static String ndjson(Delivered delivered) {
    return MessageLines.of(delivered.message())
        .put("retained", delivered.isRetained())
        .put("position", delivered.position().toString())
        .put("stored", Times.iso(delivered.storedMicros()))
        .put("cursor", delivered.cursor().token())
        .line();
  }

  private Start start() {
    return StartText.parse(from);
  }
}
