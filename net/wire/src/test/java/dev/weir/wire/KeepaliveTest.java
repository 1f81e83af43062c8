package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Peers that live and do not move. Intervals are an hour long and ended by the test.
final class KeepaliveTest {
  private static final String HELLO_AND_OPEN =
      """
      57454952 0100 0000
      00000006 01 00 0040 00000000 00000000  0001 0002 0100
      00000007 10 80 0040 00000001 00000000  0004 686f6c64 00
      """;

  private static final WireLimits BY_HAND =
      WireLimits.STANDARD.withKeepalive(Duration.ofHours(1)).withHandshake(Duration.ofHours(1));

  private final TestEnds ends =
      new TestEnds(
          Transport.best(),
          WireContext.of("server").with(BY_HAND),
          WireContext.of("client").with(BY_HAND));
  private final Recorder client = new Recorder();
  private final Recorder server = new Recorder();
  private final List<WireStream> served = new CopyOnWriteArrayList<>();

  KeepaliveTest() {
    ends.serve(
        "hold",
        stream -> {
          served.add(stream);
          return server;
        });
  }

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  /// The client's bytes vanish on their way, the server's arrive: silence would never show.
  @Test
  void endsAConnectionWhoseOneDirectionStops() throws Exception {
    try (TestRelay relay = new TestRelay(ends.address(), Duration.ZERO)) {
      WireConnection connection = connect(relay);
      connection.open(OpenRequest.of("hold"), client);
      eventually("it is open", () -> served.size() == 1);
      tick(connection);
      relay.isUpStopped = true;

      for (int i = 1; connection.isOpen() && i < 10; i++) {
        int count = i;
        served.getFirst().send(WireStreamTest.text("still here"));
        eventually("it arrives", () -> client.messages.get() == count);
        tick(connection);
      }

      assertThat(connection.isOpen()).isFalse();
      assertThat(ends.clientEnds.getFirst().detail())
          .startsWith("WEIR-2005: The peer has received");
      assertThat(client.ends.getFirst().code()).isEqualTo(StatusCode.UNAVAILABLE);
      assertThat(ends.clientContext.counters().stalls()).isEqualTo(1);
    }
  }

  /// The server's answers vanish: it lives, but to the client it is silent.
  @Test
  void endsAConnectionWhoseAnswersDoNotArrive() throws Exception {
    try (TestRelay relay = new TestRelay(ends.address(), Duration.ZERO)) {
      WireConnection connection = connect(relay);
      WireStream stream = connection.open(OpenRequest.of("hold"), client);
      eventually("hello", () -> connection.agreement().isPresent());
      relay.isDownStopped = true;
      stream.call(WireStreamTest.text("anyone?"), client);
      eventually("the server has it", () -> server.messages.get() == 1);

      for (int i = 0; i < 4; i++) {
        tick(connection);
      }

      assertThat(connection.isOpen()).isFalse();
      assertThat(ends.clientEnds.getFirst().detail()).startsWith("WEIR-2003: Nothing came for");
      assertThat(client.ends).hasSize(2);
    }
  }

  @Test
  void leavesAQuietConnectionInPeace() throws Exception {
    WireConnection connection = ends.connect();
    connection.open(OpenRequest.of("hold"), client);
    eventually("it is open", () -> served.size() == 1);

    for (int i = 0; i < 10; i++) {
      long before = peerReceived(connection);
      tick(connection);
      eventually("the answer", () -> peerReceived(connection) > before);
    }

    assertThat(connection.isOpen()).isTrue();
    assertThat(ends.clientContext.counters().stalls()).isZero();
  }

  /// A peer answers every PING, but a message that it began does not go on: first the stream ends,
  /// then the connection, as it still says that it could send.
  @Test
  void endsAStalledStreamFirstAndThenItsConnection() throws Exception {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(HELLO_AND_OPEN);
      peer.writeHex("00000010 12 86 0040 00000001 00000001  000a 0004 0000000000000008 68656c6c");
      eventually("it is open", () -> served.size() == 1);
      WireConnection connection = ends.accepted.getFirst();
      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");

      int resetAfter = 0;
      int closedAfter = 0;
      for (int i = 1; closedAfter == 0 && i < 20; i++) {
        tick(connection);
        String frame = peer.readFrame();
        if (frame.startsWith("RESET 1 0 WEIR-2005: The peer began a message")) {
          resetAfter = i;
          frame = peer.readFrame();
        }
        if (frame.startsWith("GOAWAY 0 1 WEIR-2005: The peer has data and credit")) {
          closedAfter = i;
        } else {
          assertThat(frame).startsWith("PING");
          pong(peer, connection);
        }
      }

      assertThat(resetAfter).isPositive();
      assertThat(closedAfter).isEqualTo(resetAfter + 3);
      assertThat(ends.serverContext.counters().stalls()).isEqualTo(2);
      assertThat(server.ends.getFirst().isRetryable()).isTrue();
    }
  }

  /// Answers with the counters of a peer that has received everything and could send.
  private static void pong(RawPeer peer, WireConnection connection) throws IOException {
    peer.writeHex(
        """
        00000020 23 00 0040 00000000 00000000
        0000000000000000 3fffffffffffffff 3fffffffffffffff 0000000000000001
        """);
    eventually("it is read", () -> isHeard(connection));
  }

  private static boolean isHeard(WireConnection connection) {
    return connection.keepalive().isHeard();
  }

  private static long peerReceived(WireConnection connection) {
    return connection.keepalive().peerReceived();
  }

  private WireConnection connect(TestRelay relay) throws Exception {
    return ends.connector
        .connect(
            relay.address(),
            new ConnectionHandler() {
              @Override
              public void onClosed(WireConnection connection, WireStatus status) {
                ends.clientEnds.add(status);
              }
            })
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private static void tick(WireConnection connection) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    connection.onLoop(() -> {
      connection.keepalive().run();
      done.complete(null);
    });
    done.get(10, TimeUnit.SECONDS);
  }
}
