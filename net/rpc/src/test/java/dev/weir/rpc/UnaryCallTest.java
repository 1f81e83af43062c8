package dev.weir.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.wire.StreamMachine;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnaryCallTest {
  private static final Metadata.Key<String> TEXT =
      Metadata.Key.of("x-text", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> BINARY =
      Metadata.Key.of("x-raw-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /// Small enough for a shared stream, and not.
  private static final int SMALL = 64;

  private static final int LARGE = 3 << 20;

  private final RpcEnds ends = new RpcEnds();

  @AfterEach
  void close() throws Exception {
    ends.close();
  }

  private static byte[] call(WireChannel channel, byte[] message) {
    return ClientCalls.blockingUnaryCall(channel, ByteMethods.UNARY, CallOptions.DEFAULT, message);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, SMALL, UnaryBody.MAX_SHARED_BYTES, LARGE})
  void bringsAMessageThereAndBack(int bytes) throws Exception {
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, Handling.echo()));

    byte[] reply = call(ends.channel(), ByteMethods.filled(bytes, 7));

    assertThat(reply).isEqualTo(ByteMethods.filled(bytes, 7));
  }

  @Test
  void sharesOneStreamBetweenCalls() throws Exception {
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, Handling.echo()));
    WireChannel channel = ends.channel();

    for (int i = 0; i < 50; i++) {
      call(channel, ByteMethods.filled(i, i));
    }

    assertThat(openedStreams()).isEqualTo(1);
  }

  private long openedStreams() {
    return ends.clientContext
        .counters()
        .cells()
        .total(StreamMachine.Event.OPENED, StreamMachine.State.IDLE);
  }

  @Test
  void answersAThousandCallsAtOnce() throws Exception {
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, Handling.echo()));
    WireChannel channel = ends.channel();

    List<Future<byte[]>> replies = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1000; i++) {
        byte[] message = ByteMethods.filled(8 + i % 100, i);
        replies.add(callers.submit(() -> call(channel, message)));
      }
    }

    for (int i = 0; i < 1000; i++) {
      assertThat(replies.get(i).get()).isEqualTo(ByteMethods.filled(8 + i % 100, i));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void carriesMetadataBothWays(int bytes) throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, handling));
    Metadata sent = new Metadata();
    sent.put(TEXT, "one");
    sent.put(TEXT, "two");
    sent.put(BINARY, new byte[] {0, -1, 10, 44});

    Heard heard = start(ends.channel(), sent, bytes);
    Handling.Served served = handling.next();
    Metadata headers = new Metadata();
    headers.put(BINARY, new byte[] {1});
    Metadata trailers = new Metadata();
    trailers.put(TEXT, "end");
    trailers.put(BINARY, new byte[] {2, 0});
    served.call.sendHeaders(headers);
    served.call.sendMessage(new byte[] {9});
    served.call.close(Status.OK, trailers);

    assertThat(heard.await().isOk()).isTrue();
    assertThat(served.headers.getAll(TEXT)).containsExactly("one", "two");
    assertThat(served.headers.get(BINARY)).containsExactly(0, -1, 10, 44);
    assertThat(heard.headers().get(BINARY)).containsExactly(1);
    assertThat(heard.messages).containsExactly(new byte[] {9});
    assertThat(heard.trailers().get(TEXT)).isEqualTo("end");
    assertThat(heard.trailers().get(BINARY)).containsExactly(2, 0);
    assertThat(served.isComplete.await(20, TimeUnit.SECONDS)).isTrue();
  }

  private static Heard start(WireChannel channel, Metadata headers, int bytes) {
    Heard heard = new Heard();
    ClientCall<byte[], byte[]> call = channel.newCall(ByteMethods.UNARY, CallOptions.DEFAULT);
    call.start(heard, headers);
    call.request(2);
    call.sendMessage(new byte[bytes]);
    call.halfClose();
    return heard;
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void carriesAFailureWithItsTextAndTrailers(int bytes) throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, handling));

    Heard heard = start(ends.channel(), new Metadata(), bytes);
    Metadata trailers = new Metadata();
    trailers.put(TEXT, "why");
    handling.next().call.close(Status.ABORTED.withDescription("no, \u00e9 \u2603"), trailers);

    Status status = heard.await();
    assertThat(status.getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(status.getDescription()).isEqualTo("no, \u00e9 \u2603");
    assertThat(heard.trailers().get(TEXT)).isEqualTo("why");
    assertThat(heard.messages).isEmpty();
  }

  @Test
  void refusesAMethodThatNobodyServes() throws Exception {
    ends.serve(ByteMethods.serving(ByteMethods.BIDI, Handling.echo()));
    WireChannel channel = ends.channel();

    assertThat(codeOf(() -> call(channel, new byte[SMALL]))).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(codeOf(() -> call(channel, new byte[LARGE]))).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  private static Status.Code codeOf(Runnable call) {
    Status.Code[] code = new Status.Code[1];
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> code[0] = e.getStatus().getCode());
    return code[0];
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void refusesAMessageThatIsTooLargeForTheServer(int bytes) throws Exception {
    ends.serve(
        ends.serverBuilder()
            .maxInboundMessageSize(bytes - 1)
            .addService(ByteMethods.serving(ByteMethods.UNARY, Handling.echo())));
    WireChannel channel = ends.channel();

    assertThat(codeOf(() -> call(channel, new byte[bytes])))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(call(channel, new byte[1])).hasSize(1);
  }

  @Test
  void refusesAMessageThatIsTooLargeForTheClient() throws Exception {
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, Handling.echo()));
    WireChannel channel = ends.channel(ends.channelBuilder().maxInboundMessageSize(SMALL - 1));

    assertThat(codeOf(() -> call(channel, new byte[SMALL])))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(call(channel, new byte[1])).hasSize(1);
  }

  @Test
  void refusesMetadataThatIsTooLarge() throws Exception {
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, Handling.echo()));
    Metadata much = new Metadata();
    much.put(TEXT, "x".repeat(70_000));

    Heard heard = start(ends.channel(), much, SMALL);

    assertThat(heard.await().getCode()).isNotEqualTo(Status.Code.OK);
    assertThat(heard.closes).hasValue(1);
  }

  @Test
  void answersUnknownForAHandlerThatThrows() throws Exception {
    ends.serve(
        ByteMethods.serving(
            ByteMethods.UNARY,
            (_, _) -> {
              throw new IllegalStateException("a bug of the test's handler");
            }));

    assertThat(codeOf(() -> call(ends.channel(), new byte[SMALL]))).isEqualTo(Status.Code.UNKNOWN);
  }
}
