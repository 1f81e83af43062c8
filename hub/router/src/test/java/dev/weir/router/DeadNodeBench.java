package dev.weir.router;

import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.Offer;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.ReplyHandler;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLimits;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What a router holds while its storage node is dead and clients push all they can: `DeadNodeBench
/// [SECONDS [CLIENTS]]`. Each client keeps 64 calls of 16 KiB under way, and makes another for each
/// that is refused. Prints a line for each kind of death.
final class DeadNodeBench {
  static final int CLIENTS = 50;

  private static final int CALL_BYTES = 16 << 10;
  private static final int IN_FLIGHT = 64;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private DeadNodeBench() {}

  /// How a node is dead.
  enum Death {
    /// It reads and answers nothing: its streams' windows fill.
    SILENT,
    /// It does not even read, as a process that is stopped: its connection's window and the
    /// kernel's buffers fill.
    FROZEN,
    /// Its process is gone: whoever connects is refused.
    GONE
  }

  /// What was seen.
  ///
  /// @param idle what the router held with all clients connected and nothing sent
  /// @param most the highest of each figure since
  /// @param refused calls that were refused and made anew
  /// @param windowBytes what the windows of all client streams come to
  record Result(
      RouterProcess.Figures idle, RouterProcess.Figures most, long refused, long windowBytes) {
    /// What the router's buffers took beyond those of an idle router, of the sum of windows.
    double share() {
      return (double) (most.bufferBytes() - idle.bufferBytes()) / windowBytes;
    }
  }

  public static void main(String[] args) throws Exception {
    Duration time = Duration.ofSeconds(args.length > 0 ? Integer.parseInt(args[0]) : 5);
    int clients = args.length > 1 ? Integer.parseInt(args[1]) : CLIENTS;
    for (Death death : Death.values()) {
      Result result = run(death, clients, time);
      System.out.printf(
          Locale.ROOT,
          "%-6s  %d clients: held %,d B, buffers %,d B (idle %,d B), windows %,d B: %.1f %%;"
              + " %,d calls refused%n",
          death,
          clients,
          result.most.heldBytes(),
          result.most.bufferBytes(),
          result.idle.bufferBytes(),
          result.windowBytes,
          100 * result.share(),
          result.refused);
    }
  }

  static Result run(Death death, int clients, Duration time) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    LongAdder refused = new LongAdder();
    try (WireLoops calling = WireLoops.start("client", 1, Transport.best());
        TestNode node = new TestNode("node");
        RouterProcess router = RouterProcess.start(node.port())) {
      Pusher[] pushers = new Pusher[clients];
      for (int i = 0; i < clients; i++) {
        pushers[i] = Pusher.connect(calling, router, refused);
      }
      RouterProcess.Figures idle = router.figures();
      kill(node, death, end);
      for (Pusher pusher : pushers) {
        pusher.start();
      }
      RouterProcess.Figures most = idle;
      long until = System.nanoTime() + time.toNanos();
      while (System.nanoTime() - until < 0) {
        most = most.most(router.figures());
        LockSupport.parkNanos(LOOK_NANOS);
      }
      long windows = clients * WireLimits.STANDARD.streamWindow().bytes();
      end.countDown();
      return new Result(idle, most, refused.sum(), windows);
    } finally {
      end.countDown();
    }
  }

  private static void kill(TestNode node, Death death, CountDownLatch end) {
    switch (death) {
      case SILENT -> node.isSilent = true;
      case FROZEN -> {
        for (EventLoop loop : node.loops.loops()) {
          loop.execute(() -> awaitUninterruptibly(end));
        }
      }
      case GONE -> node.kill();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// One client, on its connection's loop.
  private static final class Pusher implements StreamHandler, ReplyHandler {
    private final LongAdder refused;
    private @Nullable WireStream opened;
    private boolean isCalling;
    private int missing = IN_FLIGHT;

    private Pusher(LongAdder refused) {
      this.refused = refused;
    }

    static Pusher connect(WireLoops loops, RouterProcess router, LongAdder refused)
        throws Exception {
      Pusher pusher = new Pusher(refused);
      pusher.opened =
          new WireConnector(loops, WireContext.of("client"))
              .connect(router.address(), new ConnectionHandler() {})
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS)
              .open(OpenRequest.of("calls"), pusher);
      return pusher;
    }

    private WireStream stream() {
      return Objects.requireNonNull(opened);
    }

    void start() {
      stream().connection().loop().execute(this::push);
    }

    private void push() {
      isCalling = true;
      WireStream stream = stream();
      while (missing > 0 && stream.isSending()) {
        ByteBuf body = stream.connection().allocator().directBuffer(CALL_BYTES);
        missing--;
        if (stream.call(body.writeZero(CALL_BYTES), 0, -1, this) == Offer.REFUSED) {
          body.release();
          missing++;
          break;
        }
      }
      isCalling = false;
    }

    @Override
    public void onReply(MessageView reply) {
      again();
    }

    @Override
    public void onFailure(int mid, WireStatus status) {
      refused.increment();
      again();
    }

    private void again() {
      missing++;
      if (!isCalling) {
        push();
      }
    }

    @Override
    public void onReady(WireStream ready) {
      push();
    }

    @Override
    public void onMessage(WireStream ready, MessageView message) {}

    @Override
    public void onClosed(WireStream closed, WireStatus status, Metadata trailers) {}
  }
}
