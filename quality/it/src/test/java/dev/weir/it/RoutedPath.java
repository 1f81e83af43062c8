package dev.weir.it;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.link.LinkCore;
import dev.weir.link.LinkPath;
import dev.weir.link.LinkScheme;
import dev.weir.link.LinkServer;
import dev.weir.link.LinkServerConfig;
import dev.weir.link.LinkStore;
import dev.weir.link.TestCore;
import dev.weir.router.Router;
import dev.weir.router.RouterLimits;
import dev.weir.router.SlotMap;
import dev.weir.router.StorageNode;
import dev.weir.testkit.TestKeys;
import dev.weir.wire.Transport;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLimits;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireSecurity;
import dev.weir.wire.WireTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/// A client and a core with a router in between, which pins each stream to the node of its route.
enum RoutedPath implements LinkPath {
  ROUTED(LinkScheme.WIRE),
  ROUTED_TLS(LinkScheme.WIRES);

  private final LinkScheme scheme;

  RoutedPath(LinkScheme scheme) {
    this.scheme = scheme;
  }

  @Override
  public LinkScheme scheme() {
    return scheme;
  }

  @Override
  public LinkCore start(LinkServerConfig config, LinkStore store, Clock clock) {
    TestCore core = TestCore.start(this, config, store, clock);
    WireLoops loops = WireLoops.start("routed", 1, Transport.best());
    InetSocketAddress node = new InetSocketAddress(InetAddress.getLoopbackAddress(), core.port());
    Router router =
        Router.start(
            loops,
            context(),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            SlotMap.even(List.of(new StorageNode("core", node))),
            RouterLimits.STANDARD);
    return new RoutedCore(this, core, loops, router);
  }

  private WireContext context() {
    WireLimits limits = WireLimits.STANDARD.withMessage(ByteSize.ofMebibytes(17));
    WireContext context = WireContext.of("router").with(limits);
    if (!scheme.isSecure()) {
      return context;
    }
    WireTls tls = new WireTls(() -> TestKeys.of("server"), WireTls.ClientCertificates.NONE, true);
    return context.with(WireSecurity.NONE.with(tls));
  }

  private record RoutedCore(RoutedPath path, TestCore core, WireLoops loops, Router router)
      implements LinkCore {
    @Override
    public LinkServer link() {
      return core.link();
    }

    @Override
    public int port() {
      return router.port();
    }

    @Override
    public URI uri() {
      return path.uri(router.port());
    }

    @Override
    public void close() {
      router.close();
      core.close();
      loops.close();
    }
  }
}
