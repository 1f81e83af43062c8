package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.WeirException;
import dev.weir.testkit.ManualClock;
import dev.weir.wire.FloodGuard.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Frames that cost their sender nothing. The server's clock stands still.
final class FloodTest {
  private static final String HELLO_AND_OPEN =
      """
      57454952 0100 0000
      00000006 01 00 0040 00000000 00000000  0001 0002 0100
      00000007 10 80 0040 00000001 00000000  0004 6563686f 00
      """;

  private final ManualClock clock = new ManualClock();
  private final TestEnds ends =
      new TestEnds(Transport.best(), standing(WireContext.of("server")), WireContext.of("client"))
          .serve("echo", _ -> new Echo());

  private WireContext standing(WireContext context) {
    return new WireContext(
        context.nodeId(),
        context.limits(),
        context.budget(),
        context.counters(),
        clock,
        context.features(),
        context.security());
  }

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void takesSoManyOfAKindInASecond(Kind kind) {
    FloodGuard guard = new FloodGuard(clock.nanoTime());
    for (int second = 0; second < 3; second++) {
      for (int i = 0; i < kind.perSecond(); i++) {
        guard.count(kind, clock.nanoTime());
      }
      clock.advance(Duration.ofSeconds(1));
    }
    for (int i = 0; i < kind.perSecond(); i++) {
      guard.count(kind, clock.nanoTime());
    }

    assertThatThrownBy(() -> guard.count(kind, clock.nanoTime()))
        .isInstanceOf(WeirException.class)
        .hasMessage(
            "More than %d frames of the kind %s came within a second.", kind.perSecond(), kind);
  }

  @Test
  void endsAConnectionThatPingsTooMuch() throws IOException {
    assertFlood(
        "00000008 22 00 0040 00000000 00000000 0000000000000001\n", Kind.PING.perSecond() + 1);
  }

  @Test
  void endsAConnectionThatOpensAndResets() throws IOException {
    StringBuilder hex = new StringBuilder();
    IntStream.rangeClosed(1, Kind.RESET.perSecond() + 1)
        .map(i -> 2 * i + 1)
        .forEach(sid -> hex.append(openAndReset(sid)));
    assertFlood(hex.toString(), 1);
  }

  private static String openAndReset(int sid) {
    String number = "%08x".formatted(sid);
    return "00000007 10 80 0040 "
        + number
        + " 00000000  0004 6563686f 00\n"
        + "00000000 16 00 0040 "
        + number
        + " 00000000\n";
  }

  @Test
  void endsAConnectionThatGrantsNothingAllTheTime() throws IOException {
    assertFlood(
        "00000008 20 00 0040 00000001 00000000 0000000000000001\n", Kind.CREDIT.perSecond() + 1);
  }

  @Test
  void endsAConnectionThatSendsWhatIsSkipped() throws IOException {
    assertFlood("00000000 80 00 0040 00000000 00000000\n", Kind.IDLE.perSecond() + 1);
  }

  @Test
  void endsAConnectionThatAuthenticatesAllTheTime() throws IOException {
    assertFlood("00000000 03 00 0040 00000000 00000000\n", Kind.SETTINGS.perSecond() + 1);
  }

  @Test
  void takesNoSettings() throws IOException {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(HELLO_AND_OPEN + "00000000 05 00 0040 00000000 00000000\n");

      assertThat(peer.isClosed()).isTrue();
    }
    eventually("it is counted", () -> ends.serverContext.counters().peerFaults() == 1);
  }

  private void assertFlood(String hex, int times) throws IOException {
    try (RawPeer peer = new RawPeer(ends.address())) {
      Thread reading = Thread.ofVirtual().start(peer::isClosed);
      peer.writeHex(HELLO_AND_OPEN);
      byte[] bytes = RawPeer.hex(hex);
      try {
        for (int i = 0; i < times; i++) {
          peer.write(bytes);
        }
      } catch (IOException e) {
        assertThat(ends.serverContext.counters().floods()).isEqualTo(1);
      }

      eventually("it is closed", () -> !reading.isAlive());
      eventually("it is counted", () -> ends.serverContext.counters().floods() == 1);
      assertThat(ends.serverContext.counters().peerFaults()).isEqualTo(1);
    }
  }
}
