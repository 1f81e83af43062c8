package dev.weir.gateway.port;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.time.Duration;

/// What a stranger may demand of the port.
///
/// @param connections open at once, 1 to 1,000,000
/// @param connectionsPerAddress of them from one IPv4 address or IPv6 /64, 1 to 1,000,000
/// @param connectionsPerSecond how often one such address may connect, after as many at once, 1 to
///   1,000,000
/// @param handshake how long a connection may take to say which protocol it speaks, TLS and what a
///   proxy says included, and as long again to finish that protocol's handshake, 10 ms to 1 h
/// @param message the largest gRPC message, 1 KiB to 64 MiB
/// @param callsPerConnection gRPC calls at once on one connection, 1 to 1,000,000
/// @param httpIdle how long an HTTP/1.1 connection is kept without a request, 10 ms to 1 h
/// @param drain how long [Port#close] lets running calls end, up to 1 h
public record PortLimits(
    int connections,
    int connectionsPerAddress,
    int connectionsPerSecond,
    Duration handshake,
    ByteSize message,
    int callsPerConnection,
    Duration httpIdle,
    Duration drain) {
  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofHours(1);

  /// 10,000 connections cost some 200 MB at worst, which the smallest core has; 10 s is a slow
  /// mobile handshake; 17 MiB is the largest message (16 MiB) and its frame; 1,000 calls bound what
  /// one client can hold. Half of the connections leave room for others than a single address, and
  /// 1,000 TLS handshakes a second are what a core or two can do.
  public static final PortLimits DEFAULT =
      new PortLimits(
          10_000,
          5_000,
          1_000,
          Duration.ofSeconds(10),
          ByteSize.ofMebibytes(17),
          1_000,
          Duration.ofSeconds(60),
          Duration.ofSeconds(5));

  public PortLimits {
    Checks.range("connections", connections, 1, 1_000_000);
    Checks.range("connectionsPerAddress", connectionsPerAddress, 1, 1_000_000);
    Checks.range("connectionsPerSecond", connectionsPerSecond, 1, 1_000_000);
    Checks.range("message bytes", message.bytes(), 1 << 10, 64 << 20);
    Checks.range("callsPerConnection", callsPerConnection, 1, 1_000_000);
    check("handshake", handshake, SHORTEST);
    check("httpIdle", httpIdle, SHORTEST);
    check("drain", drain, Duration.ZERO);
  }

  private static void check(String name, Duration value, Duration low) {
    if (value.compareTo(low) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + ", expected " + low + " to " + LONGEST);
    }
  }

  public PortLimits withConnections(int count) {
    return new PortLimits(
        count,
        connectionsPerAddress,
        connectionsPerSecond,
        handshake,
        message,
        callsPerConnection,
        httpIdle,
        drain);
  }

  public PortLimits withConnectionsPerAddress(int count, int perSecond) {
    return new PortLimits(
        connections, count, perSecond, handshake, message, callsPerConnection, httpIdle, drain);
  }

  public PortLimits withHandshake(Duration time) {
    return new PortLimits(
        connections,
        connectionsPerAddress,
        connectionsPerSecond,
        time,
        message,
        callsPerConnection,
        httpIdle,
        drain);
  }

  public PortLimits withMessage(ByteSize size) {
    return new PortLimits(
        connections,
        connectionsPerAddress,
        connectionsPerSecond,
        handshake,
        size,
        callsPerConnection,
        httpIdle,
        drain);
  }

  public PortLimits withDrain(Duration time) {
    return new PortLimits(
        connections,
        connectionsPerAddress,
        connectionsPerSecond,
        handshake,
        message,
        callsPerConnection,
        httpIdle,
        time);
  }
}
