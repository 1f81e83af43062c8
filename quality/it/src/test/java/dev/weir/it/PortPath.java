package dev.weir.it;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.gateway.port.Port;
import dev.weir.gateway.port.PortConfig;
import dev.weir.gateway.port.PortLimits;
import dev.weir.gateway.port.PortServices;
import dev.weir.gateway.port.PortTls;
import dev.weir.link.GrpcTransport;
import dev.weir.link.LinkCore;
import dev.weir.link.LinkPath;
import dev.weir.link.LinkScheme;
import dev.weir.link.LinkServer;
import dev.weir.link.LinkServerConfig;
import dev.weir.link.LinkStore;
import dev.weir.testkit.TestKeys;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireDoor;
import dev.weir.wire.WireLimits;
import dev.weir.wire.WireServices;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// A client and a core behind the one port, which tells gRPC, wire and TLS apart.
enum PortPath implements LinkPath {
  PORT_GRPC(LinkScheme.GRPC),
  PORT_GRPC_TLS(LinkScheme.GRPCS),
  PORT_WIRE(LinkScheme.WIRE),
  PORT_WIRE_TLS(LinkScheme.WIRES);

  private final LinkScheme scheme;

  PortPath(LinkScheme scheme) {
    this.scheme = scheme;
  }

  @Override
  public LinkScheme scheme() {
    return scheme;
  }

  @Override
  public LinkCore start(LinkServerConfig config, LinkStore store, Clock clock) {
    LinkServer link = new LinkServer(config, store, clock);
    ByteSize largest = new ByteSize(GrpcTransport.MAX_MESSAGE_BYTES);
    WireServices services = WireServices.NONE.with(LinkServer.WIRE_METHOD, link.wireService());
    WireDoor wire =
        WireDoor.of(
            WireContext.of("core").with(WireLimits.STANDARD.withMessage(largest)), () -> services);
    PortLimits limits = PortLimits.DEFAULT.withMessage(largest).withDrain(Duration.ZERO);
    PortConfig at =
        new PortConfig("127.0.0.1", 0, limits)
            .with(scheme.isSecure() ? PortTls.of(() -> TestKeys.of("server")) : null);
    Port port =
        Port.start(
            at,
            PortServices.of(Map.of())
                .withGrpc(link.services(), java.util.List.of(link.tracerFactory()))
                .withWire(wire::open));
    return new PortCore(this, link, port);
  }

  @Override
  public String coreThreads() {
    return "weir-port-io-";
  }

  private record PortCore(PortPath path, LinkServer link, Port listener) implements LinkCore {
    @Override
    public int port() {
      return listener.port();
    }

    @Override
    public URI uri() {
      return path.uri(listener.port());
    }

    @Override
    public void close() {
      listener.close();
      link.close();
    }
  }
}
