package dev.weir.cli;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.Delivered;
import dev.weir.client.Start;
import dev.weir.client.SubscribeOptions;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.message.Cursor;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `weir sub FILTER…`: prints what is published.
@Command(
    name = "sub",
    description = "Subscribe to topics and print their messages.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir sub 'logs/#'                                        what comes from now on",
      "  weir sub 'logs/#' --from last:10 --exit-at-end           the last ten",
      "  weir sub 'metrics/+/cpu' --from -15m --format ndjson     the last quarter of an hour",
      "  weir sub '#' --from w1AQEEbWFpbg…                        behind a cursor of --format ndjson"
    })
final class SubCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(paramLabel = "FILTER", arity = "1..*", description = "Topics, with + and #.")
  List<String> filters = List.of();

  @Option(
      names = "--from",
      paramLabel = "START",
      description = "now, first, last:N, a time (2026-11-20T10:00Z, -15m) or a cursor (now).")
  String from = "now";

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
    SubscribeOptions options =
        new SubscribeOptions(
            filters, start(), isEndingAtTail, SubscribeOptions.DEFAULT_BUFFER_MESSAGES);
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
        .put("position", delivered.position().toString())
        .put("stored", Times.iso(delivered.storedMicros()))
        .put("cursor", delivered.cursor().token())
        .line();
  }

  private Start start() {
    if (from.equals("now")) {
      return Start.live();
    }
    if (from.equals("first") || from.equals("start")) {
      return Start.first();
    }
    if (from.startsWith("last:")) {
      return Start.last(lastCount(from.substring(5)));
    }
    if (from.startsWith("w1")) {
      return Start.from(Cursor.parse(from));
    }
    return Start.at(micros(from));
  }

  private long lastCount(String text) {
    try {
      long last = Long.parseLong(text);
      if (last > 0) {
        return last;
      }
    } catch (NumberFormatException _) {
      // Said below, as for zero.
    }
    throw invalidStart();
  }

  private long micros(String text) {
    try {
      Instant instant =
          text.startsWith("-")
              ? Instant.EPOCH
                  .plus(Clock.SYSTEM.epochMicros(), ChronoUnit.MICROS)
                  .minus(new DurationConverter().convert(text.substring(1)))
              : OffsetDateTime.parse(text).toInstant();
      return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    } catch (DateTimeException | TypeConversionException _) {
      throw invalidStart();
    }
  }

  private WeirException invalidStart() {
    return new WeirException(
        ErrorCode.USAGE,
        "--from is '"
            + from
            + "', expected now, first, last:N, a time such as"
            + " 2026-11-20T10:00Z or -15m, or a cursor.");
  }
}
