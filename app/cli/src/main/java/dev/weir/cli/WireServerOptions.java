package dev.weir.cli;

import picocli.CommandLine.Option;

/// Who may come in.
final class WireServerOptions {
  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "PEM: serve over TLS only, with this certificate.")
  String certificate = "";

  @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM: its private key, PKCS #8.")
  String key = "";

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "PEM: let in clients with a certificate of theirs only.")
  String clientCa = "";

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description = "Let in clients of wire with a token of this file only, lines NAME TOKEN.")
  String tokens = "";
}
