package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.WeirException;
import dev.weir.testkit.TestKeys;
import dev.weir.wire.WireTls.ClientCertificates;
import io.netty.buffer.Unpooled;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The protocol over TLS, and certificates that are not to be trusted.
final class TlsTest {
  private final AtomicReference<SSLContext> serverKeys =
      new AtomicReference<>(TestKeys.of("server"));
  private final Recorder client = new Recorder();
  private TestEnds ends = new TestEnds();

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void carriesMessagesOfEverySize(Transport transport) throws Exception {
    if (!transport.isAvailable()) {
      return;
    }
    start(transport, ClientCertificates.NONE, null);
    WireConnection connection = ends.connect();
    WireStream stream = connection.open(OpenRequest.of("echo"), client);
    for (int i = 0; i < 500; i++) {
      stream.call(WireStreamTest.text("small"), client);
    }
    stream.call(Unpooled.wrappedBuffer(new byte[3_000_000]), client);

    eventually("all replies", () -> client.messages.get() == 501);
    assertThat(client.events).contains("reply 3000000");
    assertThat(connection.identity().name()).isEqualTo("server");
  }

  @Test
  void knowsAClientByItsCertificate() throws Exception {
    start(Transport.best(), ClientCertificates.NEEDED, "client");
    ends.serve("who", stream -> new Whoami());
    WireStream stream = ends.connect().open(OpenRequest.of("who"), client);

    stream.call(WireStreamTest.text(""), client);

    eventually("the answer", () -> client.events.contains("reply client CERTIFICATE"));
  }

  /// `expired` is signed by the authority that the server trusts, `stranger` by another.
  @ParameterizedTest
  @CsvSource(
      value = {"expired", "stranger", "null"},
      nullValues = "null")
  void servesNobodyWithoutAGoodCertificate(@Nullable String alias) throws Exception {
    start(Transport.best(), ClientCertificates.NEEDED, alias);
    try {
      ends.connect().open(OpenRequest.of("echo"), client);
      eventually("the end", () -> client.ends.size() == 1);
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(WeirException.class);
    }

    eventually("it is counted", () -> ends.serverContext.counters().peerFaults() == 1);
    assertThat(ends.accepted).isEmpty();
    eventually("it is closed", () -> ends.server.connectionCount() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"expired", "stranger", "client"})
  void doesNotTalkToAServerWithoutAGoodCertificate(String alias) {
    serverKeys.set(TestKeys.of(alias));
    start(Transport.best(), ClientCertificates.NONE, null);

    assertThatThrownBy(() -> ends.connect())
        .hasCauseInstanceOf(WeirException.class)
        .hasMessageContaining("TLS with");
  }

  @Test
  void takesNewCertificatesWithoutDroppingAConnection() throws Exception {
    start(Transport.best(), ClientCertificates.NONE, null);
    WireConnection before = ends.connect();
    WireStream stream = before.open(OpenRequest.of("echo"), client);
    stream.call(WireStreamTest.text("1"), client);
    eventually("a reply", () -> client.events.contains("reply 1"));

    serverKeys.set(TestKeys.of("stranger"));

    assertThatThrownBy(() -> ends.connect()).hasMessageContaining("TLS with");
    stream.call(WireStreamTest.text("2"), client);
    eventually("a reply", () -> client.events.contains("reply 2"));
    serverKeys.set(TestKeys.of("server"));
    assertThat(ends.connect().isOpen()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", ""})
  void refusesTlsThatIsForAnotherProtocol(String protocol) throws Exception {
    start(Transport.best(), ClientCertificates.NONE, null);
    try (SSLSocket socket =
        (SSLSocket)
            TestKeys.of(null)
                .getSocketFactory()
                .createSocket(ends.address().getAddress(), ends.server.port())) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(
          protocol.isEmpty() ? new String[0] : new String[] {protocol});
      socket.setSSLParameters(parameters);

      assertThat(isRefused(socket)).isTrue();
    }
    eventually("it is counted", () -> ends.serverContext.counters().peerFaults() == 1);
    assertThat(ends.accepted).isEmpty();
  }

  private static boolean isRefused(SSLSocket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.io.IOException e) {
      return true;
    }
  }

  @Test
  void refusesPlainBytesWhereTlsIsExpected() throws Exception {
    start(Transport.best(), ClientCertificates.NONE, null);
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex("57454952 0100 0000 00000006 01 00 0040 00000000 00000000  0001 0002 0100");

      assertThat(peer.isClosed()).isTrue();
    }
    eventually("it is counted", () -> ends.serverContext.counters().peerFaults() == 1);
  }

  private void start(Transport transport, ClientCertificates wanted, @Nullable String clientAlias) {
    ends.close();
    SSLContext clientKeys = TestKeys.of(clientAlias);
    WireSecurity server = WireSecurity.NONE.with(WireTls.server(serverKeys::get, wanted));
    if (wanted == ClientCertificates.NEEDED) {
      server = server.with(WireAuthenticator.byCertificate());
    }
    ends =
        new TestEnds(
            transport,
            WireContext.of("server").with(server),
            WireContext.of("client")
                .with(WireSecurity.NONE.with(WireTls.client(() -> clientKeys))));
    ends.serve("echo", _ -> new Echo());
  }

  /// Answers with the caller's identity.
  static final class Whoami implements StreamHandler {
    @Override
    public void onMessage(WireStream stream, MessageView message) {
      WireIdentity identity = stream.connection().identity();
      stream.reply(message.mid(), WireStreamTest.text(identity.name() + " " + identity.proof()));
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }
}
