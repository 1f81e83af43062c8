package dev.weir.wire;

/// What both ends found out about each other.
///
/// @param version the highest that both speak
/// @param features bits that both have
/// @param epoch the client's number for this connection
/// @param peer what the peer said of itself
public record Agreement(WireVersion version, long features, long epoch, Hello peer) {}
