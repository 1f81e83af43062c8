package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import dev.weir.it.published.Request;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Peers that send what no client sends. One core takes it all; after each attack a well-behaved
/// client that was connected before still gets its acks, and the core holds no more than it did.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileBytesTest {
  private static final int MAX_EXTRA_DESCRIPTORS = 8;
  private static final long MAX_RESIDENT_BYTES = 400L << 20;

  private Path directory;

  private Site site;
  private PublishedClient witness;
  private int sentByWitness;
  private int descriptorsBefore;

  @BeforeAll
  void startCore(@TempDir Path shared) throws IOException {
    directory = shared;
    site = new Site(directory, new Launch(directory.resolve("core-output")).heap("128m"));
    site.startCore();
    witness = new PublishedClient(site.core().requireAddress());
  }

  @AfterAll
  void stopCore() {
    witness.close();
    site.close();
  }

  @BeforeEach
  void remember() {
    witnessIsServed();
    descriptorsBefore = site.core().process().descriptorCount();
  }

  @AfterEach
  void standsAsBefore() {
    witnessIsServed();
    WeirProcess core = site.core().process();
    eventually(
        "the core closes what the attack opened",
        () -> core.descriptorCount() <= descriptorsBefore + MAX_EXTRA_DESCRIPTORS);
    assertThat(core.residentBytes()).isLessThan(MAX_RESIDENT_BYTES);
    assertThat(core.errorText()).doesNotContain("OutOfMemory");
    assertThat(core.errorText().contains("\tat "))
        .as("a stack trace in the log for a fault of a peer")
        .isFalse();
  }

  @Test
  void takesRandomBytes() throws IOException {
    RandomGenerator random = Seeds.random("HostileBytesTest");
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[random.nextInt(1, 20_000)];
      random.nextBytes(bytes);
      throwAway(bytes);
    }
  }

  @Test
  void takesRandomFramesBehindAProperOpening() throws IOException {
    RandomGenerator random = Seeds.random("HostileBytesTest");
    for (int i = 0; i < 200; i++) {
      Http2Bytes bytes = new Http2Bytes().open().call("/DataSink/Send");
      for (int frame = 0; frame < 5; frame++) {
        byte[] payload = new byte[random.nextInt(0, 500)];
        random.nextBytes(payload);
        bytes.frame(random.nextInt(12), random.nextInt(256), random.nextInt(4), payload);
      }
      throwAway(bytes.toByteArray());
    }
  }

  @Test
  void takesAConversationCutAtEveryByte() throws IOException {
    byte[] request =
        PublishedClient.message("cut")
            .setPlainMessage(ByteString.copyFromUtf8("x"))
            .build()
            .toByteArray();
    byte[] whole =
        new Http2Bytes()
            .open()
            .call("/DataSink/Send")
            .message(Http2Bytes.END_STREAM, request.length, request)
            .toByteArray();
    for (int length = 1; length < whole.length; length++) {
      throwAway(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void refusesAMessageThatClaimsTwoGigabytes() throws IOException {
    byte[] bytes =
        new Http2Bytes()
            .open()
            .call("/DataSink/Send")
            .message(0, Integer.MAX_VALUE, new byte[1000])
            .toByteArray();

    assertThat(isEndedByCore(bytes)).isTrue();
  }

  @Test
  void refusesAFrameThatClaimsMoreThanItsLimit() throws IOException {
    byte[] bytes =
        new Http2Bytes()
            .open()
            .frame(Http2Bytes.DATA, 0, 1, 0xFFFFFF, new byte[1000])
            .toByteArray();

    assertThat(isEndedByCore(bytes)).isTrue();
  }

  @Test
  void endsAConnectionThatOpensAndResets() throws IOException {
    Http2Bytes bytes = new Http2Bytes().open();
    byte[] head = Http2Bytes.head("/DataSink/Send");
    for (int i = 0; i < 5_000; i++) {
      bytes.frame(Http2Bytes.HEADERS, Http2Bytes.END_HEADERS, 2 * i + 1, head);
      bytes.frame(Http2Bytes.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
    }

    assertThat(isEndedByCore(bytes.toByteArray())).isTrue();
  }

  @Test
  void endsAConnectionWhoseHeadersNeverEnd() throws IOException {
    Http2Bytes bytes = new Http2Bytes().open();
    bytes.frame(Http2Bytes.HEADERS, 0, 1, Http2Bytes.head("/DataSink/Send"));
    byte[] more = Http2Bytes.headers(100);
    for (int i = 0; i < 1_000; i++) {
      bytes.frame(Http2Bytes.CONTINUATION, 0, 1, more);
    }

    assertThat(isEndedByCore(bytes.toByteArray())).isTrue();
  }

  @Test
  void refusesMetadataBeyondItsLimit() throws IOException {
    byte[] head = Http2Bytes.head("/DataSink/Send");
    byte[] more = Http2Bytes.headers(136); // With it 16 KiB and more.
    byte[] bytes =
        new Http2Bytes()
            .open()
            .frame(Http2Bytes.HEADERS, 0, 1, head)
            .frame(Http2Bytes.CONTINUATION, Http2Bytes.END_HEADERS, 1, more)
            .toByteArray();

    assertThat(isEndedByCore(bytes)).isTrue();
  }

  /// Whoever reads no answers to pings or settings: the answers must not pile up.
  @Test
  void endsAConnectionThatAsksAndNeverReads() throws IOException {
    Http2Bytes pings = new Http2Bytes().open();
    Http2Bytes settings = new Http2Bytes().open();
    for (int i = 0; i < 100_000; i++) {
      pings.frame(Http2Bytes.PING, 0, 0, new byte[8]);
      settings.frame(Http2Bytes.SETTINGS, 0, 0, new byte[0]);
    }

    for (Http2Bytes each : List.of(pings, settings)) {
      try (Socket socket = dial()) {
        socket.setReceiveBufferSize(4 << 10);
        for (int i = 0; i < 50; i++) {
          socket.getOutputStream().write(each.toByteArray());
        }
        throw new AssertionError("it was read for ever");
      } catch (SocketException _) {
        // The core hung up.
      }
    }
  }

  @Test
  void takesHalfConversationsOfManyAtOnce() throws IOException {
    List<Socket> halves = new ArrayList<>();
    List<String> beginnings =
        List.of(
            "",
            "P",
            "PRI * HTTP/2.0\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "WEI",
            "WEIR",
            "GET / HTTP/1.1\r\nHost: ",
            "POST /v1/topics/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
            "\u0016\u0003\u0001");
    try {
      for (int i = 0; i < 450; i++) {
        Socket socket = dial();
        halves.add(socket);
        String beginning = beginnings.get(i % beginnings.size());
        socket.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
      }
      witnessIsServed();
    } finally {
      for (Socket socket : halves) {
        socket.close();
      }
    }
  }

  @Test
  void refusesBytesThatAreNoMessage() throws IOException {
    for (String path :
        List.of(
            "/DataSink/Send",
            "/weir.v1.Broker/Publish",
            "/weir.v1.Broker/Consume",
            "/weir.v1.Broker/ListTopics",
            "/weir.v1.Presence/Join",
            "/weir.v1.Requests/Request",
            "/weir.v1.Operations/ExplainClient")) {
      byte[] garbage = {(byte) 0xff, (byte) 0xff, 7, 7, 7};
      byte[] bytes =
          new Http2Bytes()
              .open()
              .call(path)
              .message(Http2Bytes.END_STREAM, garbage.length, garbage)
              .toByteArray();

      assertThat(isEndedByCore(bytes)).as(path).isTrue();
    }
  }

  @Test
  void refusesADecompressionBomb() {
    byte[] bomb = Zstd.compress(new byte[64 << 20], 1);
    assertThat(bomb.length).isLessThan(64 << 10);

    assertThat(refusal(zstd(bomb))).contains("WEIR-7004");
  }

  @Test
  void refusesABombThatLiesAboutItsSize() {
    byte[] liar = Zstd.compress(new byte[64 << 20], 1);
    // RFC 8878: descriptor at 4 (4-byte content size, with a window byte), content size at 6.
    assertThat(liar[4] & 0xE0).isEqualTo(0x80);
    ByteBuffer.wrap(liar).order(ByteOrder.LITTLE_ENDIAN).putInt(6, 1000);

    assertThat(refusal(zstd(liar))).contains("WEIR-700");
  }

  @Test
  void refusesBytesThatAreNotZstd() {
    assertThat(refusal(zstd("not zstd".getBytes(StandardCharsets.US_ASCII)))).contains("WEIR-700");
  }

  @Test
  void refusesAnUnknownVersion() {
    Request request =
        PublishedClient.message("v9").setVersion(9).setPlainMessage(ByteString.EMPTY).build();

    try (PublishedClient client = new PublishedClient(site.core().requireAddress())) {
      client.send(request);

      assertThat(client.awaitEnd().toString()).contains("WEIR-7001");
    }
  }

  @Test
  void refusesAMessageThatIsTooLarge() {
    Request request =
        PublishedClient.message("large")
            .setPlainMessage(ByteString.copyFrom(new byte[(1 << 20) + 1]))
            .build();

    assertThat(refusal(request)).contains("WEIR-7003");
  }

  @Test
  void refusesAMessageThatIsLargerThanItsTransport() {
    Request request =
        PublishedClient.message("huge")
            .setPlainMessage(ByteString.copyFrom(new byte[8 << 20]))
            .build();
    try (PublishedClient client = new PublishedClient(site.core().requireAddress())) {
      client.send(request);

      assertThat(client.awaitEnd().getDescription()).contains("exceeds maximum size");
    }
  }

  private static Request zstd(byte[] frame) {
    return PublishedClient.message("z").setZstdCompressed(ByteString.copyFrom(frame)).build();
  }

  /// What the core says to a client that sends this; it goes on serving that client, until it has
  /// sent nothing else three times.
  private String refusal(Request bad) {
    try (PublishedClient client = new PublishedClient(site.core().requireAddress())) {
      client.send(bad);
      eventually("the core says what is wrong", () -> !client.infos().isEmpty());
      client.sendPlain("good", "a message between bad ones");
      client.awaitAcked(1);
      assertThat(client.acked()).containsExactly("good");

      client.send(bad);
      client.send(bad);
      client.send(bad);
      assertThat(client.awaitEnd().isOk()).isFalse();
      return PublishedClient.text(client.infos().getFirst());
    }
  }

  private void witnessIsServed() {
    sentByWitness++;
    witness.sendPlain("witness-" + sentByWitness, "still here");
    witness.awaitAcked(sentByWitness);
  }

  /// Sends bytes and hangs up.
  private void throwAway(byte[] bytes) throws IOException {
    try (Socket socket = dial()) {
      socket.getOutputStream().write(bytes);
    } catch (SocketException _) {
      // The core hung up first.
    }
  }

  /// Whether the core answers these bytes by ending the stream or the connection.
  private boolean isEndedByCore(byte[] bytes) throws IOException {
    try (Socket socket = dial()) {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      socket.setSoTimeout(20_000);
      byte[] answer = new byte[1000];
      int length = socket.getInputStream().read(answer);
      while (length > 0 && !holdsAnEnd(answer, length)) {
        length = socket.getInputStream().read(answer);
      }
      return true;
    } catch (SocketException _) {
      return true; // Reset, with bytes on their way that it does not want.
    }
  }

  /// Whether a frame of these bytes is RST_STREAM, GOAWAY or a HEADERS that ends the stream.
  private static boolean holdsAnEnd(byte[] bytes, int length) {
    int at = 0;
    while (at + 9 <= length) {
      int payload = (bytes[at] & 255) << 16 | (bytes[at + 1] & 255) << 8 | (bytes[at + 2] & 255);
      int type = bytes[at + 3];
      boolean endsStream = type == Http2Bytes.HEADERS && (bytes[at + 4] & 1) != 0;
      if (type == 3 || type == 7 || endsStream) {
        return true;
      }
      at += 9 + payload;
    }
    return false;
  }

  private Socket dial() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), site.core().requireAddress().getPort());
  }
}
