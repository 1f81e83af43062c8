package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.RequestHandler;
import dev.weir.client.RespondOptions;
import dev.weir.client.Responder;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir reply TOPIC`: answers what is asked.
@Command(
    name = "reply",
    description = {
      "Answer what is asked on a topic, until it is interrupted. Several who answer share the work.",
      "A command gets the request's body as its input, its topic as $WEIR_TOPIC, and its output is",
      "the reply; one that ends with another exit code than 0 fails the request."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir reply services/time --exec date",
      "  weir reply 'services/#' --exec 'jq .name' --capacity 4",
      "  weir reply ping --echo"
    })
final class ReplyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(index = "0", paramLabel = "TOPIC", description = "What to answer, with + and #.")
  String filter = "";

  @Option(names = "--exec", paramLabel = "CMD", description = "Run by `sh -c`, once a request.")
  Optional<String> command = Optional.empty();

  @Option(names = "--echo", description = "Reply with the request's body.")
  boolean isEcho;

  @Option(
      names = "--capacity",
      paramLabel = "N",
      description = "Requests in hand at a time, 1 to 10000 (16).")
  int capacity = 16;

  @Option(
      names = "--limit",
      paramLabel = "DURATION",
      description = "How long a command may run (60s).",
      converter = DurationConverter.class)
  Duration limit = Duration.ofSeconds(60);

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "End after N requests.")
  long count = Long.MAX_VALUE;

  ReplyCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    Range.check("--capacity", capacity, 1, RespondOptions.MAX_CAPACITY);
    Range.check("--count", count, 1, Long.MAX_VALUE);
    if (command.isPresent() == isEcho) {
      throw new WeirException(ErrorCode.USAGE, "Give one of --exec and --echo: what to reply.");
    }
    RequestHandler answering =
        command
            .<RequestHandler>map(text -> new ExecHandler(text, limit))
            .orElse(Message.class::cast);
    CompletableFuture<Void> done = new CompletableFuture<>();
    AtomicLong left = new AtomicLong(count);
    RespondOptions options =
        RespondOptions.of(filter).withCapacity((int) Math.min(capacity, count));
    try (WeirClient client = Clients.connect(server);
        Responder responder =
            client.respond(options, request -> counted(answering, request, left, done))) {
      if (!common.isQuiet) {
        var _ = responder.opened().thenRun(() -> terminal.say("answering " + filter));
      }
      CompletableFuture.anyOf(done, responder.ended()).join();
    } catch (CompletionException e) {
      throw Clients.cause(e);
    }
    return ExitCode.OK.number();
  }

  private Message counted(
      RequestHandler answering, Message request, AtomicLong left, CompletableFuture<Void> done)
      throws Exception {
    long after = left.decrementAndGet();
    if (after < 0) {
      throw new IllegalStateException("as many requests as wanted are answered");
    }
    try {
      return answering.handle(request);
    } finally {
      if (after == 0) {
        done.complete(null); // Its reply is still sent: closing waits for handlers.
      }
    }
  }
}
