package dev.weir.cli;

import java.net.URI;
import java.time.Duration;
import java.util.List;
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
}
