package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.WeirException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Conversations with peers of other versions, as recorded bytes, and with peers that are none.
final class TranscriptTest {
  private static final String PREFACE = "57454952 0100 0000\n";
  private static final String HELLO = "00000006 01 00 0040 00000000 00000000  0001 0002 0100\n";
  private static final String OPEN_ECHO =
      "00000007 10 80 0040 00000001 00000000  0004 6563686f 00\n";
  private static final String CALL = "00000002 12 80 0040 00000001 00000001  6869\n";

  private TestEnds ends = new TestEnds().serve("echo", _ -> new Echo());

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  /// The file is what the first release's client sends; it never changes. A later release must give
  /// it the same answers.
  @Test
  void servesTheClientOfVersionOne() throws IOException {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(RawPeer.resource("/transcripts/client-1.0.hex"));

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).isEqualTo("RESP 1 1 hello");
      assertThat(peer.readFrame()).startsWith("PONG 0 0");
      assertThat(peer.readFrame()).isEqualTo("RESP 1 2");
      assertThat(peer.readFrame()).isEqualTo("RESET 3 0 Nobody serves nothing.");
    }
  }

  @Test
  void passesOverWhatALaterVersionAdds() throws IOException {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(PREFACE);
      peer.writeHex(
          "0000000d 01 00 0040 00000000 00000000  0001 0004 0201 0100 0063 0001 ff # field 99");
      peer.writeHex("00000003 ee 00 0040 00000009 00000000  010203                    # type 0xee");
      peer.writeHex(OPEN_ECHO);
      peer.writeHex("00000009 12 84 0040 00000001 00000001  0005 8000 aabbcc 6869     # field 15");

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).isEqualTo("RESP 1 1 hi");
    }
  }

  @Test
  void saysWhichVersionsItSpeaksWhenNoneIsCommon() throws IOException {
    assertRefused(
        PREFACE + "00000006 01 00 0040 00000000 00000000  0001 0002 0900",
        "WEIR-7001: The peer speaks [9.0], expected one of [1.0].");
  }

  @Test
  void refusesAnotherFrameFormat() throws IOException {
    assertRefused("57454952 0200 0000", "WEIR-7001: The preface names version 2, expected 1.");
  }

  @Test
  void refusesWhatIsNoPreface() throws IOException {
    assertRefused("47455420 2f204854", "WEIR-7002: The connection does not begin with WEIR");
  }

  @Test
  void refusesFramesBeforeTheHello() throws IOException {
    assertRefused(PREFACE + CALL, "WEIR-7010: A MSG on stream 1 came before the hello.");
    assertRefused(PREFACE + OPEN_ECHO, "WEIR-7010: A OPEN on stream 1 came before the hello.");
  }

  @Test
  void refusesFramesThatAreNotAllowed() throws IOException {
    String hello = PREFACE + HELLO;
    assertRefused(hello + HELLO, "came twice");
    assertRefused(hello + CALL, "of a stream that was never opened");
    assertRefused(hello + OPEN_ECHO + OPEN_ECHO, "does not follow stream 1");
    assertRefused(hello + OPEN_ECHO.replace("00000001", "00000002"), "does not follow stream 0");
    assertRefused(hello + "00000000 7f 00 0040 00000000 00000000", "A UNKNOWN on stream 0");
    assertRefused(hello + OPEN_ECHO + CALL.replace("12 80", "12 88"), "were not agreed");
    assertRefused(hello + "00100000 12 80 0040 00000001 00000001", "WEIR-7003: A frame of 1048576");
    assertRefused(hello + OPEN_ECHO + CALL.replace("12 80", "12 82"), "announces no length");
    assertRefused(
        hello + OPEN_ECHO + "00000000 14 00 0040 00000001 00000000".repeat(2), "ended twice");
  }

  @Test
  void refusesMoreThanTheCreditAllows() throws IOException {
    ends.close();
    ends =
        new TestEnds(
                Transport.best(),
                WireContext.of("server")
                    .with(
                        WireLimits.STANDARD.withWindows(
                            new dev.weir.base.ByteSize(64 << 10),
                            new dev.weir.base.ByteSize(1 << 20))),
                WireContext.of("client"))
            .serve(
                "echo",
                stream -> {
                  stream.consumeByHand();
                  return new Recorder();
                });
    String full = "00008000 12 80 0040 00000001 00000000" + "00".repeat(1 << 15) + "\n";

    assertRefused(PREFACE + HELLO + OPEN_ECHO + full.repeat(3), "WEIR-6002: Stream 1 sent ");
  }

  @Test
  void doesNotWaitForAHelloForEver() throws IOException {
    ends.close();
    ends =
        new TestEnds(
            Transport.best(),
            WireContext.of("server").with(WireLimits.STANDARD.withHandshake(Duration.ofMillis(30))),
            WireContext.of("client"));

    assertRefused("5745", "WEIR-2002: No hello came within 30 ms.");
  }

  @Test
  void endsTheConnectionToAPeerThatFallsSilent() throws IOException {
    ends.close();
    ends =
        new TestEnds(
            Transport.best(),
            WireContext.of("server").with(WireLimits.STANDARD.withKeepalive(Duration.ofMillis(20))),
            WireContext.of("client"));
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(PREFACE + HELLO);

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).startsWith("PING 0 0");
      assertThat(peer.isClosed()).isTrue();
    }
  }

  @Test
  void takesTheAnswerOfAnotherProtocolForAFault() throws Exception {
    try (java.net.ServerSocket other =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      Recorder client = new Recorder();
      WireConnection connection =
          ends.connector
              .connect(
                  other.getLocalSocketAddress(),
                  new ConnectionHandler() {
                    @Override
                    public void onClosed(WireConnection closed, WireStatus status) {
                      client.ends.add(status);
                    }
                  })
              .toCompletableFuture()
              .get();
      try (java.net.Socket socket = other.accept()) {
        socket
            .getOutputStream()
            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        eventually("the end", () -> !client.ends.isEmpty());
      }
      assertThat(client.ends.getFirst().detail()).contains("WEIR-7003");
      assertThat(connection.isOpen()).isFalse();
    }
  }

  @Test
  void tellsThatNobodyListens() {
    java.net.InetSocketAddress nobody = ends.address();
    ends.server.close();

    assertThat(ends.connector.connect(nobody, new ConnectionHandler() {}))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withCauseInstanceOf(WeirException.class)
        .withMessageContaining("Cannot connect to");
  }

  private void assertRefused(String hex, String detail) throws IOException {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(hex);

      String frame = peer.readFrame();
      while (!frame.startsWith("GOAWAY")) {
        frame = peer.readFrame();
      }
      assertThat(frame).contains(detail);
      assertThat(peer.isClosed()).isTrue();
    }
  }
}
