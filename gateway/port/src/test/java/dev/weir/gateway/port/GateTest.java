package dev.weir.gateway.port;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.TestKeys;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A gate in front of a listener that is not the port's: what it adds to what [ProxyPortTest] and
/// [TlsPortTest] show of the port.
final class GateTest {
  private static final byte[] WEIR = "WEIR".getBytes(StandardCharsets.US_ASCII);

  private final EventLoops loops = EventLoops.start();
  private final AtomicReference<@Nullable Peer> seen = new AtomicReference<>();
  private Gate gate = Gate.of(PortConfig.DEFAULT, Protocol.WIRE);
  private @Nullable Channel listener;

  @AfterEach
  void close() {
    if (listener != null) {
      var _ = listener.close().awaitUninterruptibly();
    }
    gate.close();
    loops.close();
  }

  private int listen(PortConfig config) {
    gate = Gate.of(config, Protocol.WIRE);
    Channel bound =
        new ServerBootstrap()
            .group(loops.io())
            .channel(loops.type())
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    gate.enter(channel, GateTest.this::open);
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .awaitUninterruptibly()
            .channel();
    listener = bound;
    return ((InetSocketAddress) bound.localAddress()).getPort();
  }

  private void open(Channel channel) {
    seen.set(Peer.of(channel));
    channel.pipeline().addLast(new Back());
  }

  private static PortConfig tls(PortTls.ClientCertificates clients) {
    return PortConfig.DEFAULT.with(PortTls.of(() -> TestKeys.of("server")).with(clients));
  }

  private static SSLSocket secure(int port, @Nullable String alias, String... offered)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) TestKeys.of(alias).getSocketFactory().createSocket("localhost", port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(offered);
    socket.setSSLParameters(parameters);
    return socket;
  }

  private Peer seen() {
    return Objects.requireNonNull(seen.get());
  }

  @Test
  void handsOnEverythingFromTheFirstByteOn() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listen(PortConfig.DEFAULT))) {
      for (byte b : WEIR) {
        socket.getOutputStream().write(b);
      }

      assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(WEIR);
      assertThat(seen().address().toString()).endsWith(":" + socket.getLocalPort());
    }
    assertThat(gate.stats().accepted()).containsEntry(Protocol.WIRE, 1L);
    eventually("it is gone", () -> gate.stats().open() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"weir/1", ""})
  void takesItsProtocolOverTls(String offered) throws Exception {
    int port = listen(tls(PortTls.ClientCertificates.NEEDED));
    String[] names = offered.isEmpty() ? new String[0] : new String[] {offered};
    try (SSLSocket socket = secure(port, "client", names)) {
      socket.getOutputStream().write(WEIR);

      assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(WEIR);
      assertThat(socket.getApplicationProtocol()).isEqualTo(offered);
    }
    assertThat(seen().name()).isEqualTo("client");
  }

  @Test
  void offersNoOtherProtocol() throws Exception {
    int port = listen(tls(PortTls.ClientCertificates.NONE));
    try (SSLSocket socket = secure(port, null, "h2", "http/1.1")) {
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
    eventually(
        "it is counted", () -> gate.stats().refused().getOrDefault(Refusal.TLS_FAILED, 0L) == 1);
  }

  @Test
  void saysNothingInPlainTextToHttp() throws Exception {
    int port = listen(tls(PortTls.ClientCertificates.NONE));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertClosed(socket);
    }
    assertThat(gate.stats().refused()).containsEntry(Refusal.UNKNOWN_PROTOCOL, 1L);
  }

  @Test
  void closesWhatCameThrough() throws Exception {
    int port = listen(PortConfig.DEFAULT);
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port);
        Socket speaking = new Socket(InetAddress.getLoopbackAddress(), port)) {
      speaking.getOutputStream().write(WEIR);
      assertThat(speaking.getInputStream().readNBytes(4)).isEqualTo(WEIR);
      eventually("both are there", () -> gate.stats().open() == 2);

      gate.close();

      assertClosed(silent);
      assertClosed(speaking);
    }
  }

  private static void assertClosed(Socket socket) throws IOException {
    try {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (SocketException _) {
      // Reset, since there were bytes that nobody read.
    }
  }
}
