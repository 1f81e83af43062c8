package dev.weir.cli;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.client.ClientOperations;
import dev.weir.client.MessageExplanation;
import dev.weir.client.RequestsExplanation;
import dev.weir.client.WeirClient;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir explain`: error codes; why a message was or was not delivered; what a client waits for.
@Command(
    name = "explain",
    description = {
      "Explain an error code, a message or a client.",
      "CODE: what it means and what to do; all codes without one.",
      "message POSITION, or --id or --key: why it was or was not delivered.",
      "message --request TOPIC: which requests came to nothing, and who answers now.",
      "client ID: what it may do, has open, waits for and was refused."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir explain WEIR-4002              an error code",
      "  weir explain message main/0@42      a message by what its receipt says",
      "  weir explain message --id order-17  the newest ones with an id",
      "  weir explain message --request price  requests to a topic that nobody answered",
      "  weir explain client 5               a client by its number in `weir client ls`"
    })
final class ExplainCommand implements Callable<Integer> {
  private static final Pattern POSITION = Pattern.compile("(?:(.+)/)?(\\d{1,5})[@/](\\d{1,18})");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(
      paramLabel = "WHAT",
      arity = "0..2",
      description = "CODE, or message [POSITION], or client ID.")
  List<String> what = List.of();

  @Option(names = "--id", paramLabel = "ID", description = "Messages with this id.")
  Optional<String> id = Optional.empty();

  @Option(names = "--key", paramLabel = "KEY", description = "Messages with this key.")
  Optional<String> key = Optional.empty();

  @Option(
      names = "--request",
      paramLabel = "TOPIC",
      description = "Requests to this topic that came to nothing.")
  Optional<String> request = Optional.empty();

  @Option(
      names = "--topic",
      paramLabel = "FILTER",
      defaultValue = "",
      description = "Topics that are looked through for an id or key; default: all.")
  String filter = "";

  @Option(
      names = "--within",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "How many of the newest messages are looked through; default: 1,000,000.")
  long within;

  ExplainCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    return switch (what.isEmpty() ? "" : what.getFirst()) {
      case "message" -> message();
      case "client" -> client();
      default -> code();
    };
  }

  private int message() {
    long named = what.size() - 1 + Stream.of(id, key, request).filter(Optional::isPresent).count();
    if (named != 1) {
      terminal.say("weir: name the message by its position, or by --id, --key or --request.");
      return ExitCode.USAGE.number();
    }
    Matcher place = POSITION.matcher(what.size() == 2 ? what.getLast() : "0@0");
    if (!place.matches()) {
      terminal.say(
          "weir: '" + what.getLast() + "' is no position, expected one such as main/0@42.");
      return ExitCode.USAGE.number();
    }
    try (WeirClient weir = Clients.connect(server)) {
      List<MessageExplanation> found = found(weir.clients(), place);
      RequestsExplanation requests = requests(weir.clients());
      found.forEach(new ExplainedMessage(terminal.out(), common.isJson)::print);
      new ExplainedRequests(terminal.out(), common.isJson).print(requests);
      boolean isKnown = !requests.unanswered().isEmpty() || !requests.responders().isEmpty();
      if (found.isEmpty() && !isKnown) {
        terminal.say(nothing());
        return ExitCode.NOT_FOUND.number();
      }
    }
    return ExitCode.OK.number();
  }

  private String nothing() {
    return request.isPresent()
        ? "weir: nobody answers '%s' now, and no request to it that came to nothing is among the"
                .formatted(request.get())
            + " newest 1,024."
        : "weir: no such message is among the newest %,d; --within looks further back."
            .formatted(within);
  }

  private RequestsExplanation requests(ClientOperations operations) {
    if (request.isPresent()) {
      return operations.explainRequests(request.get());
    }
    if (id.isPresent()) {
      return operations.explainRequestId(Bytes.utf8(id.get()), filter);
    }
    return key.isPresent()
        ? operations.explainRequestKey(Bytes.utf8(key.get()), filter)
        : new RequestsExplanation(List.of(), List.of());
  }

  private List<MessageExplanation> found(ClientOperations operations, Matcher place) {
    if (request.isPresent()) {
      return List.of();
    }
    if (id.isPresent()) {
      return operations.explainId(Bytes.utf8(id.get()), filter, within);
    }
    if (key.isPresent()) {
      return operations.explainKey(Bytes.utf8(key.get()), filter, within);
    }
    String stream = Optional.ofNullable(place.group(1)).orElse("");
    int partition = Integer.parseInt(place.group(2));
    return List.of(operations.explain(stream, partition, Long.parseLong(place.group(3))));
  }

  private int client() {
    if (what.size() != 2 || !NUMBER.matcher(what.getLast()).matches()) {
      terminal.say("weir: name the client by its number in `weir client ls`.");
      return ExitCode.USAGE.number();
    }
    try (WeirClient weir = Clients.connect(server)) {
      new ExplainedClient(terminal.out(), common.isJson)
          .print(weir.clients().explain(Long.parseLong(what.getLast())));
    }
    return ExitCode.OK.number();
  }

  private int code() {
    String code = String.join(" ", what).toUpperCase(Locale.ROOT);
    List<ErrorCode> found =
        Arrays.stream(ErrorCode.values())
            .filter(c -> code.isEmpty() || c.label().endsWith(code.replaceFirst("^\\D*", "-")))
            .toList();
    if (found.isEmpty()) {
      terminal.say(
          "weir: there is no error code '"
              + String.join(" ", what)
              + "'; `weir explain` lists them all. Expected a code, message POSITION or client ID.");
      return ExitCode.NOT_FOUND.number();
    }
    found.forEach(this::print);
    return ExitCode.OK.number();
  }

  private void print(ErrorCode found) {
    if (common.isJson) {
      terminal
          .out()
          .println(
              new JsonLine()
                  .put("code", found.label())
                  .put("name", found.name())
                  .put("meaning", found.meaning())
                  .put("fix", found.fix())
                  .put("exitCode", ExitCode.of(found).number())
                  .line());
    } else {
      terminal.out().printf("%s  %s%n           %s%n", found.label(), found.meaning(), found.fix());
    }
  }
}
