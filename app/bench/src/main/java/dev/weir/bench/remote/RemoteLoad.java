package dev.weir.bench.remote;

import dev.weir.base.Bytes;
import dev.weir.flow.Backoff;
import dev.weir.load.ChildTalk;
import dev.weir.remote.GrpcPeer;
import dev.weir.remote.Peer;
import dev.weir.remote.Remote;
import dev.weir.remote.RemoteMode;
import dev.weir.remote.RemoteOptions;
import dev.weir.remote.RemoteReply;
import dev.weir.remote.WirePeer;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/// Sends the messages of the bench, in a process of its own:
///
///     RemoteLoad GRPC_PORT WIRE_PORT
///     run MODE WAY BUFFER MESSAGES RECONNECT_EVERY
///
/// Senders are virtual threads, one a message up to [#MOST_SENDERS]; in-order has one, since the
/// order of several is nobody's. With RECONNECT_EVERY the connection is given up after so many
/// messages, one sender sends.
public final class RemoteLoad implements AutoCloseable {
  private static final int MOST_SENDERS = 5_000;
  private static final int BODY_BYTES = 64;
  private static final long PATIENCE_SECONDS = 120;

  private final WireLoops loops = WireLoops.start("load", 1, Transport.best());
  private final ManagedChannel channel;
  private final int wirePort;
  private final SplittableRandom random = new SplittableRandom(7);

  private RemoteLoad(int grpcPort, int wirePort) {
    this.wirePort = wirePort;
    this.channel =
        NettyChannelBuilder.forAddress(at(grpcPort))
            .usePlaintext()
            .disableRetry()
            .directExecutor()
            .initialFlowControlWindow(4 << 20)
            .build();
  }

  public static void main(String[] arguments) throws IOException {
    int grpcPort = Integer.parseInt(arguments[0]);
    try (RemoteLoad load = new RemoteLoad(grpcPort, Integer.parseInt(arguments[1]))) {
      ChildTalk.serve("load", load::answer);
    }
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private String answer(List<String> words) throws InterruptedException, IOException {
    RemoteMode mode = RemoteMode.valueOf(words.get(1));
    int buffer = Integer.parseInt(words.get(3));
    int messages = Integer.parseInt(words.get(4));
    int reconnectEvery = Integer.parseInt(words.get(5));
    RemoteOptions options =
        new RemoteOptions(
            "bench", mode, buffer, Runnable::run, new Backoff(1_000_000, 100_000_000), random);
    try (Remote remote = Remote.start(options, peer(RemoteWay.parse(words.get(2))))) {
      greet(remote);
      ReplyAudit audit = new ReplyAudit(messages);
      long start =
          reconnectEvery > 0 || mode == RemoteMode.IN_ORDER
              ? sendAlone(remote, audit, messages, reconnectEvery)
              : sendTogether(remote, audit, messages);
      if (!audit.await(PATIENCE_SECONDS)) {
        throw new IOException(
            (messages - audit.ended())
                + " messages have no reply after "
                + PATIENCE_SECONDS
                + " s");
      }
      return audit.figures(start, remote.counters().connected()).words();
    }
  }

  private Peer peer(RemoteWay way) {
    return switch (way) {
      case GRPC_STREAM -> new GrpcPeer(channel, false);
      case GRPC_BATCH -> new GrpcPeer(channel, true);
      case WIRE -> new WirePeer(new WireConnector(loops, WireContext.of("load")), at(wirePort));
    };
  }

  /// The connection is there when the clock starts.
  private static void greet(Remote remote) throws InterruptedException {
    CountDownLatch greeted = new CountDownLatch(1);
    remote.send(
        body(0),
        new RemoteReply() {
          @Override
          public void onReply(Bytes body) {
            greeted.countDown();
          }

          @Override
          public void onFailure(String why) {
            greeted.countDown();
          }
        });
    greeted.await();
  }

  private static long sendAlone(Remote remote, ReplyAudit audit, int messages, int reconnectEvery)
      throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < messages; i++) {
      remote.send(body(i), audit);
      if (reconnectEvery > 0 && i % reconnectEvery == reconnectEvery - 1) {
        remote.reconnect();
      }
    }
    return start;
  }

  private static long sendTogether(Remote remote, ReplyAudit audit, int messages)
      throws InterruptedException {
    int senders = Math.min(messages, MOST_SENDERS);
    CountDownLatch ready = new CountDownLatch(senders);
    CountDownLatch release = new CountDownLatch(1);
    for (int sender = 0; sender < senders; sender++) {
      int first = sender;
      Thread.startVirtualThread(() -> {
        ready.countDown();
        try {
          release.await();
          for (int i = first; i < messages; i += senders) {
            remote.send(body(i), audit);
          }
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      });
    }
    ready.await();
    long start = System.nanoTime();
    release.countDown();
    return start;
  }

  private static Bytes body(long number) {
    byte[] bytes = new byte[BODY_BYTES];
    ByteBuffer.wrap(bytes).putLong(number);
    return Bytes.wrap(bytes);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loops.close();
  }
}
