package dev.weir.wire;

import dev.weir.testkit.Eventually;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// A server and its clients over loopback. Closing it waits until not a byte of a pooled buffer is
/// in use any more.
final class TestEnds implements AutoCloseable {
  final WireLoops serverLoops;
  final WireLoops clientLoops;
  final WireContext serverContext;
  final WireContext clientContext;
  final WireServer server;
  final WireConnector connector;
  final List<WireConnection> accepted = new CopyOnWriteArrayList<>();
  final List<WireStatus> clientEnds = new CopyOnWriteArrayList<>();
  final ConcurrentHashMap<String, Function<WireStream, StreamHandler>> services =
      new ConcurrentHashMap<>();

  TestEnds() {
    this(Transport.best(), WireContext.of("server"), WireContext.of("client"));
  }

  TestEnds(Transport transport, WireContext serverContext, WireContext clientContext) {
    this.serverContext = serverContext;
    this.clientContext = clientContext;
    serverLoops = WireLoops.start("test-server", 1, transport);
    clientLoops = WireLoops.start("test-client", 1, transport);
    server =
        WireServer.start(
            serverLoops,
            serverContext,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Acceptor::new);
    connector = new WireConnector(clientLoops, clientContext);
  }

  /// Serves streams of a method.
  TestEnds serve(String method, Function<WireStream, StreamHandler> owner) {
    services.put(method, owner);
    return this;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
  }

  WireConnection connect() throws Exception {
    return connect(
        new ConnectionHandler() {
          @Override
          public void onClosed(WireConnection connection, WireStatus status) {
            clientEnds.add(status);
          }
        });
  }

  WireConnection connect(ConnectionHandler handler) throws Exception {
    return connector.connect(address(), handler).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    server.close();
    clientLoops.close();
    serverLoops.close();
    assertNothingHeld();
  }

  void assertNothingHeld() {
    Eventually.eventually(
        "no pooled buffer is in use",
        () ->
            PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() == 0
                && PooledByteBufAllocator.DEFAULT.pinnedHeapMemory() == 0);
    Eventually.eventually(
        "no received byte is held",
        () -> serverContext.budget().heldBytes() == 0 && clientContext.budget().heldBytes() == 0);
  }

  private final class Acceptor implements ConnectionHandler {
    @Override
    public void onConnected(WireConnection connection) {
      accepted.add(connection);
    }

    @Override
    public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
      return Optional.ofNullable(services.get(request.method())).map(s -> s.apply(stream));
    }
  }
}
