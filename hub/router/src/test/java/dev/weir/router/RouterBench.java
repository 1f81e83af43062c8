package dev.weir.router;

import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.ReplyHandler;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How many calls a second a router passes on, beside the same calls without one, in turns:
/// `RouterBench BYTES IN_FLIGHT SECONDS [ROUNDS]`. One connection, one loop each for client, router
/// and node, one process. Not a test; prints one line a round.
final class RouterBench implements ReplyHandler {

  private final WireStream stream;
  private final ByteBuf body;
  private final int inFlight;
  private int flying;
  private long replies;
  private long next;
  private boolean isStopped;

  private RouterBench(WireStream stream, int bytes, int inFlight) {
    this.stream = stream;
    this.inFlight = inFlight;
    this.body = stream.connection().allocator().directBuffer(Math.max(1, bytes)).writeZero(bytes);
  }

  public static void main(String[] args) throws Exception {
    int bytes = Integer.parseInt(args[0]);
    int inFlight = Integer.parseInt(args[1]);
    int seconds = Integer.parseInt(args[2]);
    int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 5;
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    WireContext context = WireContext.of("bench");
    try (WireLoops serving = WireLoops.start("node", 1, Transport.best());
        WireLoops routing = WireLoops.start("router", 1, Transport.best());
        WireLoops calling = WireLoops.start("client", 1, Transport.best());
        WireServer server = WireServer.start(serving, context, any, Echo::new);
        Router router =
            Router.start(
                routing,
                WireContext.of("router"),
                any,
                SlotMap.even(List.of(new StorageNode("n", at(server.port())))),
                RouterLimits.STANDARD)) {
      WireStream direct = open(calling, at(server.port()));
      WireStream routed = open(calling, at(router.port()));
      for (int round = 0; round < rounds; round++) {
        new RouterBench(direct, bytes, inFlight).round("direct", seconds);
        new RouterBench(routed, bytes, inFlight).round("routed", seconds);
      }
    }
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static WireStream open(WireLoops loops, InetSocketAddress address) throws Exception {
    WireConnection connection =
        new WireConnector(loops, WireContext.of("client"))
            .connect(address, new ConnectionHandler() {})
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
    return connection.open(OpenRequest.of("echo"), new Echo());
  }

  private void round(String name, int seconds) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    LoopTimes before = LoopTimes.of("weir-wire-route");
    long start = System.nanoTime();
    stream.connection().loop().execute(this::fill);
    never.await(seconds, TimeUnit.SECONDS);
    CountDownLatch stopped = new CountDownLatch(1);
    long[] total = new long[1];
    stream
        .connection()
        .loop()
        .execute(() -> {
          isStopped = true;
          total[0] = replies;
          stopped.countDown();
        });
    stopped.await();
    double elapsed = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "%s, %d B, %d in flight: %,.0f ops/s; router %s%n",
        name,
        body.readableBytes(),
        inFlight,
        total[0] / elapsed,
        LoopTimes.of("weir-wire-route").since(before, elapsed, total[0]));
    never.await(100, TimeUnit.MILLISECONDS); // What is under way comes back.
    body.release();
  }

  private void fill() {
    while (flying < inFlight && !isStopped) {
      flying++;
      stream.call(body.retainedDuplicate(), next++, -1, this);
    }
  }

  @Override
  public void onReply(MessageView reply) {
    flying--;
    replies++;
    fill();
  }

  @Override
  public void onFailure(int mid, WireStatus status) {
    System.out.println(status);
    flying--;
  }

  /// Answers each call with what it brought.
  private static final class Echo implements ConnectionHandler, StreamHandler {
    @Override
    public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
      return Optional.of(this);
    }

    @Override
    public void onMessage(WireStream stream, MessageView message) {
      if (message.bodyBytes() <= 4096) {
        stream.reply(message.mid(), message.buffer(), message.bodyIndex(), message.bodyBytes());
      } else {
        stream.reply(message.mid(), message.retainedBody());
      }
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }
}
