package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.it.Launch.Ended;
import dev.weir.testkit.TestKeys;
import dev.weir.testkit.TestKeys.PemPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// A core that speaks TLS only, an edge that sends to it, and key files that are replaced while
/// both run.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SecureCoreTest {
  private static final Pattern READY = Pattern.compile("ready on 127\\.0\\.0\\.1:(\\d+) after");

  /// Long enough for the watch, which looks every two seconds, on a loaded machine.
  private static final Duration RELOAD = Duration.ofSeconds(30);

  private Path directory;
  private Path authority;
  private PemPair pair;
  private WeirProcess core;
  private int port;

  @BeforeAll
  void startCore(@TempDir Path shared) {
    directory = shared;
    authority = TestKeys.writeAuthority(shared, "ca");
    pair = TestKeys.write(shared, "server");
    core =
        new Launch(shared.resolve("core"))
            .start(
                "serve",
                "--data",
                shared.resolve("data").toString(),
                "--listen",
                "127.0.0.1:0",
                "--tls-cert",
                pair.certificate().toString(),
                "--tls-key",
                pair.key().toString());
    port = Integer.parseInt(core.awaitError(READY).group(1));
  }

  @AfterAll
  void stopCore() {
    core.close();
  }

  @Test
  @Order(1)
  void takesWhatAnEdgeSendsOverEachScheme() throws IOException {
    for (String scheme : List.of("weirs", "wires", "grpcs")) {
      Path lines = Files.writeString(directory.resolve(scheme), "by " + scheme + "\n");
      Ended shipped =
          new Launch(directory.resolve("edge-" + scheme))
              .input(lines)
              .run(
                  "edge",
                  "--stdin",
                  "--topic",
                  "t/" + scheme,
                  "--to",
                  scheme + "://localhost:" + port,
                  "--tls-ca",
                  authority.toString(),
                  "--spool",
                  directory.resolve("spool-" + scheme).toString(),
                  "--ops",
                  "127.0.0.1:0");
      assertThat(shipped.status()).as(shipped.error()).isZero();
    }
    Ended read =
        new Launch(directory.resolve("sub"))
            .run(
                "sub",
                "t/#",
                "--from",
                "first",
                "--exit-at-end",
                "--server",
                "weirs://localhost:" + port,
                "--tls-ca",
                authority.toString());
    assertThat(read.output()).as(read.error()).contains("by weirs", "by wires", "by grpcs");
  }

  /// Which would let a client have the key's operation done as often as it likes.
  @Test
  @Order(2)
  void letsNoClientBeginASecondHandshake() throws IOException {
    try (SSLSocket socket = connect()) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();
      socket.startHandshake(); // Sends its hello and returns.

      assertThatThrownBy(() -> get(socket, "/livez")).isInstanceOf(IOException.class);
    }
  }

  @Test
  @Order(2)
  void tellsWhenItsCertificateEnds() {
    assertThat(metric("weir_tls_certificate_end_seconds"))
        .isEqualTo((double) shown().getNotAfter().toInstant().getEpochSecond());
    assertThat(metric("weir_tls_files_current")).isEqualTo(1);
  }

  @Test
  @Order(3)
  void keepsServingWithTheOldPairWhileTheFilesDoNotFit() {
    TestKeys.writeKey(pair, "client");

    eventually("it says so", RELOAD, () -> metric("weir_tls_files_current") == 0);

    assertThat(name(shown())).isEqualTo("CN=server");
    assertThat(core.errorText()).contains("is not the key of").doesNotContain("\tat ");
    assertThat(metric("weir_tls_files_refused_total")).isEqualTo(1);
  }

  @Test
  @Order(4)
  void servesTheNewPairOnceItFits() {
    TestKeys.writeCertificate(pair, "client");

    eventually("it is shown", RELOAD, () -> name(shown()).equals("CN=client"));

    assertThat(metric("weir_tls_files_current")).isEqualTo(1);
    assertThat(metric("weir_tls_files_taken_total")).isEqualTo(1);
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  private SSLSocket connect() throws IOException {
    SSLSocket socket =
        (SSLSocket) TestKeys.of(null).getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  /// The certificate that the core shows now.
  private X509Certificate shown() {
    try (SSLSocket socket = connect()) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String get(SSLSocket socket, String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private double metric(String name) {
    try (SSLSocket socket = connect()) {
      String page = get(socket, "/metrics");
      Matcher line = Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(page);
      return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
