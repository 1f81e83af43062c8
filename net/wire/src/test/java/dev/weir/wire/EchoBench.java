package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How many calls per second one connection echoes, with a fixed number in flight, on one loop per
/// end: `EchoBench BYTES IN_FLIGHT SECONDS [TRANSPORT] [REUSE|RETAIN]`. Not a test; prints one line
/// per round.
final class EchoBench implements ReplyHandler {
  private final WireStream stream;
  private final ByteBuf body;
  private final CountDownLatch done = new CountDownLatch(1);
  private final int inFlight;
  private int flying;
  private long replies;
  private boolean isStopped;

  private EchoBench(WireStream stream, int bytes, int inFlight) {
    this.stream = stream;
    this.inFlight = inFlight;
    this.body = stream.connection().allocator().directBuffer(Math.max(1, bytes)).writeZero(bytes);
  }

  public static void main(String[] args) throws Exception {
    int bytes = Integer.parseInt(args[0]);
    int inFlight = Integer.parseInt(args[1]);
    int seconds = Integer.parseInt(args[2]);
    Transport transport = args.length > 3 ? Transport.valueOf(args[3]) : Transport.best();
    WireContext context = WireContext.of("bench");
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
      WireStream stream = connection.open(OpenRequest.of("echo"), new Echo());
      for (int round = 0; round < 5; round++) {
        new EchoBench(stream, bytes, inFlight).round(seconds);
      }
      connection.close();
    }
  }

  private void round(int seconds) throws InterruptedException {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getTotalThreadAllocatedBytes();
    long start = System.nanoTime();
    stream.connection().loop().execute(this::fill);
    done.await(seconds, TimeUnit.SECONDS);
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
    long bytes = threads.getTotalThreadAllocatedBytes() - allocated;
    System.out.printf(
        "%d B, %d in flight: %,.0f ops/s, %.0f MB/s each way, %.2f B allocated per op%n",
        body.readableBytes(),
        inFlight,
        total[0] / elapsed,
        total[0] / elapsed * body.readableBytes() / 1e6,
        (double) bytes / total[0]);
    done.await(100, TimeUnit.MILLISECONDS);
  }

  private void fill() {
    while (flying < inFlight && !isStopped) {
      flying++;
      stream.call(body.retainedDuplicate(), this);
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
    done.countDown();
  }
}
