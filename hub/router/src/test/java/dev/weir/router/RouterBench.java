package dev.weir.router;

import dev.weir.wire.ClosedCalls;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.Echo;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import dev.weir.wire.WireStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How many calls a second a router passes on, beside the same calls without one, in turns:
/// `RouterBench BYTES IN_FLIGHT SECONDS [ROUNDS]`. One connection, one loop each for client, router
/// and node, one process. Not a test; prints one line a round.
final class RouterBench {
  private static final String ROUTER_THREADS = "weir-wire-route";

  private RouterBench() {}

  public static void main(String[] args) throws Exception {
    int bytes = Integer.parseInt(args[0]);
    int inFlight = Integer.parseInt(args[1]);
    Duration time = Duration.ofSeconds(Integer.parseInt(args[2]));
    int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 5;
    InetSocketAddress any = at(0);
    try (WireLoops serving = WireLoops.start("node", 1, Transport.best());
        WireLoops routing = WireLoops.start("router", 1, Transport.best());
        WireLoops calling = WireLoops.start("client", 1, Transport.best());
        WireServer server = WireServer.start(serving, WireContext.of("bench"), any, Echo::new);
        Router router =
            Router.start(
                routing,
                WireContext.of("router"),
                any,
                SlotMap.even(List.of(new StorageNode("n", at(server.port())))),
                RouterLimits.STANDARD)) {
      List<WireStream> direct = open(calling, at(server.port()));
      List<WireStream> routed = open(calling, at(router.port()));
      for (int round = 0; round < rounds; round++) {
        round("direct", direct, bytes, inFlight, time);
        round("routed", routed, bytes, inFlight, time);
      }
    }
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static List<WireStream> open(WireLoops loops, InetSocketAddress address)
      throws Exception {
    WireConnection connection =
        new WireConnector(loops, WireContext.of("client"))
            .connect(address, new ConnectionHandler() {})
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
    return List.of(connection.open(OpenRequest.of("echo"), new Echo()));
  }

  private static void round(
      String name, List<WireStream> stream, int bytes, int inFlight, Duration time)
      throws InterruptedException {
    LoopTimes before = LoopTimes.of(ROUTER_THREADS);
    ClosedCalls.Figures figures = ClosedCalls.on(stream, bytes, inFlight, time);
    System.out.printf(
        "%s, %d B, %d in flight: %,.0f ops/s; router %s%n",
        name,
        bytes,
        inFlight,
        figures.rate(),
        LoopTimes.of(ROUTER_THREADS).since(before, figures.seconds(), figures.calls()));
  }
}
