package dev.weir.node;

import dev.weir.base.ByteSize;
import dev.weir.config.ListenLimits;
import dev.weir.config.ServerConfig;
import dev.weir.gateway.port.Gate;
import dev.weir.gateway.port.Peer;
import dev.weir.gateway.port.PortConfig;
import dev.weir.gateway.port.PortLimits;
import dev.weir.gateway.port.Protocol;
import dev.weir.gateway.port.Proxies;
import dev.weir.wire.WireEntrance;

/// What is listened on, as configuration says: the one port of a core, or the listener of wire of a
/// storage node or a router.
final class PortSetup {
  private PortSetup() {}

  static PortConfig of(ServerConfig server, WireSetup setup, ByteSize maxMessage) {
    ListenLimits listen = server.limits();
    PortLimits limits =
        PortLimits.DEFAULT
            .withConnections(listen.connections())
            .withConnectionsPerAddress(
                listen.connectionsPerAddress(), listen.connectionsPerSecond())
            .withHandshake(listen.handshake())
            .withMessage(maxMessage);
    Proxies proxies =
        new Proxies(
            server.proxies().stream()
                .map(range -> new Proxies.Network(range.address(), range.prefixBits()))
                .toList());
    return new PortConfig(
        server.listen().host(),
        server.listen().port(),
        limits,
        proxies,
        setup.portTls(server.tls()));
  }

  /// What stands in front of a listener that speaks wire alone, on the one port's terms.
  static Gate gate(ServerConfig server, WireSetup setup) {
    return Gate.of(of(server, setup, PortLimits.DEFAULT.message()), Protocol.WIRE);
  }

  static WireEntrance entrance(Gate gate) {
    return (channel, onward) ->
        gate.enter(channel, entered -> onward.accept(Peer.of(entered).address()));
  }
}
