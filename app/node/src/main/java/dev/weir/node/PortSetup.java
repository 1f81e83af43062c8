package dev.weir.node;

import dev.weir.base.ByteSize;
import dev.weir.config.ListenLimits;
import dev.weir.config.ServerConfig;
import dev.weir.gateway.port.PortConfig;
import dev.weir.gateway.port.PortLimits;
import dev.weir.gateway.port.Proxies;

/// The one port, as configuration says.
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
}
