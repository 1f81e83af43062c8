package dev.weir.config;

import java.nio.file.Path;
import java.util.Optional;

/// TLS of what a core, a storage node or a router listens on.
///
/// @param certificate PEM, with its chain; present: TLS is spoken
/// @param key PEM of PKCS #8, of the certificate
/// @param clientCa PEM; present: clients are asked for a certificate that it signed
/// @param clients whether they must have one
/// @param plain who may come without TLS all the same
public record TlsSettings(
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<Path> clientCa,
    Clients clients,
    Plain plain) {
  /// What is asked of clients, where there is a `clientCa`.
  public enum Clients {
    REQUIRED,
    OPTIONAL
  }

  /// Who may come without TLS.
  public enum Plain {
    REFUSED,
    LOOPBACK,
    EVERYONE
  }

  /// Whether TLS is spoken.
  public boolean isOn() {
    return certificate.isPresent();
  }

  /// Whether nobody comes in without a certificate.
  public boolean knowsItsClients() {
    return isOn() && clientCa.isPresent() && clients == Clients.REQUIRED && plain == Plain.REFUSED;
  }
}
