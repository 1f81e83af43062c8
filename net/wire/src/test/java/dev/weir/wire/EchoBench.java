package dev.weir.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How many calls per second one connection echoes, with a fixed number in flight, on one loop per
/// end: `EchoBench BYTES IN_FLIGHT SECONDS [TRANSPORT] [ZSTD|CRC|BOTH]`. Not a test; prints one
/// line per round.
final class EchoBench {
  private EchoBench() {}

  public static void main(String[] args) throws Exception {
    int bytes = Integer.parseInt(args[0]);
    int inFlight = Integer.parseInt(args[1]);
    int seconds = Integer.parseInt(args[2]);
    Transport transport = args.length > 3 ? Transport.valueOf(args[3]) : Transport.best();
    WireContext context = context(args.length > 4 ? args[4] : "");
    try (WireLoops serving = WireLoops.start("server", 1, transport);
        WireLoops calling = WireLoops.start("client", 1, transport);
        WireServer server =
            WireServer.start(
                serving,
                context,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Echo::new)) {
      WireConnection connection =
          new WireConnector(calling, context)
              .connect(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                  new ConnectionHandler() {})
              .toCompletableFuture()
              .get(5, TimeUnit.SECONDS);
      List<WireStream> stream = List.of(connection.open(OpenRequest.of("echo"), new Echo()));
      for (int round = 0; round < 5; round++) {
        ClosedCalls.Figures figures =
            ClosedCalls.on(stream, bytes, inFlight, Duration.ofSeconds(seconds));
        System.out.printf(
            "%d B, %d in flight: %,.0f ops/s, %.0f MB/s each way, per op %.0f ns of CPU, %.2f B%n",
            bytes,
            inFlight,
            figures.rate(),
            figures.rate() * bytes / 1e6,
            figures.cpuNanosPerCall(),
            (double) figures.allocatedBytes() / figures.calls());
      }
      connection.close();
    }
  }

  private static WireContext context(String features) {
    WireContext plain = WireContext.of("bench");
    return switch (features) {
      case "" -> plain;
      case "CRC" -> plain.withCrc();
      case "ZSTD" -> plain.with(new WireCompression());
      case "BOTH" -> plain.withCrc().with(new WireCompression());
      default -> throw new IllegalArgumentException(features + ", expected ZSTD, CRC or BOTH");
    };
  }
}
