package dev.weir.remote;

import dev.weir.base.Bytes;
import dev.weir.flow.Backoff;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import dev.weir.wire.WireStream;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/// A peer over wire and gRPC that answers with what it got and remembers the order, and remotes to
/// it.
final class Ends implements AutoCloseable {
  /// As the bench's three transports.
  enum Way {
    WIRE,
    GRPC_STREAM,
    GRPC_BATCH
  }

  /// What the peer has handled, in its order. Guarded by itself.
  private final List<Long> handled = new ArrayList<>();

  private final RemoteService service;
  private final WireLoops loops = WireLoops.start("remote-test", 2, Transport.best());
  private final WireServer wire;
  private final Server grpc;
  private final ManagedChannel channel;
  private final RandomGenerator random;

  Ends(RandomGenerator random, int maxSessions) throws IOException {
    this.random = random;
    service = new RemoteService(this::answer, maxSessions);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    wire = WireServer.start(loops, WireContext.of("peer"), any, Accepting::new);
    grpc =
        NettyServerBuilder.forAddress(any)
            .directExecutor()
            .addService(service.grpc())
            .build()
            .start();
    channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), grpc.getPort()))
            .usePlaintext()
            .directExecutor()
            .build();
  }

  private Bytes answer(Bytes body) {
    long value = body.buffer().getLong();
    if (value < 0) {
      throw new IllegalArgumentException("negative");
    }
    synchronized (handled) {
      handled.add(value);
    }
    return body;
  }

  /// Passes a remote's streams on to the service.
  private final class Accepting implements ConnectionHandler {
    @Override
    public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
      return service.onOpen(stream, request);
    }
  }

  Remote remote(Way way, RemoteMode mode, int buffer, Executor executor) {
    Backoff soon = new Backoff(1_000_000, 50_000_000);
    return Remote.start(new RemoteOptions("test", mode, buffer, executor, soon, random), peer(way));
  }

  Peer peer(Way way) {
    return switch (way) {
      case WIRE ->
          new WirePeer(
              new WireConnector(loops, WireContext.of("remote")),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), wire.port()));
      case GRPC_STREAM -> new GrpcPeer(channel, false);
      case GRPC_BATCH -> new GrpcPeer(channel, true);
    };
  }

  List<Long> handled() {
    synchronized (handled) {
      return List.copyOf(handled);
    }
  }

  RemoteService service() {
    return service;
  }

  static Bytes message(long value) {
    byte[] bytes = new byte[Long.BYTES];
    ByteBuffer.wrap(bytes).putLong(value);
    return Bytes.wrap(bytes);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    grpc.shutdownNow();
    wire.close();
    loops.close();
  }
}
