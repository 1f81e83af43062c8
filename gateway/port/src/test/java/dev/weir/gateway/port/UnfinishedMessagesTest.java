package dev.weir.gateway.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class UnfinishedMessagesTest {
  private static final int MAX_BYTES = 1 << 20;

  private final UnfinishedMessages unfinished = new UnfinishedMessages(MAX_BYTES);
  private @Nullable Server server;
  private @Nullable ManagedChannel channel;

  private ServerStreamTracer call() {
    return unfinished.newServerStreamTracer("a/b", new Metadata());
  }

  private static void refused(ServerStreamTracer call, long bytes) {
    assertThatThrownBy(() -> call.inboundWireSize(bytes))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
              assertThat(e.getStatus().getDescription()).startsWith("WEIR-6003");
            });
  }

  @Test
  void countsWhatIsBeyondTheFreePart() {
    ServerStreamTracer call = call();
    call.inboundWireSize(64 << 10);
    assertThat(unfinished.heldBytes()).isZero();
    call.inboundWireSize(1_000);
    call.inboundWireSize(500);
    assertThat(unfinished.heldBytes()).isEqualTo(1_500);

    call.inboundMessageRead(0, 0, 0);
    assertThat(unfinished.heldBytes()).isZero();
    call.inboundWireSize(64 << 10);
    assertThat(unfinished.heldBytes()).isZero();
  }

  @Test
  void refusesTheCallThatAsksForTooMuch() {
    ServerStreamTracer first = call();
    ServerStreamTracer second = call();
    first.inboundWireSize((64 << 10) + MAX_BYTES);
    second.inboundWireSize(64 << 10);

    refused(second, 1);
    second.streamClosed(Status.CANCELLED);
    second.streamClosed(Status.CANCELLED);
    assertThat(unfinished.heldBytes()).isEqualTo(MAX_BYTES);
    assertThat(unfinished.refused()).isEqualTo(1);
    first.streamClosed(Status.OK);
    assertThat(unfinished.heldBytes()).isZero();
  }

  @AfterEach
  void close() {
    if (channel != null && server != null) {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  private ManagedChannel start() throws IOException {
    Server started =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .maxInboundMessageSize(8 << 20)
            .addStreamTracerFactory(unfinished)
            .addService(Echo.SERVICE)
            .build()
            .start();
    ManagedChannel opened =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), started.getPort()))
            .usePlaintext()
            .maxInboundMessageSize(8 << 20)
            .build();
    server = started;
    channel = opened;
    return opened;
  }

  private static byte[] echo(ManagedChannel over, int bytes) {
    ClientCall<byte[], byte[]> call = over.newCall(Echo.METHOD, CallOptions.DEFAULT);
    return ClientCalls.blockingUnaryCall(call, new byte[bytes]);
  }

  /// What is relied on: gRPC tells a tracer as the bytes come, and ends the stream with what that
  /// throws, and the stream alone.
  @Test
  void endsTheCallAloneOverARealTransport() throws IOException {
    ManagedChannel over = start();
    assertThat(echo(over, 1_000_000)).hasSize(1_000_000);

    assertThatThrownBy(() -> echo(over, 4 << 20))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e ->
                assertThat(e.getStatus().getCode())
                    .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED));

    assertThat(echo(over, 1_000_000)).hasSize(1_000_000);
    assertThat(unfinished.refused()).isEqualTo(1);
    assertThat(unfinished.heldBytes()).isZero();
  }
}
