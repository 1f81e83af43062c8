package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.ClientConfig;
import dev.weir.config.ContextSettings;
import dev.weir.tls.PemFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Where the core is and how it is reached, for commands that talk to one: flags over variables of
/// the environment over a context over the core of this machine.
///
/// A context that nobody named stands back as a whole once a server is named, so that no token ever
/// goes to a server that it was not meant for.
final class ServerOptions {
  private static final URI DEFAULT = URI.create("weir://127.0.0.1:4750");

  private final Terminal terminal;
  private boolean isContextKnown;
  private @Nullable ContextSettings context;

  @Option(
      names = {"-s", "--server"},
      paramLabel = "URL",
      description =
          "The core, weir://HOST:PORT, or weirs:// for TLS; several in order of preference"
              + " ($WEIR_SERVER, or the current context, or weir://127.0.0.1:4750).",
      defaultValue = "${env:WEIR_SERVER:-}",
      converter = ServerConverter.class,
      split = ",")
  List<URI> servers = List.of();

  @Option(
      names = {"-C", "--context"},
      paramLabel = "NAME",
      description = "Use this context, see `weir context`; none: none ($WEIR_CONTEXT).",
      defaultValue = "${env:WEIR_CONTEXT:-}")
  String contextName = "";

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

  ServerOptions(Terminal terminal) {
    this.terminal = terminal;
  }

  /// In order of preference, at least one.
  List<URI> servers() {
    List<URI> named = named();
    if (!named.isEmpty()) {
      return named;
    }
    return context()
        .map(used -> used.servers().stream().map(server -> URI.create(server.toString())).toList())
        .orElse(List.of(DEFAULT));
  }

  private List<URI> named() {
    return servers.stream().filter(url -> !url.toString().isEmpty()).toList();
  }

  /// Whom to trust and what to show over TLS; none when nobody said so.
  Optional<PemFiles> pemFiles() {
    if (!tls.isEmpty()) {
      return Optional.of(tls.files());
    }
    return context()
        .filter(used -> used.authority().isPresent() || used.certificate().isPresent())
        .map(used ->
            new PemFiles(
                used.certificate().orElse(null),
                used.key().orElse(null),
                used.authority().orElse(null)));
  }

  /// @throws WeirException USAGE for a context that is not there
  private Optional<ContextSettings> context() {
    if (!isContextKnown) {
      context = findContext().orElse(null);
      isContextKnown = true;
    }
    return Optional.ofNullable(context);
  }

  private Optional<ContextSettings> findContext() {
    if (contextName.equals(ContextStore.NONE)) {
      return Optional.empty();
    }
    if (!contextName.isEmpty()) {
      return Optional.of(ContextStore.required(terminal).read(contextName));
    }
    return named().isEmpty()
        ? ContextStore.of(terminal).flatMap(store -> store.current().map(store::read))
        : Optional.empty();
  }

  /// What the core asks for; none when no file was named.
  ///
  /// @throws IOException when the file cannot be read
  Optional<String> token() throws IOException {
    Optional<Path> file =
        tokenFile.isEmpty()
            ? context().flatMap(ContextSettings::tokenFile)
            : Optional.of(Path.of(tokenFile));
    return file.isEmpty() ? Optional.empty() : Optional.of(firstLine(file.get()));
  }

  private static String firstLine(Path file) throws IOException {
    String token = Files.readString(file).lines().findFirst().orElse("").strip();
    if (token.isEmpty()) {
      throw new WeirException(
          ErrorCode.USAGE, "The token file " + file + " is empty, expected a token.");
    }
    return token;
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
