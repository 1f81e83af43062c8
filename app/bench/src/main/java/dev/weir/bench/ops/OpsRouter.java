package dev.weir.bench.ops;

import dev.weir.load.ChildTalk;
import dev.weir.router.Router;
import dev.weir.router.RouterLimits;
import dev.weir.router.SlotMap;
import dev.weir.router.StorageNode;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.io.IOException;
import java.util.List;

/// The router of the bench, in a process of its own: hub/router for wire, a proxy for gRPC.
///
///     OpsRouter GRPC_PORT WIRE_PORT RPC_PORT
public final class OpsRouter {
  private OpsRouter() {}

  public static void main(String[] arguments) throws IOException {
    OpsPorts storage = OpsPorts.parse(String.join(" ", arguments));
    try (OneLoop own = new OneLoop("router");
        WireLoops loops = OneLoop.wireLoops("router");
        Router router =
            Router.start(
                loops,
                WireContext.of("router"),
                OneLoop.loopback(0),
                SlotMap.even(List.of(new StorageNode("storage", OneLoop.loopback(storage.wire())))),
                RouterLimits.STANDARD)) {
      ManagedChannel channel = own.channel(storage.grpc());
      Server grpc = own.serve(new GrpcProxy(channel));
      ChildTalk.serve(
          new OpsPorts(grpc.getPort(), router.port(), 0).words(),
          words -> {
            throw new IllegalArgumentException("unknown: " + words);
          });
      grpc.shutdownNow();
      channel.shutdownNow();
    }
  }
}
