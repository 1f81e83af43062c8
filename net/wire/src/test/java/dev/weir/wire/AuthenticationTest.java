package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.wire.WireIdentity.Proof;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may come, by token.
final class AuthenticationTest {
  private static final String PREFACE = "57454952 0100 0000\n";
  private static final String HELLO = "00000006 01 00 0040 00000000 00000000  0001 0002 0100\n";
  private static final String HELLO_AUTH_FOLLOWS =
      "0000000b 01 00 0040 00000000 00000000  0001 0002 0100  0009 0001 01\n";
  private static final String AUTH_GOOD =
      "00000008 03 00 0040 00000000 00000000  0001 0004 676f6f64\n";
  private static final String OPEN_ECHO =
      "00000007 10 80 0040 00000001 00000000  0004 6563686f 00\n";

  private final AtomicReference<@Nullable String> token = new AtomicReference<>("good");
  private final CompletableFuture<WireIdentity> later = new CompletableFuture<>();
  private final Recorder client = new Recorder();
  private final List<String> grants = new CopyOnWriteArrayList<>();
  private TestEnds ends = start(WireLimits.STANDARD);

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  private TestEnds start(WireLimits limits) {
    TestEnds started =
        new TestEnds(
            Transport.best(),
            WireContext.of("server")
                .with(limits)
                .with(WireSecurity.NONE.with((WireAuthenticator) this::judge)),
            WireContext.of("client").with(WireSecurity.NONE.withToken(token::get)));
    started.serve("who", _ -> new TlsTest.Whoami());
    started.serve("echo", _ -> new Echo());
    return started;
  }

  private CompletionStage<WireIdentity> judge(WireCredentials credentials) {
    return switch (credentials.token()) {
      case "good" -> CompletableFuture.completedStage(new WireIdentity("edge-7", Proof.TOKEN));
      case "newer" -> CompletableFuture.completedStage(new WireIdentity("edge-8", Proof.TOKEN));
      case "held" -> CompletableFuture.completedStage(held("edge-9"));
      case "slow" -> later;
      case "expired" -> WireAuthenticator.refuse("The token has expired.");
      case "broken" -> throw new IllegalStateException("a secret of the server's");
      default -> WireAuthenticator.refuse("The token is not known.");
    };
  }

  @Test
  void tellsTheOwnerOfAStreamWhoOpensIt() throws Exception {
    assertThat(ask(ends.connect())).isEqualTo("reply edge-7 TOKEN");
  }

  /// Of 8 KiB, as at every door, and one byte more.
  @Test
  void looksAtNoTokenThatIsTooLong() throws IOException {
    assertThat(refusal(8_192)).contains("The token is not known.");
    assertThat(refusal(8_193)).contains("has 8193 bytes, expected 1 to 8192.");
  }

  private String refusal(int tokenBytes) throws IOException {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(PREFACE + HELLO_AUTH_FOLLOWS);
      peer.writeHex(
          "%08x 03 00 0040 00000000 00000000  0001 %04x".formatted(tokenBytes + 4, tokenBytes)
              + "61".repeat(tokenBytes));
      String frame = peer.readFrame();
      while (!frame.startsWith("GOAWAY")) {
        frame = peer.readFrame();
      }
      return frame;
    }
  }

  @Test
  void showsNoTokenThatIsTooLong() throws Exception {
    token.set("a".repeat(8_193));

    ends.connect();

    eventually("it is over", () -> !ends.clientEnds.isEmpty());
    assertThat(ends.clientEnds.getFirst().code()).isEqualTo(StatusCode.UNAUTHENTICATED);
    assertThat(ends.clientEnds.getFirst().detail()).contains("8193 bytes");
  }

  private WireIdentity held(String name) {
    return new WireIdentity(
        name,
        Proof.TOKEN,
        new WireGrant() {
          @Override
          public void begin(WireConnection connection) {
            grants.add("begin " + connection.isOpen());
          }

          @Override
          public void end() {
            grants.add("end");
          }
        });
  }

  @Test
  void holdsAGrantAsLongAsTheConnectionLasts() throws Exception {
    token.set("held");
    WireConnection connection = ends.connect();
    assertThat(ask(connection)).isEqualTo("reply edge-9 TOKEN");
    assertThat(grants).containsExactly("begin true");

    connection.close();

    eventually("its end", () -> grants.size() == 2);
    assertThat(grants).containsExactly("begin true", "end");
  }

  @Test
  void endsAGrantThatANewerTokenReplaces() throws Exception {
    token.set("held");
    WireConnection connection = ends.connect();
    assertThat(ask(connection)).isEqualTo("reply edge-9 TOKEN");
    token.set("newer");

    connection.authenticateAgain();

    eventually("its end", () -> grants.size() == 2);
    assertThat(grants).containsExactly("begin true", "end");
    connection.close();
  }

  @Test
  void endsAGrantThatComesWhenTheClientIsGone() throws Exception {
    token.set("slow");
    WireConnection connection = ends.connect();
    eventually("the hello", () -> connection.agreement().isPresent());
    connection.close();
    eventually("it is gone", () -> ends.server.connectionCount() == 0);

    later.complete(held("late"));

    eventually("its end", () -> !grants.isEmpty());
    assertThat(grants).containsExactly("end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrong", "expired", "broken"})
  void refusesATokenThatIsNotGood(String bad) throws Exception {
    token.set(bad);

    ends.connect().open(OpenRequest.of("echo"), client);

    eventually("the refusal", () -> client.ends.size() == 1);
    assertThat(client.ends.getFirst().code()).isEqualTo(StatusCode.UNAUTHENTICATED);
    assertThat(client.ends.getFirst().isUnprocessed()).isTrue();
    assertThat(client.ends.getFirst().detail())
        .isEqualTo(
            switch (bad) {
              case "wrong" -> "WEIR-3002: The token is not known.";
              case "expired" -> "WEIR-3002: The token has expired.";
              default -> "WEIR-3002: The client could not be authenticated.";
            });
    assertThat(ends.serverContext.counters().peerFaults()).isEqualTo(1);
  }

  @Test
  void refusesAClientThatShowsNothing() throws IOException {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(PREFACE + HELLO + OPEN_ECHO);

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).isEqualTo("GOAWAY 0 0 WEIR-3002: The token is not known.");
      assertThat(peer.isClosed()).isTrue();
    }
  }

  @Test
  void opensNothingBeforeTheTokenHasCome() throws IOException {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(PREFACE + HELLO_AUTH_FOLLOWS + OPEN_ECHO + AUTH_GOOD);

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).contains("A OPEN came before the client was known.");
    }
  }

  @Test
  void doesNotWaitForATokenForEver() throws IOException {
    ends.close();
    ends = start(WireLimits.STANDARD.withHandshake(Duration.ofMillis(50)));
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(PREFACE + HELLO_AUTH_FOLLOWS);

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).contains("WEIR-3002: The client was not known within 50 ms.");
    }
  }

  /// What the client sends ahead waits unread until the answer is there.
  @Test
  void servesWhatWasSentAheadOnceTheAnswerIsThere() throws Exception {
    token.set("slow");
    WireConnection connection = ends.connect();
    WireStream stream = connection.open(OpenRequest.of("who"), client);
    for (int i = 0; i < 50; i++) {
      stream.call(WireStreamTest.text("x".repeat(1000)), client);
    }
    eventually("the hello", () -> connection.agreement().isPresent());
    assertThat(client.messages).hasValue(0);

    later.complete(new WireIdentity("late", Proof.TOKEN));

    eventually("all replies", () -> client.messages.get() == 50);
    assertThat(client.events.getFirst()).isEqualTo("reply late TOKEN");
  }

  @Test
  void keepsLittleOfWhatAnUnknownClientSends() throws Exception {
    Thread flood;
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(
          PREFACE
              + HELLO_AUTH_FOLLOWS
              + "00000008 03 00 0040 00000000 00000000  0001 0004 736c6f77");
      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      Thread sending = Thread.ofVirtual().start(() -> flood(peer));
      flood = sending;

      eventually(
          "it is stopped", () -> sending.getState() == Thread.State.WAITING || !sending.isAlive());

      assertThat(ends.accepted.getFirst().streams()).isEmpty();
      assertThat(ends.serverContext.budget().heldBytes()).isZero();
    }
    flood.join();
    later.completeExceptionally(new IllegalStateException());
  }

  private static void flood(RawPeer peer) {
    try {
      for (int i = 0; i < 1_000; i++) {
        peer.write(new byte[64 << 10]);
      }
    } catch (IOException e) {
      // The server has closed it, or the test.
    }
  }

  @Test
  void takesANewerTokenWhileStreamsAreOpen() throws Exception {
    WireConnection connection = ends.connect();
    assertThat(ask(connection)).isEqualTo("reply edge-7 TOKEN");

    token.set("newer");
    connection.authenticateAgain();
    assertThat(ask(connection)).isEqualTo("reply edge-8 TOKEN");

    token.set("expired");
    connection.authenticateAgain();
    eventually("the end", () -> !ends.clientEnds.isEmpty());
    assertThat(ends.clientEnds.getFirst().code()).isEqualTo(StatusCode.UNAUTHENTICATED);
  }

  @Test
  void talksToAServerThatAsksForNothing() throws Exception {
    try (TestEnds open =
        new TestEnds(
            Transport.best(),
            WireContext.of("server"),
            WireContext.of("client").with(WireSecurity.NONE.withToken(() -> "unasked")))) {
      open.serve("who", _ -> new TlsTest.Whoami());
      assertThat(ask(open.connect())).isEqualTo("reply  NONE");
    }
  }

  private String ask(WireConnection connection) {
    Recorder answer = new Recorder();
    connection.open(OpenRequest.of("who"), new Recorder()).call(WireStreamTest.text(""), answer);
    eventually("the answer", () -> !answer.events.isEmpty());
    return answer.events.getFirst();
  }
}
