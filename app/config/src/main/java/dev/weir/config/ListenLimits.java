package dev.weir.config;

import java.time.Duration;

/// What strangers may demand of what is listened on.
///
/// @param connections open at once
/// @param connectionsPerAddress of them from one IPv4 address or IPv6 /64
/// @param connectionsPerSecond how often one such address may connect
/// @param handshake until a connection has said its protocol, TLS included
public record ListenLimits(
    int connections, int connectionsPerAddress, int connectionsPerSecond, Duration handshake) {}
