package dev.weir.rpc;

import com.google.protobuf.ByteString;
import dev.weir.wire.Transport;
import dev.weir.wire.WireLoops;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// How many unary calls per second the same generated stub makes over wire and over gRPC's own
/// HTTP/2 transport, in turns: `StubBench BYTES IN_FLIGHT SECONDS ROUNDS [EXECUTOR]`. One
/// connection, one loop per end, direct executors, or one of virtual threads. Not a test; prints
/// one line per round and the ratio of the medians.
final class StubBench {
  private final SimpleRequest request;
  private final int inFlight;
  private final int seconds;

  private StubBench(int bytes, int inFlight, int seconds) {
    this.request =
        SimpleRequest.newBuilder()
            .setPayload(Payload.newBuilder().setBody(ByteString.copyFrom(new byte[bytes])))
            .build();
    this.inFlight = inFlight;
    this.seconds = seconds;
  }

  public static void main(String[] args) throws Exception {
    StubBench bench =
        new StubBench(
            Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    int rounds = Integer.parseInt(args[3]);
    @Nullable Executor executor =
        args.length > 4 ? Executors.newVirtualThreadPerTaskExecutor() : null;
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    EventLoopGroup serving = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    EventLoopGroup calling = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try (WireLoops serverLoops = WireLoops.start("server", 1, Transport.EPOLL);
        WireLoops clientLoops = WireLoops.start("client", 1, Transport.EPOLL)) {
      Server wireServer =
          served(RpcServerBuilder.on(any).loops(serverLoops), executor)
              .addService(new Echo())
              .build()
              .start();
      ManagedChannel wire =
          called(
                  WireChannelBuilder.to("localhost", wireServer.getPort()).loops(clientLoops),
                  executor)
              .build();
      Server httpServer =
          served(
                  NettyServerBuilder.forAddress(any)
                      .bossEventLoopGroup(serving)
                      .workerEventLoopGroup(serving)
                      .channelType(EpollServerSocketChannel.class),
                  executor)
              .addService(new Echo())
              .build()
              .start();
      ManagedChannel http =
          called(
                  NettyChannelBuilder.forAddress("localhost", httpServer.getPort())
                      .eventLoopGroup(calling)
                      .channelType(EpollSocketChannel.class)
                      .usePlaintext()
                      .disableRetry(),
                  executor)
              .build();
      double[] wireRates = new double[rounds];
      double[] httpRates = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        wireRates[round] = bench.round("wire", wire);
        httpRates[round] = bench.round("http/2", http);
      }
      System.out.printf("median ratio %.2f%n", median(wireRates) / median(httpRates));
      wire.shutdownNow();
      http.shutdownNow();
      wireServer.shutdownNow();
      httpServer.shutdownNow();
    }
    var _ = serving.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    var _ = calling.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static <B extends ServerBuilder<B>> B served(B builder, @Nullable Executor executor) {
    return executor == null ? builder.directExecutor() : builder.executor(executor);
  }

  private static <B extends ManagedChannelBuilder<B>> B called(
      B builder, @Nullable Executor executor) {
    return executor == null ? builder.directExecutor() : builder.executor(executor);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private double round(String name, ManagedChannel channel) throws InterruptedException {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getTotalThreadAllocatedBytes();
    long start = System.nanoTime();
    Round round = new Round(TestServiceGrpc.newStub(channel), start + seconds * 1_000_000_000L);
    for (int i = 0; i < inFlight; i++) {
      round.call();
    }
    round.done.await();
    double elapsed = (System.nanoTime() - start) / 1e9;
    long count = round.calls.get();
    System.out.printf(
        "%-6s %d in flight: %,.0f calls/s, %,d B allocated per call, %d failed%n",
        name,
        inFlight,
        count / elapsed,
        (threads.getTotalThreadAllocatedBytes() - allocated) / Math.max(1, count),
        round.failures.get());
    return count / elapsed;
  }

  private final class Round {
    private final TestServiceGrpc.TestServiceStub stub;
    private final long endNanos;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final CountDownLatch done = new CountDownLatch(inFlight);

    Round(TestServiceGrpc.TestServiceStub stub, long endNanos) {
      this.stub = stub;
      this.endNanos = endNanos;
    }

    void call() {
      if (System.nanoTime() - endNanos >= 0) {
        done.countDown();
        return;
      }
      stub.unaryCall(
          request,
          new StreamObserver<SimpleResponse>() {
            @Override
            public void onNext(SimpleResponse reply) {
              calls.incrementAndGet();
            }

            @Override
            public void onError(Throwable fault) {
              failures.incrementAndGet();
              done.countDown();
            }

            @Override
            public void onCompleted() {
              call();
            }
          });
    }
  }

  /// Answers each call with its payload.
  private static final class Echo extends TestServiceGrpc.TestServiceImplBase {
    @Override
    public void unaryCall(SimpleRequest call, StreamObserver<SimpleResponse> reply) {
      reply.onNext(SimpleResponse.newBuilder().setPayload(call.getPayload()).build());
      reply.onCompleted();
    }
  }
}
