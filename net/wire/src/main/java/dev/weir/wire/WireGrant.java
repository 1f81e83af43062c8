package dev.weir.wire;

/// What an authenticator holds for a client for as long as its connection lasts, such as a session
/// of whoever keeps the permissions. It stands in the client's [WireIdentity], where services find
/// it again.
public interface WireGrant {
  /// Nothing is held.
  WireGrant NONE = new WireGrant() {};

  /// The client is let in, before its first stream. On the connection's event loop.
  default void begin(WireConnection connection) {}

  /// The connection is over, or never began, or the client has shown something newer of which
  /// another grant came. Once, on the connection's event loop.
  default void end() {}
}
