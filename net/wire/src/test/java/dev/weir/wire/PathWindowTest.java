package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Windows over a path with a delay.
final class PathWindowTest {
  private static final ByteSize SMALL = ByteSize.ofKibibytes(64);

  private final Recorder client = new Recorder();
  private final Recorder server = new Recorder();

  @Test
  void growsWithWhatThePathHolds() throws Exception {
    WireLimits limits =
        WireLimits.STANDARD.withWindows(SMALL, SMALL).withMaxWindow(ByteSize.ofMebibytes(31));
    try (TestEnds ends = ends(limits);
        TestRelay relay = new TestRelay(ends.address(), Duration.ofMillis(5))) {
      WireStream stream = open(ends, relay);
      eventually("it is accepted", () -> !ends.accepted.isEmpty());
      WireConnection accepted = ends.accepted.getFirst();

      eventually(
          "the window follows",
          () -> {
            send(stream);
            return accepted.windowBytes() >= 512 << 10;
          });

      assertThat(accepted.roundTrip()).isGreaterThanOrEqualTo(Duration.ofMillis(10));
      stream.abort(WireStatus.of(StatusCode.CANCELLED, ""));
    }
  }

  @Test
  void staysWhereItIsFixed() throws Exception {
    try (TestEnds ends = ends(WireLimits.STANDARD.withWindows(SMALL, SMALL));
        TestRelay relay = new TestRelay(ends.address(), Duration.ofMillis(1))) {
      WireStream stream = open(ends, relay);

      eventually(
          "a few windows pass",
          () -> {
            send(stream);
            return server.bytes.get() > 1_000_000;
          });

      assertThat(ends.accepted.getFirst().windowBytes()).isEqualTo(SMALL.bytes());
      stream.abort(WireStatus.of(StatusCode.CANCELLED, ""));
    }
  }

  /// A connection may not grow beyond its share of what the process may hold.
  @Test
  void staysWithinItsShareOfTheBudget() throws Exception {
    WireLimits limits =
        WireLimits.STANDARD.withWindows(SMALL, SMALL).withMaxWindow(ByteSize.ofMebibytes(31));
    WireContext tight =
        WireContext.of("server").with(limits).with(new MemoryBudget(ByteSize.ofKibibytes(150)));
    try (TestEnds ends = new TestEnds(Transport.best(), tight, WireContext.of("client"));
        TestRelay relay = new TestRelay(ends.address(), Duration.ofMillis(5))) {
      ends.serve("sink", _ -> server);
      WireStream stream = open(ends, relay);

      eventually(
          "it grows that far",
          () -> {
            send(stream);
            return !ends.accepted.isEmpty() && ends.accepted.getFirst().windowBytes() == 150 << 10;
          });
      stream.abort(WireStatus.of(StatusCode.CANCELLED, ""));
    }
  }

  private TestEnds ends(WireLimits limits) {
    return new TestEnds(
            Transport.best(), WireContext.of("server").with(limits), WireContext.of("client"))
        .serve("sink", _ -> server);
  }

  private WireStream open(TestEnds ends, TestRelay relay) throws Exception {
    return ends.connector
        .connect(relay.address(), new ConnectionHandler() {})
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .open(OpenRequest.of("sink"), client);
  }

  private static void send(WireStream stream) {
    for (int i = 0; i < 100 && stream.isReady(); i++) {
      stream.send(Unpooled.wrappedBuffer(new byte[16 << 10]));
    }
  }
}
