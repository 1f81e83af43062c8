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
/// `StuckStreamBench BYTES IN_FLIGHT SLICE_MILLIS PAIRS`. Not a test; prints the median of the
/// losses with its 95 % confidence interval.
///
/// Problem: the loss is far smaller than what a machine's rate moves by within a second, and what
/// two connections differ by. Idea: two connections make the same calls in short slices by turns,
/// and each slice is compared with its neighbour alone; the stuck stream moves from one connection
/// to the other again and again. Beside the rate stands the CPU time of a call, which other
/// processes hardly move.
final class StuckStreamBench {
  private static final int STREAMS = 99;
  private static final int STUCK_BYTES = 16 << 10;
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  /// Pairs before the stuck stream changes its connection.
  private static final int BLOCK = 20;

  private final int bytes;
  private final int inFlight;
  private final Duration slice;
  private final List<List<WireStream>> busy;

  private StuckStreamBench(
      int bytes, int inFlight, Duration slice, WireConnection one, WireConnection other) {
    this.bytes = bytes;
    this.inFlight = inFlight;
    this.slice = slice;
    this.busy = List.of(open(one), open(other));
  }

  public static void main(String[] args) throws Exception {
    int bytes = Integer.parseInt(args[0]);
    int inFlight = Integer.parseInt(args[1]);
    Duration slice = Duration.ofMillis(Integer.parseInt(args[2]));
    int pairs = Integer.parseInt(args[3]);
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
      WireConnection one = connect(connector, server.port());
      WireConnection other = connect(connector, server.port());
      new StuckStreamBench(bytes, inFlight, slice, one, other).run(pairs);
    }
  }

  private void run(int pairs) throws Exception {
    double[] rates = new double[pairs];
    double[] rateLosses = new double[pairs];
    double[] cpuLosses = new double[pairs];
    WireStream stuck = stick(0);
    calls(0, WARM_UP);
    calls(1, WARM_UP);
    for (int pair = 0; pair < pairs; pair++) {
      int held = pair / BLOCK % 2;
      if (pair > 0 && pair % BLOCK == 0) {
        stuck.abort(WireStatus.of(StatusCode.CANCELLED, "It moves."));
        stuck = stick(held);
      }
      boolean isHeldFirst = pair % 2 == 0;
      ClosedCalls.Figures first = calls(isHeldFirst ? held : 1 - held, slice);
      ClosedCalls.Figures second = calls(isHeldFirst ? 1 - held : held, slice);
      ClosedCalls.Figures beside = isHeldFirst ? first : second;
      ClosedCalls.Figures alone = isHeldFirst ? second : first;
      rates[pair] = alone.rate();
      rateLosses[pair] = 1 - beside.rate() / alone.rate();
      cpuLosses[pair] = beside.cpuNanosPerCall() / alone.cpuNanosPerCall() - 1;
    }
    System.out.printf(
        "%d streams, %d B, %d in flight each: median %,.0f ops/s alone; the one beside is %s%n",
        STREAMS, bytes, inFlight, quantile(rates, 0), stuck.isReady() ? "READ" : "not read");
    print("loss of rate", rateLosses);
    print("more CPU a call", cpuLosses);
  }

  private static void print(String what, double[] shares) {
    System.out.printf(
        "%s: median %.2f %% (95 %% confidence: %.2f to %.2f) of %d pairs%n",
        what,
        100 * quantile(shares, 0),
        100 * quantile(shares, -0.98),
        100 * quantile(shares, 0.98),
        shares.length);
  }

  private ClosedCalls.Figures calls(int connection, Duration time) throws InterruptedException {
    return ClosedCalls.on(busy.get(connection), bytes, inFlight, time);
  }

  /// Opens a stream that nobody reads, and lets both ends fill it beside the calls.
  private WireStream stick(int connection) throws InterruptedException {
    WireConnection beside = busy.get(connection).getFirst().connection();
    WireStream stuck = beside.open(OpenRequest.of("stuck"), new Stuck());
    beside.loop().execute(() -> begin(stuck));
    calls(connection, slice.multipliedBy(BLOCK));
    return stuck;
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
