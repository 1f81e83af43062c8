package dev.weir.link;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/// A link server on a real socket of the loopback.
final class TestCore implements AutoCloseable {
  private final GrpcTransport transport;
  private final LinkServer link;
  private final Server server;
  private final int port;

  private TestCore(GrpcTransport transport, LinkServer link, Server server) {
    this.transport = transport;
    this.link = link;
    this.server = server;
    this.port = server.getPort();
  }

  static TestCore start(LinkServerConfig config, LinkStore store, Clock clock) {
    GrpcTransport transport = GrpcTransport.start("test-core", 2);
    LinkServer link = new LinkServer(config, store, clock);
    try {
      Server server =
          transport
              .server(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                  new ByteSize(GrpcTransport.MAX_MESSAGE_BYTES))
              .addStreamTracerFactory(link.tracerFactory())
              .addServices(link.services())
              .build()
              .start();
      return new TestCore(transport, link, server);
    } catch (IOException e) {
      transport.close();
      throw new UncheckedIOException(e);
    }
  }

  LinkServer link() {
    return link;
  }

  int port() {
    return port;
  }

  URI uri() {
    return URI.create("grpc://127.0.0.1:" + port());
  }

  /// Cuts every connection, as a killed process does.
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    link.close();
    transport.close();
  }
}
