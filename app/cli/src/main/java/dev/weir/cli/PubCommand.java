package dev.weir.cli;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.message.Retain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir pub TOPIC [BODY]`: publishes and waits until everything is durable.
@Command(
    name = "pub",
    description = "Publish to a topic or a queue; ends once every message is durable.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir pub alerts/disk 'disk 3 is full' --key host-7 -H severity:high",
      "  tail -f app.log | weir pub logs/app --each line",
      "  weir pub firmware/v2 --file image.bin",
      "  weir pub plant/7/state on --retain             the state, for whoever comes later",
      "  weir pub --queue jobs 'resize 17.png' --priority 9"
    })
final class PubCommand implements Callable<Integer> {
  /// One line each for a person up to this many; beyond it a summary.
  private static final int SHOWN_RECEIPTS = 10;

  private static final String QUEUE_PREFIX = "$queue/";

  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(
      index = "0",
      paramLabel = "TOPIC",
      arity = "0..1",
      description = "Where to publish: a/b/c; nothing with --queue.")
  Optional<String> first = Optional.empty();

  @Parameters(
      index = "1",
      paramLabel = "BODY",
      arity = "0..1",
      description = "The message; standard input without it.")
  Optional<String> body = Optional.empty();

  @Option(
      names = "--queue",
      paramLabel = "QUEUE",
      description = "Put it into one queue; the same as the topic $queue/QUEUE.")
  Optional<String> queue = Optional.empty();

  @Option(names = "--file", paramLabel = "FILE", description = "Read the body from a file.")
  Optional<Path> file = Optional.empty();

  @Option(
      names = "--each",
      description = "What one message of the input is: ${COMPLETION-CANDIDATES} (eof).")
  Each each = Each.EOF;

  @Option(names = "--key", paramLabel = "KEY", description = "Order is kept per key.")
  String key = "";

  @Option(
      names = {"-H", "--header"},
      paramLabel = "NAME:VALUE",
      description = "A header; repeatable.")
  List<String> headers = List.of();

  @Option(names = "--content-type", paramLabel = "TYPE", description = "Media type of the body.")
  String contentType = "";

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The same id within ten minutes is stored once.")
  String id = "";

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      description = "Not delivered after this time.",
      converter = DurationConverter.class)
  Duration ttl = Duration.ZERO;

  @Option(
      names = "--delay",
      paramLabel = "DURATION",
      description = "Held back by queues for this time.",
      converter = DurationConverter.class)
  Duration delay = Duration.ZERO;

  @Option(names = "--priority", paramLabel = "N", description = "0 (lowest) to 9, for queues (4).")
  int priority = Message.DEFAULT_PRIORITY;

  @Option(
      names = "--retain",
      description = "Keep it as the last of its topic; with an empty body, clear what is kept.")
  boolean isRetained;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "Publish the same message N times.")
  int count = 1;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "At most N messages a second; 0 for as fast as possible.")
  int rate;

  private String topic = "";
  private long published;
  private long startNanos;

  PubCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  /// What one message of the input is.
  enum Each {
    LINE((byte) '\n'),
    NULL((byte) 0),
    EOF((byte) 0);

    private final byte separator;

    Each(byte separator) {
      this.separator = separator;
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    startNanos = Clock.SYSTEM.nanoTime();
    place();
    Message template = template();
    AtomicReference<@Nullable WeirException> failure = new AtomicReference<>();
    long acked;
    long failed;
    try (WeirClient client = Clients.connect(server);
        PubOutlet outlet = outlet(client)) {
      if (body.isPresent()) {
        for (int i = 0; i < count; i++) {
          send(outlet, template, Bytes.utf8(body.get()), failure);
        }
      } else {
        readInput(outlet, template, failure);
      }
      outlet.flush(server.timeout);
      acked = outlet.acked();
      failed = outlet.failed();
    }
    return summarize(acked, failed, failure);
  }

  /// With --queue the first word is the body.
  private void place() {
    Range.check("--priority", priority, 0, 9);
    if (queue.isPresent()) {
      if (first.isPresent() && body.isPresent()) {
        throw new WeirException(
            ErrorCode.USAGE, "--queue takes the place of TOPIC: give one of the two.");
      }
      body = first;
      topic = QUEUE_PREFIX + queue.get();
      return;
    }
    topic =
        first.orElseThrow(() ->
            new WeirException(
                ErrorCode.USAGE, "Nothing says where to publish: give TOPIC or --queue."));
    if (topic.startsWith(QUEUE_PREFIX)) {
      queue = Optional.of(topic.substring(QUEUE_PREFIX.length()));
    }
  }

  private PubOutlet outlet(WeirClient client) {
    return queue.isPresent()
        ? new PubOutlet.ToQueue(client, queue.get())
        : new PubOutlet.ToTopic(client.publisher(Clients.publisherOptions(server)));
  }

  private Message template() {
    Message message =
        Message.of(topic, Bytes.EMPTY)
            .withKey(Bytes.utf8(key))
            .withContentType(contentType)
            .withId(Bytes.utf8(id))
            .withTtl(ttl)
            .withDelay(delay)
            .withPriority(priority);
    message = message.withHeaders(HeaderOptions.parse(headers));
    return isRetained ? Retain.asked(message) : message;
  }

  private void readInput(
      PubOutlet outlet, Message template, AtomicReference<@Nullable WeirException> failure)
      throws IOException, InterruptedException {
    try (InputStream in = file.isPresent() ? Files.newInputStream(file.get()) : terminal.in()) {
      if (each == Each.EOF) {
        Bytes whole = Bytes.wrap(in.readNBytes(Message.MAX_BODY_BYTES + 1));
        for (int i = 0; i < count; i++) {
          send(outlet, template, whole, failure);
        }
        return;
      }
      RecordReader records = new RecordReader(in, each.separator, Message.MAX_BODY_BYTES);
      Optional<Bytes> record = records.next();
      while (record.isPresent() && failure.get() == null) {
        send(outlet, template, record.get(), failure);
        record = records.next();
      }
    }
  }

  private void send(
      PubOutlet outlet,
      Message template,
      Bytes content,
      AtomicReference<@Nullable WeirException> failure)
      throws InterruptedException {
    pace();
    Message message =
        new Message(
            template.topic(),
            template.key(),
            Clock.SYSTEM.epochMicros(),
            template.headers(),
            template.contentType(),
            template.id(),
            content,
            template.ttl(),
            template.delay(),
            template.priority());
    CompletableFuture<Receipt> receipt = outlet.publish(message);
    published++;
    boolean isShown = common.isJson || (published <= SHOWN_RECEIPTS && !common.isQuiet);
    var _ =
        receipt.whenComplete((done, fault) -> {
          if (fault != null) {
            failure.compareAndSet(null, Clients.cause(fault));
          } else if (isShown) {
            show(done);
          }
        });
  }

  private void pace() {
    if (rate > 0) {
      long dueNanos = startNanos + published * 1_000_000_000L / rate;
      long waitNanos = dueNanos - Clock.SYSTEM.nanoTime();
      while (waitNanos > 0) {
        LockSupport.parkNanos(waitNanos);
        waitNanos = dueNanos - Clock.SYSTEM.nanoTime();
      }
    }
  }

  private synchronized void show(Receipt receipt) {
    if (common.isJson) {
      terminal
          .out()
          .println(
              new JsonLine()
                  .put("topic", topic)
                  .put("position", receipt.position().toString())
                  .put("durability", receipt.durability().name().toLowerCase(Locale.ROOT))
                  .put("duplicate", receipt.isDuplicate())
                  .line());
    } else if (terminal.isInteractive()) {
      terminal.say(
          "published to "
              + topic
              + " at "
              + receipt.position()
              + (receipt.isDuplicate() ? " (stored before: a duplicate)" : ""));
    }
  }

  private int summarize(long acked, long failed, AtomicReference<@Nullable WeirException> failure) {
    long millis = (Clock.SYSTEM.nanoTime() - startNanos) / 1_000_000;
    if (published > SHOWN_RECEIPTS && !common.isQuiet) {
      terminal.say(
          String.format(
              Locale.ROOT,
              "%,d published, %,d durable, %,d failed in %,d ms",
              published,
              acked,
              failed,
              millis));
    }
    WeirException fault = failure.get();
    if (fault == null) {
      return ExitCode.OK.number();
    }
    if (acked == 0) {
      throw fault;
    }
    terminal.say("weir: " + fault.explanation());
    return ExitCode.PARTIAL.number();
  }
}
