package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir nodes`: what a router knows of its storage nodes, or a storage node of its routers.
@Command(
    name = "nodes",
    description = "Show a router's storage nodes, or a storage node's routers.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir nodes                             of the router or storage node of this machine",
      "  weir nodes --ops 127.0.0.1:4810        by where its metrics are (--ops of `weir serve`)",
      "  weir nodes --json                      as a program reads it: its /status"
    })
final class NodesCommand implements Callable<Integer> {
  private static final int MAX_SHOWN = 200;

  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  @Option(
      names = "--ops",
      paramLabel = "HOST:PORT",
      description = "Where its metrics and health are ($WEIR_OPS, or 127.0.0.1:4770).",
      defaultValue = "${env:WEIR_OPS:-127.0.0.1:4770}")
  String ops = "";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Its first line is shown as token ($WEIR_TOKEN_FILE).",
      defaultValue = "${env:WEIR_TOKEN_FILE:-}")
  String tokenFile = "";

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "How long to wait for the answer (${DEFAULT-VALUE}).",
      defaultValue = "5s",
      converter = DurationConverter.class)
  Duration timeout = Duration.ofSeconds(5);

  NodesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    URI url = url();
    String document = ask(url);
    if (common.isJson) {
      terminal.out().println(document);
      return ExitCode.OK.number();
    }
    JsonTree status = JsonTree.parse(document);
    terminal
        .out()
        .print(status.has("nodes") ? NodeLines.router(status) : NodeLines.storage(status));
    terminal.flush();
    return ExitCode.OK.number();
  }

  private URI url() {
    String whole = ops.contains("://") ? ops : "http://" + ops;
    try {
      URI url = URI.create(whole + "/status");
      if (url.getHost() != null && url.getPort() > 0) {
        return url;
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw new WeirException(
        ErrorCode.USAGE, "--ops is '" + ops + "', expected HOST:PORT, such as 127.0.0.1:4770.");
  }

  private String ask(URI url) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(timeout);
    if (!tokenFile.isEmpty()) {
      request.header("Authorization", authorization(Path.of(tokenFile)));
    }
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build()) {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return document(url, answer);
    } catch (HttpTimeoutException e) {
      throw new WeirException(
          ErrorCode.TIMED_OUT, url.getAuthority() + " did not answer within " + timeout + ".", e);
    } catch (IOException e) {
      throw new WeirException(
          ErrorCode.UNREACHABLE, "Nothing answers at " + url.getAuthority() + ": " + e + ".", e);
    }
  }

  private static String document(URI url, HttpResponse<String> answer) {
    String said = answer.body().substring(0, Math.min(MAX_SHOWN, answer.body().length())).strip();
    return switch (answer.statusCode()) {
      case 200 -> answer.body();
      case 401 -> throw new WeirException(ErrorCode.UNAUTHENTICATED, said);
      case 403 -> throw new WeirException(ErrorCode.NOT_PERMITTED, said);
      case 404 ->
          throw new WeirException(
              ErrorCode.PATH_UNKNOWN,
              url.getAuthority() + " is neither a router nor a storage node of this version.");
      default ->
          throw new WeirException(
              ErrorCode.UNREACHABLE, url + " answers " + answer.statusCode() + ": " + said);
    };
  }

  /// A token, or a whole header such as `Basic …`, as the file has it.
  private static String authorization(Path file) throws IOException {
    String token = Files.readString(file).lines().findFirst().orElse("").strip();
    if (token.isEmpty()) {
      throw new WeirException(
          ErrorCode.USAGE, "The token file " + file + " is empty, expected a token.");
    }
    return token.contains(" ") ? token : "Bearer " + token;
  }
}
