package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.base.Clock;
import dev.weir.flow.Backoff;
import dev.weir.message.BatchSource;
import dev.weir.proto.Bye;
import dev.weir.proto.DataSinkGrpc;
import dev.weir.proto.Heartbeat;
import dev.weir.proto.Hello;
import dev.weir.proto.LaneState;
import dev.weir.proto.Request;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Bytes that are no conversation.
final class GarbageTest {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final MemoryStore store = new MemoryStore(1_000);
  private final TestCore core = TestCore.start(LinkServerConfig.of("core-1"), store, Clock.SYSTEM);

  @AfterEach
  void close() {
    assertStillServes();
    core.close();
    store.close();
  }

  private void assertStillServes() {
    MemoryLane lane = new MemoryLane(0);
    lane.add("t", "still here");
    LinkClientConfig config =
        LinkClientConfig.of(List.of(core.uri()), new BatchSource("after", 1))
            .withBackoff(new Backoff(1_000_000, 20_000_000));
    try (LinkClient client =
        LinkClient.start(
            config, List.of(lane), Clock.SYSTEM, new SplittableRandom(1), LinkListener.NONE)) {
      eventually("it still serves", lane::isSettled);
      assertThat(client.stats().reconnects()).isZero();
    }
    assertThat(core.link().stats().queuedBytes()).isZero();
  }

  @Test
  void survivesRandomBytesOnThePort() {
    RandomGenerator random = Seeds.random("GarbageTest.bytes");
    int closedFirst = 0;
    for (int round = 0; round < 60; round++) {
      byte[] bytes = new byte[random.nextInt(1, 4_000)];
      random.nextBytes(bytes);
      boolean hasPreface = random.nextBoolean();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), core.port())) {
        OutputStream out = socket.getOutputStream();
        if (hasPreface) {
          out.write(PREFACE);
        }
        out.write(bytes);
        out.flush();
      } catch (IOException e) {
        closedFirst++; // The core did not wait for the end.
      }
    }
    assertThat(closedFirst).isLessThan(60);
  }

  @Test
  void refusesAMessageForItsLengthAlone() {
    try (RawBytes stream = new RawBytes(core.port())) {
      stream.sendMessage(new byte[GrpcTransport.MAX_MESSAGE_BYTES + 1]);
      eventually("the end", () -> stream.end() != null);
      assertThat(stream.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
  }

  @Test
  void endsAStreamWhoseRequestDoesNotParse() {
    try (RawBytes stream = new RawBytes(core.port())) {
      stream.sendMessage(ByteBuffer.allocate(8).putInt(0xffff_ffff).array());
      eventually("the end", () -> stream.end() != null);
      assertThat(stream.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      Status end = stream.end();
      assertThat(end == null ? "" : end.getDescription()).startsWith("WEIR-7002");
    }
  }

  @Test
  void answersMutatedRequestsWithoutAFaultOfItsOwn() {
    RandomGenerator random = Seeds.random("GarbageTest.mutations");
    ByteMutator mutator = new ByteMutator(random, corpus());
    for (int round = 1; round <= 100; round++) {
      try (RawBytes stream = new RawBytes(core.port())) {
        if (random.nextInt(4) > 0) {
          stream.sendMessage(hello(round).toByteArray());
        }
        for (int i = 0; i < 4; i++) {
          stream.sendMessage(mutator.next());
        }
        stream.complete();
        eventually("the end", () -> stream.end() != null);
        assertThat(stream.code()).isNotIn(Status.Code.UNKNOWN, Status.Code.INTERNAL);
      }
    }
    eventually("nothing is queued", () -> core.link().stats().queuedBytes() == 0);
  }

  private static Request hello(long incarnation) {
    LaneState lane = LaneState.newBuilder().setFirstUnacked(1).setNextSequence(1).build();
    return Request.newBuilder()
        .setVersion(2)
        .setHello(Hello.newBuilder().setAgent("x").setIncarnation(incarnation).addLanes(lane))
        .build();
  }

  private static List<byte[]> corpus() {
    Request.Builder request = Request.newBuilder().setVersion(2);
    return List.of(
        FrameCodec.encode(0, 1, MemoryLane.batch("t", "body")).toByteArray(),
        FrameCodec.encode(0, 2, null).toByteArray(),
        hello(99).toByteArray(),
        request
            .setHeartbeat(Heartbeat.newBuilder().setNonce(1).setReceivedBytes(10))
            .build()
            .toByteArray(),
        request.setBye(Bye.newBuilder().setReason("done")).build().toByteArray(),
        request
            .setMessageId(ByteString.copyFromUtf8("1"))
            .setPlainMessage(ByteString.copyFromUtf8("x"))
            .build()
            .toByteArray());
  }

  /// A call whose messages are any bytes.
  private static final class RawBytes implements AutoCloseable {
    private final GrpcTransport transport = GrpcTransport.start("test-bytes", 1);
    private final ManagedChannel channel;
    private final AtomicReference<@Nullable Status> end = new AtomicReference<>();
    private final StreamObserver<byte[]> requests;

    RawBytes(int port) {
      channel = transport.channel("127.0.0.1", port).build();
      MethodDescriptor<byte[], byte[]> method =
          DataSinkGrpc.getSendMethod().toBuilder(new AnyBytes(), new AnyBytes()).build();
      requests =
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(method, CallOptions.DEFAULT),
              new StreamObserver<byte[]>() {
                @Override
                public void onNext(byte[] response) {
                  // Only the end is looked at.
                }

                @Override
                public void onError(Throwable failure) {
                  end.set(Status.fromThrowable(failure));
                }

                @Override
                public void onCompleted() {
                  end.set(Status.OK);
                }
              });
    }

    void sendMessage(byte[] bytes) {
      requests.onNext(bytes);
    }

    void complete() {
      requests.onCompleted();
    }

    @Nullable Status end() {
      return end.get();
    }

    Status.Code code() {
      Status status = end.get();
      return status == null ? Status.Code.OK : status.getCode();
    }

    @Override
    public void close() {
      channel.shutdownNow();
      transport.close();
    }
  }

  private static final class AnyBytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
