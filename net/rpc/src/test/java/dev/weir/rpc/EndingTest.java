package dev.weir.rpc;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How calls end before their time: deadlines and cancellation, on either end.
final class EndingTest {
  /// A call on a shared stream, and one on its own.
  enum Kind {
    SHARED,
    OWN;

    private MethodDescriptor<byte[], byte[]> method() {
      return switch (this) {
        case SHARED -> ByteMethods.UNARY;
        case OWN -> ByteMethods.BIDI;
      };
    }
  }

  private final RpcEnds ends = new RpcEnds();

  @AfterEach
  void close() throws Exception {
    ends.close();
  }

  private static ClientCall<byte[], byte[]> start(
      WireChannel channel, Kind kind, CallOptions options, Heard heard) {
    ClientCall<byte[], byte[]> call = channel.newCall(kind.method(), options);
    call.start(heard, new Metadata());
    call.request(2);
    call.sendMessage(new byte[16]);
    call.halfClose();
    return call;
  }

  @ParameterizedTest
  @EnumSource
  void expiresOnBothEnds(Kind kind) throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(kind.method(), handling));
    WireChannel channel = ends.channel();
    Heard first = new Heard();
    start(channel, kind, CallOptions.DEFAULT, first);
    handling.next().answer(new byte[0]);
    first.await();

    Heard heard = new Heard();
    start(channel, kind, CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS), heard);

    Status status = heard.await();
    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(status.getDescription()).startsWith("CallOptions deadline exceeded after 0.");
    eventually(
        "the server's call is over", () -> handling.cancelled.get() == handling.started.get() - 1);
  }

  @ParameterizedTest
  @EnumSource
  void tellsTheServerWhatIsLeft(Kind kind) throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(kind.method(), handling));
    Heard heard = new Heard();

    start(ends.channel(), kind, CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS), heard);
    Handling.Served served = handling.next();

    assertThat(Objects.requireNonNull(served.context.getDeadline()).timeRemaining(TimeUnit.MINUTES))
        .isBetween(50L, 60L);
    assertThat(Timeouts.nanos(Objects.requireNonNull(served.headers.get(MetadataCodec.TIMEOUT))))
        .isBetween(TimeUnit.MINUTES.toNanos(50), TimeUnit.MINUTES.toNanos(60));
    served.answer(new byte[0]);
    assertThat(heard.await().isOk()).isTrue();
    eventually("the context is over", served.context::isCancelled);
  }

  @Test
  void tellsTheServerOfADeadlineBeyondTheWires() throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, handling));
    Heard heard = new Heard();

    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.HOURS);
    start(ends.channel(), Kind.SHARED, options, heard);
    Handling.Served served = handling.next();

    assertThat(Objects.requireNonNull(served.context.getDeadline()).timeRemaining(TimeUnit.MINUTES))
        .isBetween(590L, 600L);
    served.answer(new byte[0]);
    assertThat(heard.await().isOk()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void endsAtTheServerThoughTheClientWaits(Kind kind) throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(kind.method(), handling));
    Heard heard = new Heard();

    start(ends.channel(), kind, CallOptions.DEFAULT, heard);
    Handling.Served served = handling.next();
    served.call.close(Status.DEADLINE_EXCEEDED.withDescription("of another call"), new Metadata());

    Status status = heard.await();
    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(status.getDescription()).isEqualTo("of another call");
  }

  @ParameterizedTest
  @EnumSource
  void cancelsAtTheServerWithTheClient(Kind kind) throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(kind.method(), handling));
    Heard heard = new Heard();
    ClientCall<byte[], byte[]> call = start(ends.channel(), kind, CallOptions.DEFAULT, heard);
    Handling.Served served = handling.next();

    IllegalStateException cause = new IllegalStateException("enough");
    call.cancel("no longer wanted", cause);

    Status status = heard.await();
    assertThat(status.getCode()).isEqualTo(Status.Code.CANCELLED);
    assertThat(status.getDescription()).isEqualTo("no longer wanted");
    assertThat(status.getCause()).isSameAs(cause);
    assertThat(served.isCancelled.await(20, TimeUnit.SECONDS)).isTrue();
    eventually("the context is cancelled", served.context::isCancelled);
    assertThat(served.call.isCancelled()).isTrue();
    served.call.close(Status.OK, new Metadata());
  }

  @ParameterizedTest
  @EnumSource
  void cancelsWithItsContext(Kind kind) throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(kind.method(), handling));
    WireChannel channel = ends.channel();
    Heard heard = new Heard();
    Context.CancellableContext context = Context.ROOT.withCancellation();
    context.run(() -> start(channel, kind, CallOptions.DEFAULT, heard));
    Handling.Served served = handling.next();

    context.cancel(new IllegalStateException("enough"));

    assertThat(heard.await().getCode()).isEqualTo(Status.Code.CANCELLED);
    assertThat(served.isCancelled.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void endsEachCallOnceHoweverItIsCancelled(Kind kind) throws Exception {
    Handling handling = Handling.echo();
    ends.serve(ByteMethods.serving(kind.method(), handling));
    WireChannel channel = ends.channel();
    Random random = new Random(7);
    List<Heard> all = new ArrayList<>();

    for (int i = 0; i < 400; i++) {
      Heard heard = new Heard();
      all.add(heard);
      ClientCall<byte[], byte[]> call = start(channel, kind, CallOptions.DEFAULT, heard);
      switch (random.nextInt(3)) {
        case 0 -> call.cancel("at once", null);
        case 1 -> {
          Thread.onSpinWait();
          call.cancel("soon", null);
        }
        default -> Thread.ofVirtual().start(() -> call.cancel("somewhen", null));
      }
    }

    for (Heard heard : all) {
      assertThat(heard.await().getCode()).isIn(Status.Code.CANCELLED, Status.Code.OK);
      assertThat(heard.closes).hasValue(1);
    }
    eventually(
        "every call of the server has one end",
        () -> handling.completed.get() + handling.cancelled.get() == handling.started.get());
  }

  @Test
  void dropsALargeReplyThatNobodyWaitsFor() throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, handling));
    Heard heard = new Heard();
    ClientCall<byte[], byte[]> call =
        start(ends.channel(), Kind.SHARED, CallOptions.DEFAULT, heard);
    Handling.Served served = handling.next();
    served.call.sendHeaders(new Metadata());
    served.call.sendMessage(new byte[1 << 20]);

    call.cancel("no longer wanted", null);

    assertThat(heard.await().getCode()).isEqualTo(Status.Code.CANCELLED);
    assertThat(served.isCancelled.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void endsThoughItsTrailersDoNotFit(Kind kind) throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(kind.method(), handling));
    Heard heard = new Heard();
    start(ends.channel(), kind, CallOptions.DEFAULT, heard);
    Handling.Served served = handling.next();
    Metadata much = new Metadata();
    much.put(Metadata.Key.of("x-much", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(70_000));

    served.call.close(Status.NOT_FOUND, much);

    assertThat(heard.await().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @ParameterizedTest
  @EnumSource
  void letsGoOfACallWhoseExecutorWasShutDown(Kind kind) throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(kind.method(), handling));
    WireChannel channel = ends.channel();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    start(channel, kind, CallOptions.DEFAULT.withExecutor(executor), new Heard());
    Handling.Served served = handling.next();

    executor.shutdown();
    assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    served.answer(new byte[0]);
    channel.shutdown();

    assertThat(channel.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }
}
