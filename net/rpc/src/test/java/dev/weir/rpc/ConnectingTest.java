package dev.weir.rpc;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A channel's connection: made, lost, made again, drained and shut down.
final class ConnectingTest {
  private final RpcEnds ends = new RpcEnds();

  @AfterEach
  void close() throws Exception {
    ends.close();
  }

  private static Heard call(WireChannel channel, CallOptions options) {
    Heard heard = new Heard();
    ClientCall<byte[], byte[]> call = channel.newCall(ByteMethods.UNARY, options);
    call.start(heard, new Metadata());
    call.request(2);
    call.sendMessage(new byte[3]);
    call.halfClose();
    return heard;
  }

  private static Heard call(WireChannel channel) {
    return call(channel, CallOptions.DEFAULT);
  }

  private RpcServer serveEcho() throws Exception {
    return ends.serve(ByteMethods.serving(ByteMethods.UNARY, Handling.echo()));
  }

  @Test
  void failsWhenNobodyListens() throws Exception {
    ends.reserve();

    Status status = call(ends.channel()).await();

    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription()).contains("No connection to");
  }

  @Test
  void waitsForAServerWhenAskedTo() throws Exception {
    ends.reserve();
    WireChannel channel = ends.channel();
    Heard patient = call(channel, CallOptions.DEFAULT.withWaitForReady());
    assertThat(call(channel).await().getCode()).isEqualTo(Status.Code.UNAVAILABLE);

    serveEcho();

    assertThat(patient.await().isOk()).isTrue();
  }

  @Test
  void expiresWhileItWaits() throws Exception {
    ends.reserve();

    Heard heard =
        call(
            ends.channel(),
            CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(50, TimeUnit.MILLISECONDS));

    assertThat(heard.await().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void failsWhatWasUnderWayAndConnectsAgain() throws Exception {
    Handling handling = Handling.byHand();
    RpcServer first = ends.serve(ByteMethods.serving(ByteMethods.UNARY, handling));
    WireChannel channel = ends.channel();
    Heard lost = call(channel);
    Handling.Served served = handling.next();

    first.shutdownNow();

    assertThat(lost.await().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(served.isCancelled.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(first.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    serveEcho();
    assertThat(call(channel, CallOptions.DEFAULT.withWaitForReady()).await().isOk()).isTrue();
  }

  @Test
  void drainsAServer() throws Exception {
    Handling handling = Handling.byHand();
    RpcServer server = ends.serve(ByteMethods.serving(ByteMethods.UNARY, handling));
    WireChannel channel = ends.channel();
    Heard early = call(channel);
    Handling.Served served = handling.next();

    server.shutdown();
    assertThat(call(channel).await().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(server.isTerminated()).isFalse();
    served.answer(new byte[] {5});

    assertThat(early.await().isOk()).isTrue();
    assertThat(early.messages).containsExactly(new byte[] {5});
    assertThat(server.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(handling.started).hasValue(1);
  }

  @Test
  void movesToTheNextServerWhileTheOldOneDrains() throws Exception {
    Handling handling = Handling.byHand();
    RpcServer old = ends.serve(ByteMethods.serving(ByteMethods.UNARY, handling));
    WireChannel channel = ends.channel();
    Heard early = call(channel);
    Handling.Served served = handling.next();
    old.shutdown();
    serveEcho();

    Heard late = call(channel, CallOptions.DEFAULT.withWaitForReady());

    assertThat(late.await().isOk()).isTrue();
    served.answer(new byte[] {5});
    assertThat(early.await().isOk()).isTrue();
    assertThat(old.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void finishesWhatWasBegunBeforeItsShutdown() throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, handling));
    WireChannel channel = ends.channel();
    Heard begun = call(channel);
    Handling.Served served = handling.next();

    channel.shutdown();
    assertThat(call(channel).await().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(channel.isTerminated()).isFalse();
    served.answer(new byte[0]);

    assertThat(begun.await().isOk()).isTrue();
    assertThat(channel.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void failsWhatWasBegunAtItsShutdownNow() throws Exception {
    Handling handling = Handling.byHand();
    ends.serve(ByteMethods.serving(ByteMethods.UNARY, handling));
    WireChannel channel = ends.channel();
    Heard begun = call(channel);
    handling.next();

    channel.shutdownNow();

    assertThat(begun.await().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(channel.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void tellsItsState() throws Exception {
    serveEcho();
    WireChannel channel = ends.channel();
    CountDownLatch changed = new CountDownLatch(1);
    channel.notifyWhenStateChanged(ConnectivityState.IDLE, changed::countDown);
    assertThat(channel.getState(false)).isEqualTo(ConnectivityState.IDLE);

    channel.getState(true);

    eventually("it is ready", () -> channel.getState(false) == ConnectivityState.READY);
    assertThat(changed.await(20, TimeUnit.SECONDS)).isTrue();
    channel.shutdown();
    eventually("it is shut down", () -> channel.getState(false) == ConnectivityState.SHUTDOWN);
  }
}
