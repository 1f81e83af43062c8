package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.Served.Ended;
import dev.weir.testkit.TestKeys;
import dev.weir.testkit.TestKeys.PemPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `weir serve` by role, with TLS and tokens, and the command line against it.
final class SecuredRolesTest {
  private static final List<String> PUT = List.of("kv", "put", "b/k", "v");
  private static final List<String> GET = List.of("kv", "get", "b/k");

  @TempDir Path directory;
  private Served served = new Served(Path.of(""));
  private Path authority = Path.of("");

  @BeforeEach
  void setUp() {
    served = new Served(directory);
    authority = TestKeys.writeAuthority(directory, "ca");
  }

  @AfterEach
  void close() {
    served.close();
  }

  private PemPair pair(String alias) {
    try {
      return TestKeys.write(Files.createDirectories(directory.resolve(alias)), alias);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Map<String, String> tls() {
    PemPair server = pair("server");
    Map<String, String> settings = new HashMap<>();
    settings.put("server.tls.certificate", server.certificate().toString());
    settings.put("server.tls.key", server.key().toString());
    return settings;
  }

  private Map<String, String> mutual() {
    Map<String, String> settings = tls();
    settings.put("server.tls.clientCa", authority.toString());
    return settings;
  }

  private List<String> trusting() {
    return List.of("--tls-ca", authority.toString());
  }

  private List<String> showing(String alias) {
    PemPair pair = pair(alias);
    List<String> options = new ArrayList<>(trusting());
    options.addAll(
        List.of("--tls-cert", pair.certificate().toString(), "--tls-key", pair.key().toString()));
    return options;
  }

  private static Ended kv(String scheme, String at, List<String> words, List<String> options) {
    return Served.run(scheme + "://" + at, null, words, options);
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "storage", "router"})
  void keepsValuesOverTls(String role) {
    String at = served.start(role, tls());

    Ended put = kv("weirs", at, PUT, trusting());
    Ended got = kv("wires", at, GET, trusting());

    assertThat(put.exit()).as(put.err()).isZero();
    assertThat(got.out()).as(got.err()).isEqualTo("v");
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "storage", "router"})
  void isNotTalkedToUnderAnotherAuthority(String role) {
    String at = served.start(role, tls());
    Path stranger = TestKeys.writeAuthority(directory, "stranger-ca");

    Ended ended = kv("weirs", at, PUT, List.of("--tls-ca", stranger.toString()));

    assertThat(ended.exit()).as(ended.err()).isEqualTo(77);
    assertThat(ended.err()).contains("WEIR-3002", "TLS").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "storage", "router"})
  void takesNoPlainTextWhereTlsIsMeant(String role) {
    String at = served.start(role, tls());

    Ended ended = kv("weir", at, PUT, List.of());

    assertThat(ended.exit()).as(ended.err()).isIn(69, 77);
    assertThat(ended.err()).contains("WEIR-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "storage", "router"})
  void knowsClientsByTheirCertificates(String role) {
    String at = served.start(role, mutual());

    assertThat(kv("weirs", at, PUT, showing("client"))).extracting(Ended::exit).isEqualTo(0);
    for (List<String> bad : List.of(trusting(), showing("expired"), showing("stranger"))) {
      Ended ended = kv("weirs", at, GET, bad);
      assertThat(ended.exit()).as(ended.err()).isIn(69, 77);
      assertThat(ended.out()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "all,weir",
    "storage,weir",
    "router,weir",
    "all,weirs",
    "storage,weirs",
    "router,weirs"
  })
  void knowsClientsByTheirTokens(String role, String scheme) throws IOException {
    Map<String, String> settings = scheme.equals("weirs") ? tls() : new HashMap<>();
    List<String> trust = scheme.equals("weirs") ? trusting() : List.of();
    settings.put(
        "wire.tokens", Files.writeString(directory.resolve("tokens"), "me secret-1\n").toString());
    String at = served.start(role, settings);

    assertThat(kv(scheme, at, PUT, withToken(trust, "secret-1")))
        .extracting(Ended::exit)
        .isEqualTo(0);
    Ended wrong = kv(scheme, at, GET, withToken(trust, "secret-2"));
    assertThat(wrong.exit()).as(wrong.err()).isEqualTo(77);
    Ended none = kv(scheme, at, GET, trust);
    assertThat(none.exit()).as(none.err()).isEqualTo(77);
  }

  private List<String> withToken(List<String> trust, String token) throws IOException {
    Path file = Files.writeString(directory.resolve(token), token + "\n");
    List<String> options = new ArrayList<>(trust);
    options.addAll(List.of("--token-file", file.toString()));
    return options;
  }

  @ParameterizedTest
  @ValueSource(strings = {"weirs", "wires", "grpcs"})
  void publishesAndReadsOverTls(String scheme) {
    String url = scheme + "://" + served.start("all", mutual());

    Ended published =
        Served.run(url, null, List.of("pub", "a/b", "over " + scheme), showing("client"));
    Ended read =
        Served.run(
            url,
            null,
            List.of("sub", "a/#", "--from", "first", "--exit-at-end"),
            showing("client"));

    assertThat(published.exit()).as(published.err()).isZero();
    assertThat(read.out()).as(read.err()).contains("over " + scheme);
  }

  @ParameterizedTest
  @ValueSource(strings = {"weirs", "wires", "grpcs"})
  void publishesNothingWithoutTheCertificateThatIsAskedFor(String scheme) {
    String url = scheme + "://" + served.start("all", mutual());

    Ended published = Served.run(url, null, List.of("pub", "a/b", "x"), trusting(), "1s");

    assertThat(published.exit()).as(published.err()).isNotZero();
  }

  @Test
  void saysThatACertificateNeedsItsKey() {
    Ended ended = kv("weirs", "127.0.0.1:1", GET, List.of("--tls-cert", "c.pem"));

    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err()).contains("--tls-key");
  }

  @Test
  void saysWhichKeyFileCannotBeUsed() {
    Ended ended = kv("weirs", "127.0.0.1:1", GET, List.of("--tls-ca", "nowhere.pem"));

    assertThat(ended.exit()).isEqualTo(78);
    assertThat(ended.err()).contains("nowhere.pem");
  }
}
