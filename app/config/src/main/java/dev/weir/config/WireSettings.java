package dev.weir.config;

import java.nio.file.Path;
import java.util.Optional;

/// Who may come in over wire, and under what certificate.
///
/// @param certificate PEM, with its chain; present: wire is spoken over TLS only
/// @param key PEM of PKCS #8, of the certificate
/// @param clientCa PEM; present: clients show a certificate that it signed
/// @param tokens lines `NAME TOKEN`; present: clients show one of them
public record WireSettings(
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<Path> clientCa,
    Optional<Path> tokens) {
  /// Whether strangers are kept out.
  public boolean knowsItsClients() {
    return clientCa.isPresent() || tokens.isPresent();
  }
}
