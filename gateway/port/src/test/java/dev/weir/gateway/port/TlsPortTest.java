package dev.weir.gateway.port;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.gateway.port.PortTls.ClientCertificates;
import dev.weir.gateway.port.PortTls.Plain;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.TestKeys;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The port over TLS: every protocol, with and without ALPN, and who is not let in.
final class TlsPortTest {
  private static final byte[] WIRE_HELLO = "WEIR and so on".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HTTP_GET =
      "GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HTTP2 =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicReference<SSLContext> keys = new AtomicReference<>(TestKeys.of("server"));

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void servesGrpcOverTls(String version) {
    Port port = start(PortTls.of(keys::get));
    byte[] body = new byte[300_000];
    Seeds.random("TlsPortTest", 1).nextBytes(body);

    assertThat(echo(channel(port, null, version), body)).isEqualTo(body);

    assertThat(port.stats().accepted()).containsEntry(Protocol.GRPC, 1L);
  }

  @Test
  void servesHttpsToAClientThatOffersHttp2First() throws Exception {
    Port port = start(PortTls.of(keys::get));
    try (HttpClient http = HttpClient.newBuilder().sslContext(TestKeys.of(null)).build()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create("https://localhost:" + port.port() + "/livez"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(answer.body()).isEqualTo("ok\n");
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  @ParameterizedTest
  @CsvSource({"weir/1,WIRE", "'',WIRE", "http/1.1,HTTP1", "'',HTTP1", "h2,GRPC", "'',GRPC"})
  void tellsProtocolsApartWithAndWithoutAlpn(String alpn, Protocol protocol) throws Exception {
    Port port = start(PortTls.of(keys::get));
    try (SSLSocket socket = tls(port, null, alpn)) {
      socket.getOutputStream().write(firstBytes(protocol));
      if (protocol == Protocol.GRPC) {
        socket.getOutputStream().write(Http2.EMPTY_SETTINGS);
      }

      assertThat(socket.getInputStream().read()).isNotNegative();
    }
    assertThat(port.stats().accepted()).containsEntry(protocol, 1L);
  }

  @ParameterizedTest
  @CsvSource({"weir/1,HTTP1", "http/1.1,GRPC", "h2,WIRE"})
  void refusesAProtocolThatWasNotNamed(String alpn, Protocol protocol) throws Exception {
    Port port = start(PortTls.of(keys::get));
    try (SSLSocket socket = tls(port, null, alpn)) {
      socket.getOutputStream().write(firstBytes(protocol));
      assertThat(isClosed(socket)).isTrue();
    }
    assertRefused(port, Refusal.OTHER_PROTOCOL, 1);
  }

  @Test
  void refusesANameThatNobodyServes() {
    Port port = start(PortTls.of(keys::get));

    assertThatThrownBy(() -> tls(port, null, "mqtt")).isInstanceOf(SSLException.class);

    assertRefused(port, Refusal.TLS_FAILED, 1);
  }

  private static byte[] firstBytes(Protocol protocol) {
    return switch (protocol) {
      case WIRE -> WIRE_HELLO;
      case HTTP1 -> HTTP_GET;
      case GRPC -> HTTP2;
    };
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void refusesPlainTextWhereTlsIsMeant(Protocol protocol) throws Exception {
    Port port = start(PortTls.of(keys::get));
    try (Socket socket = plain(port)) {
      socket.getOutputStream().write(firstBytes(protocol));
      String told = new String(readAll(socket), StandardCharsets.US_ASCII);

      assertThat(told.contains("use https://")).isEqualTo(protocol == Protocol.HTTP1);
    }
    assertRefused(port, Refusal.PLAIN, 1);
  }

  @ParameterizedTest
  @EnumSource(value = Plain.class, names = "REFUSED", mode = EnumSource.Mode.EXCLUDE)
  void takesPlainTextOfThisMachineWhenToldTo(Plain plain) throws Exception {
    Port port = start(PortTls.of(keys::get).with(plain));
    try (Socket socket = plain(port)) {
      socket.getOutputStream().write(HTTP_GET);
      assertThat(new String(readAll(socket), StandardCharsets.US_ASCII)).contains("200 OK", "ok\n");
    }
    assertThat(echo(channel(port, null, "TLSv1.3"), new byte[3])).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource(value = ClientCertificates.class)
  void tellsServicesWhoTheClientIs(ClientCertificates asked) {
    AtomicReference<Peer> seen = new AtomicReference<>();
    Port port = start(PortTls.of(keys::get).with(asked), PortLimits.DEFAULT, Proxies.NONE, seen);

    echo(channel(port, "client", "TLSv1.3"), new byte[3]);

    assertThat(seen.get().isSecure()).isTrue();
    assertThat(seen.get().name()).isEqualTo(asked == ClientCertificates.NONE ? "" : "client");
  }

  @Test
  void letsClientsWithoutACertificateInWhereOneIsWanted() {
    AtomicReference<Peer> seen = new AtomicReference<>();
    Port port =
        start(
            PortTls.of(keys::get).with(ClientCertificates.WANTED),
            PortLimits.DEFAULT,
            Proxies.NONE,
            seen);

    echo(channel(port, null, "TLSv1.3"), new byte[3]);

    assertThat(seen.get().certificates()).isEmpty();
  }

  /// `expired` is signed by the authority that the port trusts, `stranger` by another.
  @ParameterizedTest
  @CsvSource(
      value = {
        "expired,TLSv1.3", "stranger,TLSv1.3", "null,TLSv1.3",
        "expired,TLSv1.2", "stranger,TLSv1.2", "null,TLSv1.2"
      },
      nullValues = "null")
  void letsNobodyInWithoutAGoodCertificate(@Nullable String alias, String version) {
    Port port = start(PortTls.of(keys::get).with(ClientCertificates.NEEDED));
    ManagedChannel channel = channel(port, alias, version);

    assertThatThrownBy(() -> echo(channel, new byte[3]))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));

    eventually(
        "it is counted",
        () -> port.stats().refused().getOrDefault(Refusal.CLIENT_CERTIFICATE, 0L) >= 1);
    assertThat(port.stats().accepted()).containsEntry(Protocol.GRPC, 0L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"expired", "stranger"})
  void isNotTrustedWithABadCertificate(String alias) {
    keys.set(TestKeys.of(alias));
    Port port = start(PortTls.of(keys::get));

    assertThatThrownBy(() -> tls(port, null, "h2")).isInstanceOf(SSLHandshakeException.class);

    assertRefused(port, Refusal.TLS_FAILED, 1);
  }

  @Test
  void takesNewKeysWithoutDroppingAConnection() throws Exception {
    Port port = start(PortTls.of(keys::get));
    ManagedChannel before = channel(port, null, "TLSv1.3");
    echo(before, new byte[3]);

    keys.set(TestKeys.of("client"));

    try (SSLSocket socket = tls(port, null, "weir/1")) {
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=client");
    }
    assertThat(echo(before, new byte[3])).hasSize(3);
    assertThat(port.stats().accepted()).containsEntry(Protocol.GRPC, 1L);
  }

  @Test
  void closesWhoDoesNotEndItsHandshake() throws Exception {
    PortLimits limits = PortLimits.DEFAULT.withHandshake(Duration.ofMillis(100));
    Port port = start(PortTls.of(keys::get), limits, Proxies.NONE, new AtomicReference<>());

    try (Socket half = plain(port);
        SSLSocket silent = tls(port, null, "h2")) {
      half.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
      assertThat(readAll(half)).isEmpty();
      assertThat(isClosed(silent)).isTrue();
    }

    assertRefused(port, Refusal.TOO_SLOW, 2);
  }

  @Test
  void countsWhoLeavesDuringTheHandshake() throws Exception {
    Port port = start(PortTls.of(keys::get));
    try (Socket half = plain(port)) {
      half.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
    }
    assertRefused(port, Refusal.LEFT_EARLY, 1);
  }

  @Test
  void refusesDamagedHandshakesAndGoesOnServing() throws Exception {
    Port port = start(PortTls.of(keys::get));
    RandomGenerator random = Seeds.random("TlsPortTest");
    int count = 100;
    for (int i = 0; i < count; i++) {
      byte[] garbage = new byte[6 + random.nextInt(500)];
      random.nextBytes(garbage);
      garbage[0] = 0x16;
      try (Socket socket = plain(port)) {
        OutputStream out = socket.getOutputStream();
        out.write(garbage);
        socket.shutdownOutput();
        readAll(socket);
      } catch (SocketException _) {
        // The port was faster.
      }
    }
    eventually(
        "each is counted once",
        () -> port.stats().refused().values().stream().mapToLong(Long::longValue).sum() == count);
    assertThat(echo(channel(port, null, "TLSv1.3"), new byte[3])).hasSize(3);
  }

  @Test
  void refusesTlsWithinTls() throws Exception {
    Port port = start(PortTls.of(keys::get));
    try (SSLSocket socket = tls(port, null, "")) {
      socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1});
      assertThat(isClosed(socket)).isTrue();
    }
    assertRefused(port, Refusal.UNKNOWN_PROTOCOL, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"
      })
  void knowsNoWeakSuite(String suite) throws Exception {
    Port port = start(PortTls.of(keys::get));
    try (SSLSocket socket = unconnected(null)) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.port()));
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(new String[] {suite});

      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
    assertRefused(port, Refusal.TLS_FAILED, 1);
  }

  private Port start(PortTls tls) {
    return start(tls, PortLimits.DEFAULT, Proxies.NONE, new AtomicReference<>());
  }

  private Port start(PortTls tls, PortLimits limits, Proxies proxies, AtomicReference<Peer> seen) {
    PortServices services =
        PortServices.of(Map.of("/livez", _ -> OpsAnswer.text(200, "ok\n")))
            .withGrpc(List.of(Echo.telling(seen)), List.of())
            .withWire(channel -> channel.pipeline().addLast(new Back()));
    Port port =
        Port.start(
            new PortConfig("127.0.0.1", 0, limits.withDrain(Duration.ofMillis(200)), proxies, tls),
            services);
    open.add(port);
    return port;
  }

  private ManagedChannel channel(Port port, @Nullable String alias, String version) {
    ApplicationProtocolConfig alpn =
        new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            List.of("h2"));
    JdkSslContext context =
        new JdkSslContext(
            TestKeys.of(alias),
            true,
            null,
            IdentityCipherSuiteFilter.INSTANCE,
            alpn,
            ClientAuth.NONE,
            new String[] {version},
            false);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", port.port()).sslContext(context).build();
    open.add(() -> {
      channel.shutdownNow();
      assertThat(channel.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    });
    return channel;
  }

  private static byte[] echo(ManagedChannel channel, byte[] body) {
    return ClientCalls.blockingUnaryCall(
        channel, Echo.METHOD, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS), body);
  }

  private static SSLSocket unconnected(@Nullable String alias) throws IOException {
    SSLSocket socket = (SSLSocket) TestKeys.of(alias).getSocketFactory().createSocket();
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static SSLSocket tls(Port port, @Nullable String alias, String alpn) throws IOException {
    SSLSocket socket = unconnected(alias);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.port()));
    if (!alpn.isEmpty()) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {alpn});
      socket.setSSLParameters(parameters);
    }
    try {
      socket.startHandshake();
      assertThat(socket.getApplicationProtocol()).isEqualTo(alpn);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static Socket plain(Port port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static byte[] readAll(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] read = new byte[4096];
    int length = 0;
    try {
      for (int n = in.read(read); n > 0; n = in.read(read, length, read.length - length)) {
        length += n;
      }
    } catch (SocketException _) {
      // Closed with bytes unread: a reset.
    }
    return Arrays.copyOf(read, length);
  }

  private static boolean isClosed(SSLSocket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException | SSLException _) {
      return true;
    }
  }

  private static void assertRefused(Port port, Refusal reason, long count) {
    eventually(
        count + " refused as " + reason,
        () -> Long.valueOf(count).equals(port.stats().refused().get(reason)));
  }
}
