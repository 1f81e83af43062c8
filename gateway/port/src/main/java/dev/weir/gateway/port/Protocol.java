package dev.weir.gateway.port;

/// What the port speaks.
public enum Protocol {
  /// HTTP/2 with prior knowledge: begins with `PRI * HTTP/2.0`.
  GRPC,
  /// HTTP/1.x: begins with a method and a space.
  HTTP1,
  /// Weir's own protocol: begins with `WEIR`.
  WIRE
}
