package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.client.Delivered;
import dev.weir.client.Start;
import dev.weir.client.SubscribeOptions;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir tap FILTER…`: a sample of what flows.
@Command(
    name = "tap",
    description = {
      "Look at a live sample of what is published: a line each, and every second how many there",
      "were. All that matches comes to this machine; only the printing is sampled."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir tap '#'                          ten a second of everything",
      "  weir tap 'logs/#' --rate 1 --for 30s  one a second, for half a minute",
      "  weir tap 'metrics/#' --rate 0 --json  only the counts, for a program"
    })
final class TapCommand implements Callable<Integer> {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int PREVIEW_CHARS = 80;

  private final Terminal terminal;
  private final Clock clock = Clock.SYSTEM;
  private long windowNanos;
  private long seen;
  private long seenBytes;
  private int shown;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(paramLabel = "FILTER", arity = "1..*", description = "Topics, with + and #.")
  List<String> filters = List.of();

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Print at most N messages a second, 0 to 100000 (${DEFAULT-VALUE}).",
      defaultValue = "10")
  int rate = 10;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "End after this time (never).",
      converter = DurationConverter.class)
  Duration duration = Duration.ofDays(365);

  TapCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    Range.check("--rate", rate, 0, 100_000);
    SubscribeOptions options =
        new SubscribeOptions(
            filters, Start.live(), false, SubscribeOptions.DEFAULT_BUFFER_MESSAGES);
    try (WeirClient client = Clients.connect(server);
        Subscription subscription = client.subscribe(options)) {
      windowNanos = clock.nanoTime();
      long endNanos = windowNanos + duration.toNanos();
      while (!terminal.isOutputGone() && clock.nanoTime() - endNanos < 0) {
        long waitNanos = Math.min(windowNanos + SECOND_NANOS, endNanos) - clock.nanoTime();
        subscription.poll(Duration.ofNanos(Math.max(1, waitNanos))).ifPresent(this::take);
        if (clock.nanoTime() - windowNanos >= SECOND_NANOS) {
          count();
        }
      }
      count();
    }
    return ExitCode.OK.number();
  }

  private void take(Delivered delivered) {
    seen++;
    seenBytes += delivered.message().body().length();
    if (shown < rate) {
      shown++;
      terminal.out().println(common.isJson ? json(delivered) : line(delivered));
    }
  }

  private static String json(Delivered delivered) {
    return MessageLines.of(delivered.message())
        .put("position", delivered.position().toString())
        .put("stored", Times.iso(delivered.storedMicros()))
        .line();
  }

  private static String line(Delivered delivered) {
    Message message = delivered.message();
    return "%-27s  %8s  %s  %s"
        .formatted(
            Times.iso(delivered.storedMicros()),
            new ByteSize(message.body().length()),
            message.topic(),
            preview(message));
  }

  /// The beginning of the body as text; what a terminal would act on is shown as a dot.
  private static String preview(Message message) {
    String text = message.body().utf8();
    String cut = text.length() > PREVIEW_CHARS ? text.substring(0, PREVIEW_CHARS) + "…" : text;
    return cut.replaceAll("[\\p{Cntrl}\\uFFFD]", ".");
  }

  private void count() {
    if (common.isJson) {
      terminal
          .out()
          .println(
              new JsonLine()
                  .put("seen", seen)
                  .put("bytes", seenBytes)
                  .put("printed", shown)
                  .line());
    } else if (!common.isQuiet && seen > shown) {
      terminal.say(
          "%,d messages, %s in the last second, %,d of them printed"
              .formatted(seen, new ByteSize(seenBytes), shown));
    }
    terminal.flush();
    windowNanos = clock.nanoTime();
    seen = 0;
    seenBytes = 0;
    shown = 0;
  }
}
