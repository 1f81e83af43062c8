package dev.weir.bench.remote;

import dev.weir.load.ChildTalk;
import dev.weir.remote.RemoteService;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.Transport;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import dev.weir.wire.WireStream;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/// The peer of the bench, in a process of its own: answers with what it got, over wire and gRPC.
public final class RemoteServer {
  private static final int SESSIONS = 64;

  private RemoteServer() {}

  public static void main(String[] arguments) throws IOException {
    RemoteService service = new RemoteService(body -> body, SESSIONS);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Server grpc =
        NettyServerBuilder.forAddress(any)
            .directExecutor()
            .initialFlowControlWindow(4 << 20)
            .addService(service.grpc())
            .build()
            .start();
    try (WireLoops loops = WireLoops.start("peer", 1, Transport.best());
        WireServer wire =
            WireServer.start(loops, WireContext.of("peer"), any, () -> new Accepting(service))) {
      ChildTalk.serve(
          grpc.getPort() + " " + wire.port(),
          words -> {
            throw new IllegalArgumentException("unknown: " + words);
          });
    }
    grpc.shutdownNow();
  }

  private record Accepting(RemoteService service) implements ConnectionHandler {
    @Override
    public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
      return service.onOpen(stream, request);
    }
  }
}
