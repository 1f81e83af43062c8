package dev.weir.link;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLimits;
import dev.weir.wire.WireSecurity;
import dev.weir.wire.WireServer;
import dev.weir.wire.WireServices;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/// A link server on a real socket of the loopback.
public final class TestCore implements LinkCore {
  private final LinkPath path;
  private final GrpcTransport transport;
  private final LinkServer link;
  private final int port;
  private final Runnable listenerEnd;

  private TestCore(LinkPath path, GrpcTransport transport, LinkServer link) {
    this.path = path;
    this.transport = transport;
    this.link = link;
    Listener listener = isGrpc(path) ? startGrpc() : startWire();
    this.port = listener.port();
    this.listenerEnd = listener.end();
  }

  private static boolean isGrpc(LinkPath path) {
    return path.scheme() == LinkScheme.GRPC || path.scheme() == LinkScheme.GRPCS;
  }

  private record Listener(int port, Runnable end) {}

  /// Over gRPC, in plain text.
  static TestCore start(LinkServerConfig config, LinkStore store, Clock clock) {
    return start(DirectPath.GRPC, config, store, clock);
  }

  /// Over what the path's scheme says.
  public static TestCore start(
      LinkPath path, LinkServerConfig config, LinkStore store, Clock clock) {
    return new TestCore(
        path, GrpcTransport.start("test-core", 2), new LinkServer(config, store, clock));
  }

  private Listener startGrpc() {
    NettyServerBuilder builder =
        transport
            .server(anyPort(), new ByteSize(GrpcTransport.MAX_MESSAGE_BYTES))
            .addStreamTracerFactory(link.tracerFactory())
            .addServices(link.services());
    if (path.scheme().isSecure()) {
      builder.sslContext(path.tls().grpcServer());
    }
    try {
      Server server = builder.build().start();
      return new Listener(server.getPort(), () -> stop(server));
    } catch (IOException e) {
      transport.close();
      throw new UncheckedIOException(e);
    }
  }

  private Listener startWire() {
    WireLimits limits =
        WireLimits.STANDARD.withMessage(new ByteSize(GrpcTransport.MAX_MESSAGE_BYTES));
    WireSecurity security =
        path.scheme().isSecure()
            ? WireSecurity.NONE.with(path.tls().wireServer())
            : WireSecurity.NONE;
    WireServices services = WireServices.NONE.with(LinkServer.WIRE_METHOD, link.wireService());
    WireServer server =
        WireServer.start(
            transport.wireLoops(),
            WireContext.of("core").with(limits).with(security),
            anyPort(),
            () -> services);
    return new Listener(server.port(), server::close);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static void stop(Server server) {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public LinkServer link() {
    return link;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public URI uri() {
    return path.uri(port);
  }

  @Override
  public void close() {
    listenerEnd.run();
    link.close();
    transport.close();
  }
}
