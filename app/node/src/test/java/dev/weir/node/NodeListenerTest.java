package dev.weir.node;

import static dev.weir.node.Guests.GOOD;
import static dev.weir.node.Guests.REVOKED;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.kv.BlockingKv;
import dev.weir.node.NodeRig.Listening;
import dev.weir.node.NodeRig.Role;
import dev.weir.testkit.TestKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The listeners of storage nodes and routers keep strangers off as the core's one port does.
@Timeout(60)
final class NodeListenerTest {
  private static final Bytes KEY = Bytes.utf8("key");
  private static final Bytes VALUE = Bytes.utf8("value");
  private static final Map<String, String> BEHIND_PROXY = Map.of("server.proxies.0", "127.0.0.0/8");

  @TempDir Path directory;

  private NodeRig nodes;
  private WireClients clients;

  @BeforeEach
  void start() throws IOException {
    nodes = new NodeRig(directory);
    clients = new WireClients();
  }

  @AfterEach
  void stop() {
    clients.close();
    nodes.close();
  }

  private Listening start(Role role, Map<String, String> more) throws IOException {
    return nodes.start(role, more);
  }

  private Map<String, String> withAuth(Map<String, String> more) {
    return nodes.withAuth(more);
  }

  private Proxy proxy(Listening node, byte[] header) throws IOException {
    return nodes.closing(new Proxy(node.address(), header));
  }

  private static void assertRefused(Listening node, String reason, double count) {
    String line = "weir_connections_refused_total{reason=\"" + reason + "\"} " + count;
    eventually(reason + " is counted", () -> NodeRig.metrics(node).contains(line));
  }

  private static void assertClosed(Socket socket) throws IOException {
    try {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (SocketException _) {
      // Reset, since there were bytes that nobody read.
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void takesOnlySoManyConnectionsOfAnAddress(Role role) throws Exception {
    Listening node = start(role, withAuth(Map.of("server.limits.connectionsPerAddress", "1")));
    BlockingKv first = clients.blocking(node.address(), GOOD.text());
    first.put("a", KEY, VALUE);

    try (Socket second = connect(node)) {
      assertClosed(second);
    }

    assertRefused(node, "too_many_of_address", 1);
    assertThat(first.get("a", KEY)).as("who was there stays").isPresent();
    eventually("the other is gone", () -> NodeRig.metrics(node).contains("weir_connections 1.0"));
    assertThat(NodeRig.metrics(node))
        .contains("weir_connections_opened_total{protocol=\"wire\"} 1.0");
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void takesOnlySoManyConnections(Role role) throws Exception {
    Listening node = start(role, withAuth(Map.of("server.limits.connections", "1")));
    BlockingKv first = clients.blocking(node.address(), GOOD.text());
    first.put("a", KEY, VALUE);

    try (Socket second = connect(node)) {
      assertClosed(second);
    }

    assertRefused(node, "too_many_connections", 1);
    assertThat(first.get("a", KEY)).isPresent();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void waitsOnlySoLongForAPreface(Role role) throws Exception {
    Listening node = start(role, withAuth(Map.of("server.limits.handshake", "100ms")));

    try (Socket silent = connect(node)) {
      silent.getOutputStream().write('W');
      assertClosed(silent);
    }

    assertRefused(node, "too_slow", 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "MQTT"})
  void speaksWireAlone(String text) throws Exception {
    Listening node = start(Role.STORAGE, Map.of());

    try (Socket other = connect(node)) {
      other.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      assertClosed(other);
    }

    assertRefused(node, "unknown_protocol", 1);
  }

  /// The storage node's audit names the address that the proxy named, whether it stood in front of
  /// the storage node itself or of its router.
  @ParameterizedTest
  @EnumSource(Role.class)
  void knowsAClientBehindAProxyByItsOwnAddress(Role role) throws Exception {
    Listening node = start(role, withAuth(BEHIND_PROXY));
    Proxy proxy = proxy(node, Proxy.header("192.0.2.7", 12_345));
    BlockingKv good = clients.blocking(proxy.address(), GOOD.text());
    good.put("a", KEY, VALUE);

    assertThatThrownBy(() -> good.put("b", KEY, VALUE)).isInstanceOf(WeirException.class);

    Path audit = directory.resolve("audit.jsonl");
    eventually("it is written down", () -> Files.readString(audit).contains("192.0.2.7:12345"));
  }

  @Test
  void tellsTheAuditWhoWasNotLetIn() throws Exception {
    Listening node = start(Role.STORAGE, withAuth(BEHIND_PROXY));
    Proxy proxy = proxy(node, Proxy.header("192.0.2.8", 12_345));
    BlockingKv kv = clients.blocking(proxy.address(), REVOKED.text());

    assertThatThrownBy(() -> kv.get("a", KEY)).isInstanceOf(WeirException.class);

    Path audit = directory.resolve("audit.jsonl");
    eventually("it is written down", () -> Files.readString(audit).contains("192.0.2.8:12345"));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void countsTheClientsOfAProxyByTheirOwnAddresses(Role role) throws Exception {
    Map<String, String> settings = new HashMap<>(BEHIND_PROXY);
    settings.put("server.limits.connectionsPerAddress", "1");
    Listening node = start(role, withAuth(settings));
    Proxy one = proxy(node, Proxy.header("192.0.2.7", 12_345));
    Proxy other = proxy(node, Proxy.header("192.0.2.8", 12_345));
    clients.blocking(one.address(), GOOD.text()).put("a", KEY, VALUE);

    clients.blocking(other.address(), GOOD.text()).put("a", KEY, VALUE);
    try (Socket again = new Socket(one.address().host(), one.address().port())) {
      assertClosed(again);
    }

    assertRefused(node, "too_many_of_address", 1);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void believesNobodyElseWhoSpeaksForAnother(Role role) throws Exception {
    Listening node = start(role, withAuth(Map.of("server.proxies.0", "192.0.2.0/24")));

    try (Socket spoofed = connect(node)) {
      spoofed.getOutputStream().write(Proxy.header("192.0.2.7", 12_345));
      assertClosed(spoofed);
    }

    assertRefused(node, "proxy_untrusted", 1);
    clients.blocking(node.address(), GOOD.text()).put("a", KEY, VALUE);
  }

  @Test
  void wantsATrustedProxyToNameItsClient() throws Exception {
    Listening node = start(Role.STORAGE, BEHIND_PROXY);

    try (Socket nameless = connect(node)) {
      nameless.getOutputStream().write("WEIR".getBytes(StandardCharsets.US_ASCII));
      assertClosed(nameless);
    }

    assertRefused(node, "proxy_missing", 1);
  }

  /// Plain text from this machine where configuration says so, TLS for whom a proxy brings.
  @Test
  void takesPlainTextByTheAddressThatAProxyNames() throws Exception {
    TestKeys.PemPair pair = TestKeys.write(directory, "server");
    Map<String, String> settings = new HashMap<>(BEHIND_PROXY);
    settings.put("server.tls.certificate", pair.certificate().toString());
    settings.put("server.tls.key", pair.key().toString());
    settings.put("server.tls.plain", "loopback");
    Listening node = start(Role.STORAGE, settings);
    Proxy near = proxy(node, Proxy.header("127.0.0.1", 12_345));
    Proxy far = proxy(node, Proxy.header("192.0.2.7", 12_345));

    clients.blocking(near.address(), "").put("a", KEY, VALUE);
    try (Socket plain = new Socket(far.address().host(), far.address().port())) {
      plain.getOutputStream().write("WEIR".getBytes(StandardCharsets.US_ASCII));
      assertClosed(plain);
    }

    assertRefused(node, "plain", 1);
  }

  private static Socket connect(Listening node) throws IOException {
    return new Socket(InetAddress.getByName(node.address().host()), node.address().port());
  }
}
