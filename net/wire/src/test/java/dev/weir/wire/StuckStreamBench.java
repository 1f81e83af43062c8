package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What 99 streams lose to one that nobody reads, in either direction, on the same connection:
/// `StuckStreamBench BYTES IN_FLIGHT SECONDS ROUNDS`. Rounds go in turns between a connection with
/// such a stream and one without, after one unmeasured round each. Not a test; prints the rates,
/// and the median of the rounds' own losses with its 95 % confidence interval: of many short rounds
/// that is narrow on a machine with other work, too.
final class StuckStreamBench {
  private static final int STREAMS = 99;
  private static final int STUCK_BYTES = 16 << 10;

  private StuckStreamBench() {}

  public static void main(String[] args) throws Exception {
    int bytes = Integer.parseInt(args[0]);
    int inFlight = Integer.parseInt(args[1]);
    Duration time = Duration.ofMillis((long) (1_000 * Double.parseDouble(args[2])));
    int rounds = Integer.parseInt(args[3]);
    WireContext context = WireContext.of("bench");
    try (WireLoops serving = WireLoops.start("server", 1, Transport.best());
        WireLoops calling = WireLoops.start("client", 1, Transport.best());
        WireServer server =
            WireServer.start(
                serving,
                context,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Server::new)) {
      WireConnector connector = new WireConnector(calling, context);
      WireConnection free = connect(connector, server.port());
      WireConnection beside = connect(connector, server.port());
      List<WireStream> without = open(free);
      List<WireStream> with = open(beside);
      WireStream stuck = beside.open(OpenRequest.of("stuck"), new Stuck());
      beside.loop().execute(() -> begin(stuck));
      ClosedCalls.on(without, bytes, inFlight, time); // Compiles what both share.
      ClosedCalls.on(with, bytes, inFlight, time);
      double[] shares = new double[rounds];
      double[] rates = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        boolean isFreeFirst = round % 2 == 0;
        double first = ClosedCalls.on(isFreeFirst ? without : with, bytes, inFlight, time).rate();
        double second = ClosedCalls.on(isFreeFirst ? with : without, bytes, inFlight, time).rate();
        double alone = isFreeFirst ? first : second;
        double held = isFreeFirst ? second : first;
        shares[round] = held / alone;
        rates[round] = alone;
      }
      System.out.printf(
          "%d streams, %d B, %d in flight each: median %,.0f ops/s alone; the one beside is %s%n",
          STREAMS, bytes, inFlight, quantile(rates, 0), stuck.isReady() ? "READ" : "not read");
      System.out.printf(
          "median loss %.2f %% (%.2f to %.2f) of %d rounds%n",
          100 * (1 - quantile(shares, 0)),
          100 * (1 - quantile(shares, 0.98)),
          100 * (1 - quantile(shares, -0.98)),
          rounds);
    }
  }

  /// The value that lies so many square roots of the count behind the median: with 0.98 of them in
  /// both directions, an interval that holds the true median in 95 of 100 cases (binomial, normal
  /// approximation).
  private static double quantile(double[] values, double roots) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = (sorted.length - 1) / 2.0 + roots * Math.sqrt(sorted.length);
    return sorted[Math.clamp(Math.round(at), 0, sorted.length - 1)];
  }

  private static WireConnection connect(WireConnector connector, int port) throws Exception {
    return connector
        .connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            new ConnectionHandler() {})
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  private static List<WireStream> open(WireConnection connection) {
    List<WireStream> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      streams.add(connection.open(OpenRequest.of("echo"), new Echo()));
    }
    return streams;
  }

  private static void begin(WireStream stream) {
    stream.consumeByHand();
    pour(stream);
  }

  /// Sends until the peer's window and the queue are full.
  private static void pour(WireStream stream) {
    while (stream.isSending() && stream.isReady()) {
      ByteBuf body = stream.connection().allocator().directBuffer(STUCK_BYTES);
      if (stream.send(body.writeZero(STUCK_BYTES)) == Offer.REFUSED) {
        body.release();
        return;
      }
    }
  }

  /// Sends all it may and never gives credit back.
  private static final class Stuck implements StreamHandler {
    @Override
    public void onMessage(WireStream stream, MessageView message) {}

    @Override
    public void onReady(WireStream stream) {
      pour(stream);
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }

  private static final class Server implements ConnectionHandler {
    @Override
    public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
      if (request.method().equals("echo")) {
        return Optional.of(new Echo());
      }
      stream.connection().loop().execute(() -> begin(stream));
      return Optional.of(new Stuck());
    }
  }
}
