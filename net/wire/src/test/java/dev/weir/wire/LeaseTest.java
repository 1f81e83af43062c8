package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Servers that say how many calls their clients may begin, with clients that know of it and with
/// such as do not.
final class LeaseTest {
  private static final Duration NEVER_AGAIN = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofMillis(100);
  private static final String PREFACE = "57454952 0100 0000\n";
  private static final String HELLO = "00000006 01 00 0040 00000000 00000000  0001 0002 0100\n";
  private static final String LEASING_HELLO =
      "00000012 01 00 0040 00000000 00000000  0001 0002 0100  0002 0008 0000000000000100\n";
  private static final String WHOLE_CALL = "00000002 12 80 0040 00000001 %08x  6869\n";
  private static final String REFUSED = "More calls began than 1 in 3600000 ms: try again later.";
  private static final String OPEN_ECHO =
      "00000007 10 80 0040 00000001 00000000  0004 6563686f 00\n";

  private final Recorder client = new Recorder();
  private TestEnds ends = new TestEnds();

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  private void start(int calls, Duration period) {
    start(calls, period, WireContext.of("server"));
  }

  private void start(int calls, Duration period, WireContext server) {
    ends.close();
    WireLimits limits = WireLimits.STANDARD.with(new WireLease(calls, period));
    ends =
        new TestEnds(Transport.best(), server.with(limits), WireContext.of("client"))
            .serve("echo", _ -> new Echo());
  }

  /// A connection on which both ends have said hello: what is called before that is not held back.
  private WireConnection connect() throws Exception {
    WireConnection connection = ends.connect();
    eventually("both have said hello", () -> connection.agreement().isPresent());
    return connection;
  }

  private static void call(WireStream stream, Recorder recorder, String body) {
    assertThat(stream.call(Unpooled.copiedBuffer(body, StandardCharsets.UTF_8), -1, recorder))
        .isNotEqualTo(Offer.REFUSED);
  }

  @Test
  void letsCallsWaitBeyondTheLease() throws Exception {
    start(10, NEVER_AGAIN);
    WireStream stream = connect().open(OpenRequest.of("echo"), client);

    for (int i = 0; i < 25; i++) {
      call(stream, client, "call");
    }

    eventually("ten are answered", () -> client.messages.get() == 10);
    eventually("the rest waits", () -> stream.queuedBytes() == 15 * 4);
    assertThat(ends.clientContext.counters().leaseWaits()).isEqualTo(1);
    assertThat(ends.serverContext.counters().leases()).isEqualTo(1);
    assertThat(ends.serverContext.counters().leaseRefusals()).isZero();
    assertThat(client.ends).isEmpty();
  }

  @Test
  void letsEverythingElsePassWhatWaits() throws Exception {
    start(1, NEVER_AGAIN);
    Recorder served = new Recorder();
    ends.serve("messages", _ -> served);
    WireConnection connection = connect();
    WireStream calls = connection.open(OpenRequest.of("echo"), client);
    call(calls, client, "first");
    call(calls, client, "second");
    eventually("one waits", () -> calls.queuedBytes() > 0 && client.messages.get() == 1);

    WireStream messages = connection.open(OpenRequest.of("messages"), new Recorder());
    assertThat(messages.send(Unpooled.copiedBuffer("hi", StandardCharsets.UTF_8)))
        .isNotEqualTo(Offer.REFUSED);

    eventually("the message", () -> served.events.contains("message hi"));
    assertThat(client.messages.get()).isEqualTo(1);
  }

  @Test
  void goesOnWithTheNextLease() throws Exception {
    start(10, SOON);
    WireConnection connection = connect();
    WireStream one = connection.open(OpenRequest.of("echo"), client);
    WireStream other = connection.open(OpenRequest.of("echo"), client);

    for (int i = 0; i < 20; i++) {
      call(one, client, "call");
      call(other, client, "x".repeat(200_000));
    }

    eventually("all are answered", () -> client.messages.get() == 40);
    assertThat(ends.serverContext.counters().leases()).isGreaterThanOrEqualTo(4);
    assertThat(ends.serverContext.counters().leaseRefusals()).isZero();
    assertThat(client.ends).isEmpty();
  }

  @Test
  void givesNoLeaseThatNobodyUses() throws Exception {
    start(10, SOON);
    WireConnection connection = connect();
    eventually("the first", () -> ends.serverContext.counters().leases() == 1);

    WireStream stream = connection.open(OpenRequest.of("echo"), client);
    call(stream, client, "call");

    eventually("the next", () -> ends.serverContext.counters().leases() == 2);
    assertThat(client.messages.get()).isEqualTo(1);
  }

  @Test
  void keepsDeadlinesWhileCallsWait() throws Exception {
    start(1, NEVER_AGAIN);
    WireStream stream = connect().open(OpenRequest.of("echo"), client);
    call(stream, client, "first");
    eventually("it is answered", () -> client.messages.get() == 1);

    Offer offer = stream.call(Unpooled.buffer(1).writeByte(1), 20_000, client);

    assertThat(offer).isNotEqualTo(Offer.REFUSED);
    eventually(
        "it is over",
        () ->
            !client.ends.isEmpty()
                && client.ends.getFirst().code() == StatusCode.DEADLINE_EXCEEDED);
  }

  @Test
  void failsWhatWaitsWhenTheStreamEnds() throws Exception {
    start(1, NEVER_AGAIN);
    WireStream stream = connect().open(OpenRequest.of("echo"), new Recorder());
    call(stream, client, "first");
    call(stream, client, "second");
    eventually("one is answered", () -> client.messages.get() == 1);

    stream.abort(WireStatus.of(StatusCode.CANCELLED, "enough"));

    eventually("the other fails", () -> client.ends.size() == 1);
    assertThat(stream.queuedBytes()).isZero();
  }

  @Test
  void givesNoLeaseWhileTheProcessHoldsTooMuch() throws Exception {
    WireContext server = WireContext.of("server").with(new MemoryBudget(new ByteSize(1 << 20)));
    start(1, SOON, server);
    WireStream stream = connect().open(OpenRequest.of("echo"), client);
    ends.serverContext.budget().hold(4 << 20);
    call(stream, client, "first");
    call(stream, client, "second");
    eventually("one waits", () -> client.messages.get() == 1 && stream.queuedBytes() > 0);
    long leases = ends.serverContext.counters().leases();

    ends.serverContext.budget().hold(-(4 << 20));

    eventually("it is answered", () -> client.messages.get() == 2);
    assertThat(ends.serverContext.counters().leases()).isGreaterThan(leases);
  }

  /// The second call comes whole, the third in two parts.
  @Test
  void refusesCallsOfAClientThatKnowsNoLeases() throws IOException {
    start(1, NEVER_AGAIN);
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(
          PREFACE + HELLO + OPEN_ECHO + WHOLE_CALL.formatted(1) + WHOLE_CALL.formatted(2));
      peer.writeHex("0000000e 12 86 0040 00000001 00000003  000a 0004 0000000000000004 6869\n");
      peer.writeHex(WHOLE_CALL.formatted(3));
      peer.writeHex("00000008 22 00 0040 00000000 00000000  0000000000000007\n");

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).isEqualTo("RESP 1 1 hi");
      assertThat(peer.readFrame()).isEqualTo("RESP 1 2 " + REFUSED);
      assertThat(peer.readFrame()).isEqualTo("RESP 1 3 " + REFUSED);
      assertThat(peer.readFrame()).startsWith("PONG 0 0");
    }
    assertThat(ends.serverContext.counters().leaseRefusals()).isEqualTo(2);
  }

  /// Both ends count a call by its last frame; the one that is given up in the midst counts for
  /// neither.
  @Test
  void countsCallsByTheirLastFrame() throws IOException {
    start(1, NEVER_AGAIN);
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(PREFACE + HELLO + OPEN_ECHO);
      peer.writeHex("0000000e 12 86 0040 00000001 00000001  000a 0004 0000000000000004 6869\n");
      peer.writeHex("00000000 16 00 0040 00000001 00000000\n"); // The stream is given up.
      peer.writeHex(OPEN_ECHO.replace("00000001", "00000003"));
      peer.writeHex(WHOLE_CALL.replace("00000001", "00000003").formatted(1));
      peer.writeHex(WHOLE_CALL.replace("00000001", "00000003").formatted(2));

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).isEqualTo("RESP 3 1 hi");
      assertThat(peer.readFrame()).isEqualTo("RESP 3 2 " + REFUSED);
    }
  }

  /// The client cannot know yet: the server counts.
  @Test
  void countsWhatIsCalledBeforeTheHelloIsAnswered() throws IOException {
    start(1, NEVER_AGAIN);
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(
          PREFACE + LEASING_HELLO + OPEN_ECHO + WHOLE_CALL.formatted(1) + WHOLE_CALL.formatted(2));

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).startsWith("LEASE 0 0");
      assertThat(peer.readFrame()).isEqualTo("RESP 1 1 hi");
      assertThat(peer.readFrame()).isEqualTo("RESP 1 2 " + REFUSED);
    }
  }

  @Test
  void marksARefusedCallAsUnprocessed() throws Exception {
    start(1, NEVER_AGAIN);
    WireStream stream = connect().open(OpenRequest.of("echo"), client);
    call(stream, client, "first");
    eventually("it is answered", () -> client.messages.get() == 1);
    // What a client that was started by another version would do: it goes on.
    stream.connection().onLoop(() -> stream.connection().outbound().onLease(100, 60_000));

    call(stream, client, "second");

    eventually("it is refused", () -> client.ends.size() == 1);
    assertThat(client.ends.getFirst().code()).isEqualTo(StatusCode.UNAVAILABLE);
    assertThat(client.ends.getFirst().isUnprocessed()).isTrue();
    assertThat(client.ends.getFirst().isRetryable()).isTrue();
  }

  /// The file is what a client of this version sends in its first flight; it never changes.
  @Test
  void tellsAClientThatKnowsLeases() throws IOException {
    start(2, NEVER_AGAIN);
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(RawPeer.resource("/transcripts/client-1.0-lease.hex"));

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).startsWith("LEASE 0 0");
      assertThat(peer.readFrame()).isEqualTo("RESP 1 1 hello");
      assertThat(peer.readFrame()).isEqualTo("RESP 1 2 hello");
    }
  }

  @Test
  void takesNoLeaseThatWasNotAgreed() throws Exception {
    try (RawServer server = new RawServer()) {
      Recorder told = new Recorder();
      WireConnection connection = server.connect(ends.connector, closing(told));
      server.writeHello(1);
      server.writeHex("0000000c 21 00 0040 00000000 00000000  0000000000000001 00000064");

      eventually("the end", () -> !told.ends.isEmpty());
      assertThat(told.ends.getFirst().detail()).contains("A LEASE on stream 0 is not expected");
      assertThat(connection.isOpen()).isFalse();
    }
  }

  @Test
  void takesNoLeaseFromAClient() throws IOException {
    start(2, NEVER_AGAIN);
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(PREFACE + LEASING_HELLO);
      peer.writeHex("0000000c 21 00 0040 00000000 00000000  0000000000000001 00000064");

      String frame = peer.readFrame();
      while (!frame.startsWith("GOAWAY")) {
        frame = peer.readFrame();
      }
      assertThat(frame).contains("A LEASE on stream 0 is not expected");
      assertThat(peer.isClosed()).isTrue();
    }
  }

  private static ConnectionHandler closing(Recorder told) {
    return new ConnectionHandler() {
      @Override
      public void onClosed(WireConnection closed, WireStatus status) {
        told.ends.add(status);
      }
    };
  }
}
