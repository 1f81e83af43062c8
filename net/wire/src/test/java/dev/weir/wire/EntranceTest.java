package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Servers with something in front of them.
final class EntranceTest {
  private static final InetSocketAddress ANNOUNCED = new InetSocketAddress("192.0.2.7", 12_345);

  private final Recorder client = new Recorder();
  private final AtomicInteger arrived = new AtomicInteger();
  private TestEnds ends = new TestEnds();

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  private void start(WireEntrance entrance) {
    ends.close();
    ends =
        new TestEnds(
                Transport.best(),
                WireContext.of("server").with(WireSecurity.NONE.with(entrance)),
                WireContext.of("client"))
            .serve("echo", _ -> new Echo());
  }

  @Test
  void servesWhoIsLetInUnderTheAddressThatItIsTold() throws Exception {
    start((_, onward) -> onward.accept(ANNOUNCED));

    WireStream stream = ends.connect().open(OpenRequest.of("echo"), client);
    var _ = stream.call(io.netty.buffer.Unpooled.buffer(1).writeByte('x'), -1, client);

    eventually("the answer", () -> client.events.contains("reply x"));
    assertThat(ends.accepted.getFirst().remoteAddress()).isEqualTo(ANNOUNCED);
    assertThat(ends.server.connectionCount()).isEqualTo(1);
  }

  @Test
  void servesNobodyWhomItsEntranceCloses() throws IOException {
    start((channel, _) -> {
      var _ = channel.close();
    });

    try (RawPeer peer = new RawPeer(ends.address())) {
      assertThat(peer.isClosed()).isTrue();
    }
    assertThat(ends.accepted).isEmpty();
    assertThat(ends.server.connectionCount()).isZero();
  }

  @Test
  void waitsForNobodyWhoIsStillAtTheEntrance() throws Exception {
    start((_, _) -> arrived.incrementAndGet());
    try (RawPeer peer = new RawPeer(ends.address())) {
      eventually("it has come", () -> arrived.get() == 1);
      assertThat(ends.server.connectionCount()).isZero();

      assertThat(ends.server.drain(Duration.ofSeconds(30))).succeedsWithin(Duration.ofSeconds(10));
      ends.server.close();

      assertThat(peer.isClosed()).isTrue();
    }
  }
}
