package dev.weir.gateway.port;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.port.Proxies.Network;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.TestKeys;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// PROXY headers (version 2), and limits by address.
final class ProxyPortTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  /// PROXY, TCP over IPv4, 12 bytes: 203.0.113.7:4000 to 192.0.2.1:4750.
  private static final String CLIENT = SIGNATURE + "21 11 000c cb007107 c0000201 0fa0 128e";

  /// PROXY, TCP over IPv6, 36 bytes: [2001:db8::7]:4000.
  private static final String CLIENT6 =
      SIGNATURE
          + "21 21 0024 20010db8000000000000000000000007 20010db8000000000000000000000001 0fa0 128e";

  /// LOCAL: the proxy looks whether we are there.
  private static final String LOCAL = SIGNATURE + "20 00 0000";

  private static final byte[] HTTP_GET =
      "GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final Proxies LOOPBACK =
      new Proxies(List.of(new Network(InetAddress.getLoopbackAddress(), 8)));

  private final AtomicReference<Peer> seen = new AtomicReference<>();
  private Port port = start(LOOPBACK, PortLimits.DEFAULT);

  @AfterEach
  void close() {
    port.close();
  }

  @ParameterizedTest
  @CsvSource({"4,/203.0.113.7:4000", "6,/[2001:db8:0:0:0:0:0:7]:4000"})
  void believesATrustedProxy(int version, String client) throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes(version == 4 ? CLIENT : CLIENT6, "WEIR"));
      assertThat(socket.getInputStream().readNBytes(4))
          .isEqualTo("WEIR".getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(seen.get().address().toString()).isEqualTo(client);
  }

  @Test
  void readsAHeaderInPieces() throws Exception {
    try (Socket socket = connect()) {
      for (byte b : bytes(CLIENT, "WEIR")) {
        socket.getOutputStream().write(b);
        socket.getOutputStream().flush();
      }
      assertThat(socket.getInputStream().readNBytes(4)).hasSize(4);
    }
    assertThat(seen.get().address().toString()).isEqualTo("/203.0.113.7:4000");
  }

  @Test
  void answersAProxyThatSpeaksForItself() throws Exception {
    assertAnswersProxy();
  }

  private void assertAnswersProxy() throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes(LOCAL, new String(HTTP_GET, StandardCharsets.US_ASCII)));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .contains("200 OK");
    }
  }

  @Test
  void findsTlsBehindTheHeader() throws Exception {
    port.close();
    port = start(LOOPBACK, PortLimits.DEFAULT, PortTls.of(() -> TestKeys.of("server")));
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes(CLIENT, ""));
      SSLSocket tls =
          (SSLSocket)
              TestKeys.of(null)
                  .getSocketFactory()
                  .createSocket(socket, "localhost", port.port(), true);
      tls.getOutputStream().write("WEIR".getBytes(StandardCharsets.US_ASCII));
      assertThat(tls.getInputStream().readNBytes(4)).hasSize(4);
    }
    assertThat(seen.get().isSecure()).isTrue();
    assertThat(seen.get().address().toString()).isEqualTo("/203.0.113.7:4000");
  }

  @Test
  void countsTheClientOfAProxyByItsOwnAddress() throws Exception {
    port.close();
    port = start(LOOPBACK, PortLimits.DEFAULT.withConnectionsPerAddress(1, 1_000));
    try (Socket first = connect();
        Socket again = connect();
        Socket other = connect()) {
      first.getOutputStream().write(bytes(CLIENT, "WEIR"));
      assertThat(first.getInputStream().readNBytes(4)).hasSize(4);
      again.getOutputStream().write(bytes(CLIENT, "WEIR"));
      assertClosed(again);
      other.getOutputStream().write(bytes(CLIENT6, "WEIR"));
      assertThat(other.getInputStream().readNBytes(4)).hasSize(4);
    }
    assertRefused(Refusal.TOO_MANY_OF_ADDRESS, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"WEIR", "GET / HTTP/1.1\r\n\r\n", "PROXY TCP4 203.0.113.7 192.0.2.1 1 2\r\n"})
  void refusesATrustedProxyThatNamesNoClient(String text) throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      assertClosed(socket);
    }
    assertRefused(Refusal.PROXY_MISSING, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SIGNATURE + "11 11 000c cb007107 c0000201 0fa0 128e", // Version 1.
        SIGNATURE + "2f 11 000c cb007107 c0000201 0fa0 128e", // No such command.
        SIGNATURE + "21 11 0004 cb007107", // Too short for its addresses.
      })
  void refusesABrokenHeader(String header) throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes(header, "WEIR"));
      assertClosed(socket);
    }
    assertRefused(Refusal.PROXY_BROKEN, 1);
  }

  @Test
  void refusesAHeaderThatIsTooLong() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes(SIGNATURE + "21 11 ffff", "x".repeat(5_000)));
      assertClosed(socket);
    }
    assertRefused(Refusal.PROXY_BROKEN, 1);
  }

  @Test
  void refusesDamagedHeadersAndGoesOnServing() throws Exception {
    RandomGenerator random = Seeds.random("ProxyPortTest");
    byte[] whole = bytes(CLIENT6, "");
    int count = 200;
    for (int i = 0; i < count; i++) {
      byte[] damaged = whole.clone();
      damaged[12 + random.nextInt(damaged.length - 12)] = (byte) random.nextInt();
      try (Socket socket = connect()) {
        socket.getOutputStream().write(damaged);
        socket.shutdownOutput();
        assertClosed(socket);
      }
    }
    eventually(
        "each is counted",
        () -> port.stats().refused().values().stream().mapToLong(Long::longValue).sum() == count);
    assertAnswersProxy();
  }

  @Test
  void refusesAHeaderOfAStranger() throws Exception {
    port.close();
    port = start(Proxies.NONE, PortLimits.DEFAULT);
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes(CLIENT, "WEIR"));
      assertClosed(socket);
    }
    assertRefused(Refusal.PROXY_UNTRUSTED, 1);
  }

  @Test
  void takesOneHeaderOnly() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes(CLIENT + CLIENT, "WEIR"));
      assertClosed(socket);
    }
    assertRefused(Refusal.UNKNOWN_PROTOCOL, 1);
  }

  @Test
  void holdsAsManyOfAnAddressAsAllowed() throws Exception {
    port.close();
    port = start(Proxies.NONE, PortLimits.DEFAULT.withConnectionsPerAddress(2, 1_000));
    try (Socket first = connect();
        Socket second = connect()) {
      greet(first);
      greet(second);
      try (Socket late = connect()) {
        assertClosed(late);
      }
      assertRefused(Refusal.TOO_MANY_OF_ADDRESS, 1);
      second.shutdownOutput();
      eventually("one has left", () -> port.stats().open() == 1);
      try (Socket next = connect()) {
        greet(next);
      }
    }
  }

  private static void greet(Socket socket) throws IOException {
    socket.getOutputStream().write("WEIR".getBytes(StandardCharsets.US_ASCII));
    assertThat(socket.getInputStream().readNBytes(4)).hasSize(4);
  }

  private Port start(Proxies proxies, PortLimits limits) {
    return start(proxies, limits, null);
  }

  private Port start(
      Proxies proxies, PortLimits limits, @org.jspecify.annotations.Nullable PortTls tls) {
    PortServices services =
        PortServices.of(Map.of("/livez", _ -> OpsAnswer.text(200, "ok\n")))
            .withWire(channel -> channel.pipeline().addLast(new Noting(), new Back()));
    return Port.start(
        new PortConfig("127.0.0.1", 0, limits.withDrain(Duration.ofMillis(200)), proxies, tls),
        services);
  }

  /// Notes whose connection it is when its first bytes come.
  private final class Noting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      seen.set(Peer.of(ctx.channel()));
      ctx.fireChannelRead(message);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static byte[] bytes(String hex, String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private static void assertClosed(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
    } catch (SocketException _) {
      // Closed with bytes unread: a reset.
    }
  }

  private void assertRefused(Refusal reason, long count) {
    eventually(
        count + " refused as " + reason,
        () -> Long.valueOf(count).equals(port.stats().refused().get(reason)));
  }
}
