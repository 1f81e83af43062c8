package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.LoadScope.Role;
import dev.weir.config.mistake.Mistake;
import dev.weir.testkit.TestKeys;
import dev.weir.testkit.TestKeys.PemPair;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS, proxies and limits of what is listened on.
final class ListeningTest {
  private static final String CERTIFIED = "certificate: c.pem, key: k.pem";

  @TempDir Path directory;
  private Loading loading = new Loading(Path.of(""));

  @BeforeEach
  void setUp() {
    loading = new Loading(directory);
  }

  @Test
  void readsEveryKey() throws Exception {
    ServerConfig server =
        loading
            .accepted(
                """
                version: 1
                server:
                  tls: {certificate: c.pem, key: k.pem, clientCa: a.pem, clients: optional, plain: loopback}
                  proxies: [10.0.0.0/8, 192.0.2.1, "2001:db8::/32"]
                  limits: {connections: 5, connectionsPerAddress: 4, connectionsPerSecond: 3, handshake: 2s}
                """)
            .server();

    assertThat(server.tls().clientCa()).contains(Path.of("a.pem"));
    assertThat(server.tls().clients()).isEqualTo(TlsSettings.Clients.OPTIONAL);
    assertThat(server.tls().plain()).isEqualTo(TlsSettings.Plain.LOOPBACK);
    assertThat(server.proxies())
        .containsExactly(
            new AddressRange(InetAddress.ofLiteral("10.0.0.0"), 8),
            new AddressRange(InetAddress.ofLiteral("192.0.2.1"), 32),
            new AddressRange(InetAddress.ofLiteral("2001:db8::"), 32));
    assertThat(server.limits()).isEqualTo(new ListenLimits(5, 4, 3, Duration.ofSeconds(2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::1/129", "/8", "1"})
  void refusesWhatIsNoRangeOfAddresses(String text) {
    assertThat(loading.refused("version: 1\nserver: {proxies: [\"%s\"]}\n".formatted(text)))
        .extracting(Mistake::pointer)
        .containsExactly("/server/proxies/0");
  }

  @ParameterizedTest
  @CsvSource({
    "'certificate: c.pem',WEIR-1107,server.tls.key",
    "'key: k.pem',WEIR-1107,server.tls.certificate",
    "'clientCa: a.pem',WEIR-1111,server.tls.clientCa"
  })
  void refusesHalfOfTls(String keys, String code, String named) {
    assertThat(Loading.brief(loading.refused("version: 1\nserver: {tls: {%s}}\n".formatted(keys))))
        .singleElement()
        .asString()
        .startsWith(code)
        .contains(named);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tls: {certificate: c.pem, key: k.pem, plain: everyone}", "proxies: [10.0.0.1]"})
  void knowsWhatTheOnePortKnowsForEveryRole(String keys) {
    for (String role : List.of("all", "storage")) {
      loading.accepted("version: 1\nserver: {role: %s, %s}\n".formatted(role, keys));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "clientCa: a.pem,true",
    "'clientCa: a.pem, clients: optional',false",
    "'clientCa: a.pem, plain: loopback',false",
    "clients: required,false"
  })
  void letsAPortBeReachedByThoseWithCertificates(String keys, boolean isAccepted) {
    String text =
        "version: 1\nserver: {listen: \"0.0.0.0:1\", tls: {%s, %s}}\n".formatted(CERTIFIED, keys);

    if (isAccepted) {
      loading.accepted(text);
    } else {
      assertThat(Loading.brief(loading.refused(text)))
          .singleElement()
          .asString()
          .startsWith("WEIR-1112");
    }
  }

  @Test
  void looksWhetherTheKeyFilesFit() {
    PemPair pair = TestKeys.write(directory, "server");
    assertThat(check(pair)).isEmpty();

    TestKeys.writeKey(pair, "client");
    assertThat(check(pair)).singleElement().asString().contains("is not the key of");
  }

  @Test
  void warnsOfACertificateThatHasEnded() {
    LoadResult.Loaded loaded = Loading.loaded(load(TestKeys.write(directory, "expired")));

    assertThat(Loading.brief(loaded.warnings()))
        .singleElement()
        .asString()
        .contains("server.tls.certificate ends on 2020-01-23");
  }

  private List<String> check(PemPair pair) {
    return switch (load(pair)) {
      case LoadResult.Loaded loaded -> Loading.brief(loaded.warnings());
      case LoadResult.Refused(var mistakes) -> Loading.brief(mistakes);
    };
  }

  private LoadResult load(PemPair pair) {
    return loading.load(
        "version: 1\nserver: {listen: 127.0.0.1:0, dataDir: %s, tls: {certificate: %s, key: %s}}\n"
            .formatted(directory, pair.certificate(), pair.key()),
        Map.of(),
        Map.of(),
        new LoadScope(Role.CORE, true));
  }
}
