package dev.weir.rpc;

import dev.weir.flow.Backoff;
import dev.weir.testkit.Eventually;
import dev.weir.wire.Transport;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import io.grpc.BindableService;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A server and its channels over loopback. Closing it waits until not a byte of a pooled buffer is
/// in use any more.
final class RpcEnds implements AutoCloseable {
  static final Backoff QUICK = new Backoff(1_000_000L, 20_000_000L);

  final WireLoops serverLoops = WireLoops.start("test-server", 1, Transport.best());
  final WireLoops clientLoops = WireLoops.start("test-client", 1, Transport.best());
  final WireContext serverContext = WireContext.of("server");
  final WireContext clientContext = WireContext.of("client");
  private final List<RpcServer> servers = new ArrayList<>();
  private final List<WireChannel> channels = new ArrayList<>();
  private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  RpcServerBuilder serverBuilder() {
    return RpcServerBuilder.on(address).loops(serverLoops).context(serverContext);
  }

  /// Serves, from then on always on the same port.
  RpcServer serve(BindableService service) throws IOException {
    return serve(serverBuilder().addService(service));
  }

  RpcServer serve(RpcServerBuilder builder) throws IOException {
    RpcServer server = builder.build().start();
    servers.add(server);
    address = (InetSocketAddress) server.getListenSockets().getFirst();
    return server;
  }

  InetSocketAddress address() {
    return address;
  }

  WireChannelBuilder channelBuilder() {
    return WireChannelBuilder.to(address)
        .loops(clientLoops)
        .context(clientContext)
        .backoff(QUICK, new Random(1));
  }

  WireChannel channel() {
    return channel(channelBuilder());
  }

  WireChannel channel(WireChannelBuilder builder) {
    WireChannel channel = builder.build();
    channels.add(channel);
    return channel;
  }

  /// Takes an address that nothing listens on.
  void reserve() throws IOException {
    try (java.net.ServerSocket socket =
        new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }
  }

  @Override
  public void close() {
    channels.forEach(WireChannel::shutdownNow);
    servers.forEach(RpcServer::shutdownNow);
    Eventually.eventually(
        "channels end", () -> channels.stream().allMatch(WireChannel::isTerminated));
    Eventually.eventually("servers end", () -> servers.stream().allMatch(RpcServer::isTerminated));
    clientLoops.close();
    serverLoops.close();
    Eventually.eventually(
        "no pooled buffer is in use",
        () ->
            PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() == 0
                && PooledByteBufAllocator.DEFAULT.pinnedHeapMemory() == 0);
    Eventually.eventually(
        "no received byte is held",
        () -> serverContext.budget().heldBytes() == 0 && clientContext.budget().heldBytes() == 0);
  }
}
