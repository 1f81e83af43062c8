package dev.weir.bench.ops;

import dev.weir.load.ChildTalk;
import dev.weir.rpc.RpcServerBuilder;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import io.grpc.Server;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The storage of the bench, in a process of its own: echoes over wire, gRPC and gRPC over wire,
/// one loop each. `pause AFTER MILLIS` holds its wire loop up; `nats PORT` lets it answer requests
/// of a nats-server.
public final class OpsServer {
  private OpsServer() {}

  public static void main(String[] arguments) throws IOException {
    try (OneLoop own = new OneLoop("server");
        WireLoops loops = OneLoop.wireLoops("server");
        WireServer wire =
            WireServer.start(
                loops, WireContext.of("storage"), OneLoop.loopback(0), WireEcho::new)) {
      Server grpc = own.serve(new EchoService());
      Server rpc =
          RpcServerBuilder.on(OneLoop.loopback(0))
              .loops(loops)
              .directExecutor()
              .addService(new EchoService())
              .build()
              .start();
      OpsPorts ports = new OpsPorts(grpc.getPort(), wire.port(), rpc.getPort());
      ChildTalk.serve(ports.words(), words -> answer(words, own, loops.loops().getFirst()));
      rpc.shutdownNow();
      grpc.shutdownNow();
    }
  }

  private static String answer(List<String> words, OneLoop own, EventLoop loop) throws IOException {
    return switch (words.getFirst()) {
      case "pause" -> pause(loop, Long.parseLong(words.get(1)), Long.parseLong(words.get(2)));
      case "nats" -> {
        NatsResponder.connect(own, Integer.parseInt(words.get(1)));
        yield "ok";
      }
      default -> throw new IllegalArgumentException("unknown: " + words);
    };
  }

  /// Returns at once.
  private static String pause(EventLoop loop, long afterMillis, long millis) {
    var _ = loop.schedule(() -> holdUp(millis), afterMillis, TimeUnit.MILLISECONDS);
    return "ok";
  }

  private static void holdUp(long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
