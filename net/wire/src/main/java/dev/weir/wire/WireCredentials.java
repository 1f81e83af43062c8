package dev.weir.wire;

import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/// What a client has shown of itself.
///
/// @param token the bearer token; empty when it sent none
/// @param certificates verified by TLS, its own first; empty when it has shown none
/// @param address where it comes from
/// @param known who it proved to be before, on the same connection; ANONYMOUS the first time
public record WireCredentials(
    String token, List<X509Certificate> certificates, SocketAddress address, WireIdentity known) {
  public WireCredentials {
    certificates = List.copyOf(certificates);
  }

  /// Without the token, as this may be logged.
  @Override
  public String toString() {
    return "credentials from " + address + (token.isEmpty() ? "" : " with a token");
  }
}
