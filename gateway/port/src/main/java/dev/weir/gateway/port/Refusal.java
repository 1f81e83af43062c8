package dev.weir.gateway.port;

/// Why a connection was closed before it spoke a protocol of ours.
public enum Refusal {
  /// It began a TLS handshake; the port has no certificate.
  TLS,
  /// It spoke plain text, and the port wants TLS of it.
  PLAIN,
  /// Its TLS handshake failed, for other reasons than the next.
  TLS_FAILED,
  /// It has shown no certificate, or one that is not trusted.
  CLIENT_CERTIFICATE,
  /// It named a protocol in ALPN and spoke another.
  OTHER_PROTOCOL,
  /// Its first bytes belong to no protocol that the port speaks.
  UNKNOWN_PROTOCOL,
  /// It did not say enough within the handshake time.
  TOO_SLOW,
  /// It left before it had said enough: a port scan or a health check.
  LEFT_EARLY,
  /// There were as many connections as the limit allows.
  TOO_MANY_CONNECTIONS,
  /// There were as many from its address as the limit allows.
  TOO_MANY_OF_ADDRESS,
  /// Its address connected more often than the limit allows.
  TOO_OFTEN,
  /// It comes from a trusted proxy and says nothing of its client.
  PROXY_MISSING,
  /// Its PROXY header cannot be read.
  PROXY_BROKEN,
  /// It speaks for another, from an address that is no trusted proxy.
  PROXY_UNTRUSTED
}
