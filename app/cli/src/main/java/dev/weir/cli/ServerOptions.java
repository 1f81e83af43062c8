package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.ClientConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Where the core is, for commands that talk to one.
final class ServerOptions {
  @Option(
      names = {"-s", "--server"},
      paramLabel = "URL",
      description =
          "The core, weir://HOST:PORT, or weirs:// for TLS; several in order of preference (${DEFAULT-VALUE}).",
      defaultValue = "${env:WEIR_SERVER:-weir://127.0.0.1:4750}",
      split = ",")
  List<URI> servers = List.of();

  @Mixin TlsOptions tls = new TlsOptions();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "How long to wait for the core (${DEFAULT-VALUE}).",
      defaultValue = "5s",
      converter = DurationConverter.class)
  Duration timeout = Duration.ofSeconds(5);

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Its first line is shown as token ($WEIR_TOKEN_FILE).",
      defaultValue = "${env:WEIR_TOKEN_FILE:-}")
  String tokenFile = "";

  /// What the core asks for; none when no file was named.
  ///
  /// @throws IOException when the file cannot be read
  Optional<String> token() throws IOException {
    if (tokenFile.isEmpty()) {
      return Optional.empty();
    }
    String token = Files.readString(Path.of(tokenFile)).lines().findFirst().orElse("").strip();
    if (token.isEmpty()) {
      throw new WeirException(
          ErrorCode.USAGE, "The token file " + tokenFile + " is empty, expected a token.");
    }
    return Optional.of(token);
  }

  /// A client that shows it.
  ///
  /// @throws WeirException with CONFIG_ENVIRONMENT when the file cannot be read
  ClientConfig authorized(ClientConfig config) {
    try {
      return token().map(token -> config.withToken(() -> token)).orElse(config);
    } catch (IOException e) {
      throw new WeirException(
          ErrorCode.CONFIG_ENVIRONMENT, "The token file cannot be read: " + e + ".", e);
    }
  }
}
