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

/// Giving connections up: nothing is lost, nothing is done twice.
final class DrainTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String HELLO =
      """
      57454952 0100 0000
      00000006 01 00 0040 00000000 00000000  0001 0002 0100
      """;
  private static final String OPEN_HOLD =
      "00000007 10 80 0040 00000001 00000000  0004 686f6c64 00\n";

  private final TestEnds ends = new TestEnds();
  private final Recorder client = new Recorder();
  private final Recorder server = new Recorder();
  private final List<WireStream> served = new CopyOnWriteArrayList<>();
  private final List<Duration> graces = new CopyOnWriteArrayList<>();

  DrainTest() {
    ends.serve(
        "hold",
        stream -> {
          served.add(stream);
          return server;
        });
    ends.serve("echo", _ -> new Echo());
  }

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  @Test
  void tellsTheClientFirstAndGoesOnServingIt() throws Exception {
    WireConnection connection = connect();
    WireStream stream = connection.open(OpenRequest.of("echo"), client);
    stream.call(WireStreamTest.text("before"), client);
    eventually("the first", () -> client.events.contains("reply before"));

    ends.accepted.getFirst().drain(LONG);
    eventually("the client hears of it", () -> graces.size() == 1);
    stream.call(WireStreamTest.text("after"), client);
    connection
        .open(OpenRequest.of("echo"), new Recorder())
        .call(WireStreamTest.text("new"), client);

    eventually("both", () -> client.events.contains("reply new"));
    assertThat(client.events).contains("reply after");
    assertThat(graces.getFirst()).isPositive().isLessThanOrEqualTo(LONG);
    assertThat(connection.isDraining()).isTrue();
    assertThat(ends.accepted.getFirst().isDraining()).isTrue();
  }

  @Test
  void closesOnceEveryStreamHasEnded() throws Exception {
    WireStream stream = connect().open(OpenRequest.of("hold"), client);
    eventually("it is open", () -> served.size() == 1);

    CompletableFuture<Void> drained = ends.server.drain(LONG).toCompletableFuture();
    eventually("the client hears of it", () -> graces.size() == 1);
    assertThat(drained).isNotDone();
    stream.end();
    served.getFirst().end();

    drained.get(20, TimeUnit.SECONDS);
    eventually("the end", () -> ends.clientEnds.size() == 1);
    assertThat(ends.clientEnds.getFirst().detail()).isEqualTo("The connection was drained.");
    assertThat(client.ends).containsExactly(WireStatus.OK);
  }

  @Test
  void closesWhenTheGraceHasPassed() throws Exception {
    connect().open(OpenRequest.of("hold"), client);
    eventually("it is open", () -> served.size() == 1);

    ends.server.drain(Duration.ofMillis(20)).toCompletableFuture().get(20, TimeUnit.SECONDS);

    eventually("the end", () -> client.ends.size() == 1);
    assertThat(client.ends.getFirst().code()).isEqualTo(StatusCode.UNAVAILABLE);
    assertThat(client.ends.getFirst().isUnprocessed()).isFalse();
    assertThat(ends.server.connectionCount()).isZero();
  }

  @Test
  void opensNoStreamAtTheEndThatDrains() throws Exception {
    WireConnection connection = connect();
    connection.open(OpenRequest.of("hold"), new Recorder());
    eventually("it is open", () -> served.size() == 1);

    connection.drain(LONG);
    connection.open(OpenRequest.of("hold"), client);

    eventually("the refusal", () -> client.ends.size() == 1);
    assertThat(client.ends.getFirst().isUnprocessed()).isTrue();
    assertThat(connection.isOpen()).isTrue();
  }

  /// The bytes of both phases; what comes after the second is dropped, answered as unprocessed, and
  /// what was accepted before is finished.
  @Test
  void namesTheLastStreamAndTheLastCallItServes() throws Exception {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(HELLO + OPEN_HOLD);
      peer.writeHex("00000002 12 80 0040 00000001 00000007  6869 # call 7");
      eventually("the call", () -> server.messages.get() == 1);

      ends.accepted.getFirst().drain(Duration.ofSeconds(2));

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).isEqualTo("GOAWAY 0 0 Draining.");
      assertThat(peer.readFrame()).startsWith("PING 0 0");
      assertThat(peer.readFrame()).isEqualTo("GOAWAY 1 7");
      assertThat(peer.readFrame()).isEqualTo("GOAWAY 0 1 Draining.");
      peer.writeHex("00000002 12 80 0040 00000001 00000008  6869 # call 8");
      peer.writeHex(OPEN_HOLD.replace("00000001", "00000003"));
      assertThat(peer.readFrame()).isEqualTo("RESET 3 0 This end is draining.");
      assertThat(server.messages).hasValue(1);
      assertThat(served).hasSize(1);
    }
  }

  /// What a client does with the second phase: calls and streams above its numbers fail as never
  /// begun, the others go on.
  @Test
  void failsWhatTheServerDidNotTakeAsUnprocessed() throws Exception {
    try (RawServer raw = new RawServer()) {
      WireConnection connection = raw.connect(ends.connector, handler());
      raw.writeHello(1);
      WireStream first = connection.open(OpenRequest.of("hold"), new Recorder());
      Recorder late = new Recorder();
      Recorder lateStream = new Recorder();
      first.call(WireStreamTest.text("1"), client);
      first.call(WireStreamTest.text("2"), late);
      WireStream second = connection.open(OpenRequest.of("hold"), lateStream);
      eventually("all is sent", () -> second.sid() == 3);

      raw.writeHex("00000000 24 01 0040 00000001 00000001 # the last call is 1");
      raw.writeHex("00000000 24 01 0040 00000000 00000001 # the last stream is 1");
      eventually("both fail", () -> late.ends.size() == 1 && lateStream.ends.size() == 1);
      raw.writeHex("00000002 13 80 0040 00000001 00000001 6869");
      eventually("the first is answered", () -> client.events.contains("reply hi"));
      first.call(WireStreamTest.text("3"), late);
      connection.open(OpenRequest.of("hold"), lateStream);
      eventually("so do later ones", () -> late.ends.size() == 2 && lateStream.ends.size() == 2);

      assertThat(late.ends).allMatch(WireStatus::isUnprocessed);
      assertThat(lateStream.ends).allMatch(WireStatus::isUnprocessed);
      assertThat(graces).hasSize(1);
      connection.close();
    }
  }

  /// A client that opens the new connection when it is told, moves its work there, and repeats only
  /// what is provably unprocessed: each number arrives exactly once.
  @Test
  void losesNothingAndDoublesNothingOverManyDrains() throws Exception {
    Recorder seen = new Recorder();
    ends.serve("count", _ -> seen);
    seen.reacting((s, m) -> s.reply(m.mid(), m.retainedBody())).ending();
    DrainingClient user = new DrainingClient(ends);

    for (int i = 0; i < 2_000; i++) {
      user.call(Integer.toString(i));
      if (i % 200 == 100) {
        user.drainServerSide();
      }
    }

    eventually("all replies", () -> user.replies.size() == 2_000);
    assertThat(user.failures).isEmpty();
    assertThat(seen.messages).hasValue(2_000);
    user.close();
    eventually("every drained connection is closed", () -> ends.server.connectionCount() == 0);
    assertThat(ends.accepted).hasSize(11);
  }

  private WireConnection connect() throws Exception {
    return ends.connect(handler());
  }

  private ConnectionHandler handler() {
    return new ConnectionHandler() {
      @Override
      public void onDraining(WireConnection connection, Duration grace) {
        graces.add(grace);
      }

      @Override
      public void onClosed(WireConnection connection, WireStatus status) {
        ends.clientEnds.add(status);
      }
    };
  }

  @Test
  void refusesAGoawayForAStreamThatNeverWas() throws IOException {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(HELLO + "00000000 24 01 0040 00000009 00000001");

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).contains("never opened");
    }
  }
}
