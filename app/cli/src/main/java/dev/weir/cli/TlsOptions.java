package dev.weir.cli;

import dev.weir.tls.PemFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whom a client trusts over TLS, and what it shows.
final class TlsOptions {
  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      defaultValue = "${env:WEIR_TLS_CA:-}",
      description = "PEM: who signs the server's certificate (those of the JDK; $WEIR_TLS_CA).")
  String authority = "";

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      defaultValue = "${env:WEIR_TLS_CERT:-}",
      description = "PEM: a certificate to show ($WEIR_TLS_CERT).")
  String certificate = "";

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      defaultValue = "${env:WEIR_TLS_KEY:-}",
      description = "PEM: its private key, PKCS #8 ($WEIR_TLS_KEY).")
  String key = "";

  boolean isEmpty() {
    return authority.isEmpty() && certificate.isEmpty() && key.isEmpty();
  }

  /// @throws dev.weir.base.WeirException USAGE for one of certificate and key alone,
  ///   CONFIG_ENVIRONMENT for a file that cannot be used
  PemFiles files() {
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new dev.weir.base.WeirException(
          dev.weir.base.ErrorCode.USAGE, "--tls-cert and --tls-key belong together.");
    }
    return new PemFiles(path(certificate), path(key), path(authority));
  }

  private static @Nullable Path path(String text) {
    return text.isEmpty() ? null : Path.of(text);
  }
}
