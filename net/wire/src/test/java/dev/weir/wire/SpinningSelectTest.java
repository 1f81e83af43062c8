package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.ManualClock;
import io.netty.channel.SelectStrategy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SpinningSelectTest {
  @Test
  void looksAgainForAWhileAndThenLetsTheThreadSleep() throws Exception {
    ManualClock clock = new ManualClock();
    SelectStrategy strategy = SpinningSelect.of(Duration.ofMillis(2), clock).newSelectStrategy();

    assertThat(strategy.calculateStrategy(() -> 3, false)).isEqualTo(3);
    assertThat(strategy.calculateStrategy(() -> 0, false)).isEqualTo(SelectStrategy.CONTINUE);
    clock.advanceMillis(1);
    assertThat(strategy.calculateStrategy(() -> 0, true)).as("tasks wait").isZero();
    clock.advanceMillis(1);
    assertThat(strategy.calculateStrategy(() -> 0, false)).isEqualTo(SelectStrategy.CONTINUE);
    clock.advanceMillis(1);
    assertThat(strategy.calculateStrategy(() -> 0, false)).isEqualTo(SelectStrategy.SELECT);
    assertThat(strategy.calculateStrategy(() -> 1, false)).isOne();
    assertThat(strategy.calculateStrategy(() -> 0, false)).isEqualTo(SelectStrategy.CONTINUE);
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  void callsAreAnsweredAndTimersRunOnSpinningLoops(Transport transport) throws Exception {
    if (!transport.isAvailable()) {
      return;
    }
    Recorder client = new Recorder();
    CountDownLatch timer = new CountDownLatch(1);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (WireLoops loops = WireLoops.start("spin", 2, transport, Duration.ofMillis(1));
        WireServer server = WireServer.start(loops, WireContext.of("server"), any, Echo::new)) {
      WireConnection connection =
          new WireConnector(loops, WireContext.of("client"))
              .connect(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                  new ConnectionHandler() {})
              .toCompletableFuture()
              .get();
      WireStream stream = connection.open(OpenRequest.of("echo"), client);
      for (int i = 1; i <= 3; i++) {
        int count = i;
        stream.call(io.netty.buffer.Unpooled.copyInt(i), client);
        eventually("a reply", () -> client.messages.get() == count);
      }
      var _ = loops.timers().schedule(timer::countDown, 20, TimeUnit.MILLISECONDS);

      assertThat(timer.await(10, TimeUnit.SECONDS)).isTrue();
      connection.close();
    }
  }

  @Test
  void saysThatIoUringCannotSpin() {
    assertThatThrownBy(() -> Transport.IO_URING.factory(Duration.ofMillis(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("IO_URING");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 100_000_001})
  void refusesASpinOutOfRange(long nanos) {
    assertThatThrownBy(() -> SpinningSelect.of(Duration.ofNanos(nanos)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected above 0");
  }
}
