package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of streams and calls when their connection ends.
final class ConnectionLossTest {
  private final TestEnds ends = new TestEnds();
  private final Recorder client = new Recorder();

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  @Test
  void failsEveryCallOnceAndTheStreamLast() throws Exception {
    Recorder server = new Recorder();
    ends.serve("slow", _ -> server);
    WireConnection connection = ends.connect();
    WireStream stream = connection.open(OpenRequest.of("slow"), client);
    for (int i = 0; i < 50; i++) {
      stream.call(WireStreamTest.text("x"), client);
    }
    eventually("the calls", () -> server.messages.get() == 50);

    ends.accepted.getFirst().close();

    eventually("the end", () -> client.ends.size() == 51);
    assertThat(client.ends).allMatch(end -> end.code() == StatusCode.UNAVAILABLE);
    assertThat(client.events.getLast()).startsWith("closed UNAVAILABLE");
    eventually("the connection's end", () -> ends.clientEnds.size() == 1);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void tellsWhoUsesAConnectionThatIsOver() throws Exception {
    WireConnection connection = ends.connect();
    connection.close();
    eventually("it is closed", () -> !connection.isOpen());

    WireStream stream = connection.open(OpenRequest.of("echo"), client);
    stream.call(WireStreamTest.text("x"), client);

    eventually("both are told", () -> client.ends.size() == 2);
    assertThat(client.ends).allMatch(end -> end.code() == StatusCode.UNAVAILABLE);
  }

  @Test
  void opensAndSendsBeforeTheServerHasAnswered() throws Exception {
    ends.serve("echo", _ -> new Echo());
    ends.connect(
        new ConnectionHandler() {
          @Override
          public void onConnected(WireConnection connection) {
            assertThat(connection.agreement()).isEmpty();
            connection
                .open(OpenRequest.of("echo"), client)
                .call(WireStreamTest.text("early"), client);
          }
        });

    eventually("the reply", () -> client.events.contains("reply early"));
  }

  /// The future is completed on the loop, and so runs what hangs on it.
  @Test
  void opensFromWithinTheFutureThatBringsTheConnection() {
    ends.serve("echo", _ -> new Echo());
    var _ =
        ends.connector
            .connect(ends.address(), new ConnectionHandler() {})
            .thenAccept(connection ->
                connection
                    .open(OpenRequest.of("echo"), client)
                    .call(WireStreamTest.text("at once"), client));

    eventually("the reply", () -> client.events.contains("reply at once"));
  }

  @Test
  void agreesOnTheFeaturesOfBoth() throws Exception {
    TestEnds both =
        new TestEnds(
            Transport.best(),
            WireContext.of("server").withFeatures(0b0110),
            WireContext.of("client").withFeatures(0b0011));
    WireConnection connection = both.connect();

    eventually("the hello", () -> connection.agreement().isPresent());

    Agreement agreement = connection.agreement().orElseThrow();
    assertThat(agreement.features()).isEqualTo(0b0010);
    assertThat(agreement.version()).isEqualTo(WireVersion.V1_0);
    assertThat(agreement.peer().nodeId()).isEqualTo("server");
    assertThat(agreement.epoch()).isEqualTo(1);
    both.close();
  }

  /// Each connection answers with its own number: a reply that reached another one's call would
  /// show. None is lost or told twice.
  @Test
  void neverGivesAReplyToACallOfAnotherConnection() throws Exception {
    AtomicInteger wrong = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    AtomicInteger made = new AtomicInteger();
    ends.serve("number", _ -> new Echo());
    for (int round = 0; round < 200; round++) {
      WireConnection connection = ends.connect();
      WireStream stream = connection.open(OpenRequest.of("number"), client);
      String own = "round " + round;
      for (int i = 0; i < 20; i++) {
        made.incrementAndGet();
        stream.call(
            WireStreamTest.text(own),
            new ReplyHandler() {
              @Override
              public void onReply(MessageView reply) {
                wrong.addAndGet(reply.text().equals(own) ? 0 : 1);
                done.incrementAndGet();
              }

              @Override
              public void onFailure(int mid, WireStatus status) {
                done.incrementAndGet();
              }
            });
      }
      connection.close();
    }

    eventually("every call is over", () -> done.get() == made.get());
    assertThat(wrong).hasValue(0);
    eventually("no connection is left", () -> ends.server.connectionCount() == 0);
    assertThat(done).hasValue(made.get());
  }
}
