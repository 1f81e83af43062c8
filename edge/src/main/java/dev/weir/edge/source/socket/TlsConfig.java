package dev.weir.edge.source.socket;

import java.nio.file.Path;
import java.util.Optional;

/// Where a TLS server's PEM files are.
///
/// @param certificate the server's chain, its own first
/// @param key its private key, PKCS#8 without a password
/// @param clientCa who signs the certificates of clients; empty when clients need none
public record TlsConfig(Path certificate, Path key, Optional<Path> clientCa) {

  /// @throws dev.weir.base.WeirException with CONFIG_ENVIRONMENT when a file cannot be used
  public TlsServer open() {
    return TlsServer.of(certificate, key, clientCa);
  }
}
