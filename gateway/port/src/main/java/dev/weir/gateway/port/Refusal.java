package dev.weir.gateway.port;

/// Why a connection was closed before it spoke a protocol of ours.
public enum Refusal {
  /// It began a TLS handshake; the port has no certificate.
  TLS,
  /// Its first bytes belong to no protocol that the port speaks.
  UNKNOWN_PROTOCOL,
  /// It did not say enough within the handshake time.
  TOO_SLOW,
  /// It left before it had said enough: a port scan or a health check.
  LEFT_EARLY,
  /// There were as many connections as the limit allows.
  TOO_MANY_CONNECTIONS
}
