package dev.weir.cli;

import dev.weir.base.Bytes;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir req TOPIC [BODY]`: asks and prints the reply.
@Command(
    name = "req",
    description = {
      "Ask who answers a topic, and print the reply. Nothing of it is stored.",
      "Without anybody who answers it ends at once, with exit code 3."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir req services/time                      see `weir reply`",
      "  weir req services/resize --file 17.png --timeout 30s > small.png"
    })
final class ReqCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(index = "0", paramLabel = "TOPIC", description = "Whom to ask: a/b/c.")
  String topic = "";

  @Parameters(
      index = "1",
      paramLabel = "BODY",
      arity = "0..1",
      description = "The request; standard input without it.")
  Optional<String> body = Optional.empty();

  @Option(names = "--file", paramLabel = "FILE", description = "Read the body from a file.")
  Optional<Path> file = Optional.empty();

  @Option(names = "--key", paramLabel = "KEY", description = "The request's key.")
  String key = "";

  @Option(
      names = {"-H", "--header"},
      paramLabel = "NAME:VALUE",
      description = "A header; repeatable.")
  List<String> headers = List.of();

  @Option(names = "--content-type", paramLabel = "TYPE", description = "Media type of the body.")
  String contentType = "";

  ReqCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() throws IOException {
    Message request =
        Message.of(topic, body())
            .withKey(Bytes.utf8(key))
            .withContentType(contentType)
            .withHeaders(HeaderOptions.parse(headers));
    Message reply;
    try (WeirClient client = Clients.connect(server)) {
      reply = client.request(request, server.timeout);
    }
    if (common.isJson) {
      terminal.out().println(MessageLines.of(reply).line());
    } else {
      byte[] bytes = reply.body().toArray();
      terminal.out().write(bytes, 0, bytes.length);
      if (terminal.isInteractive()) {
        terminal.out().write('\n');
      }
    }
    terminal.flush();
    return ExitCode.OK.number();
  }

  private Bytes body() throws IOException {
    if (body.isPresent()) {
      return Bytes.utf8(body.get());
    }
    try (InputStream in = file.isPresent() ? Files.newInputStream(file.get()) : terminal.in()) {
      return Bytes.wrap(in.readNBytes(Message.MAX_BODY_BYTES + 1));
    }
  }
}
