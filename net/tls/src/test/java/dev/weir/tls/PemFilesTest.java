package dev.weir.tls;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.TestKeys;
import dev.weir.testkit.TestKeys.PemPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PemFilesTest {
  @TempDir Path directory;

  private PemFiles server() {
    PemPair pair = TestKeys.write(directory, "server");
    return new PemFiles(pair.certificate(), pair.key(), TestKeys.writeAuthority(directory, "ca"));
  }

  private PemPair pair() {
    return new PemPair(directory.resolve("cert.pem"), directory.resolve("key.pem"));
  }

  private static String name(PemFiles files) {
    return CertificateNames.of(files.certificate().orElseThrow());
  }

  @Test
  void readsACertificateItsKeyAndTrust() {
    PemFiles files = server();

    assertThat(name(files)).isEqualTo("server");
    assertThat(files.get().createSSLEngine().getSupportedProtocols()).contains("TLSv1.3");
    assertThat(files.toString()).contains("cert.pem", "key.pem", "ca.pem");
  }

  @Test
  void needsNoFileToTrustWhomTheJdkTrusts() {
    PemFiles files = new PemFiles(null, null, null);

    assertThat(files.certificate()).isEmpty();
    assertThat(files.refreshIfChanged()).isFalse();
  }

  @Test
  void refusesHalfAPair() {
    PemPair pair = TestKeys.write(directory, "server");

    assertThatThrownBy(() -> new PemFiles(pair.certificate(), null, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesTheKeyOfAnotherCertificate() {
    PemPair pair = TestKeys.write(directory, "server");
    TestKeys.writeKey(pair, "client");

    assertRefused(pair, "key.pem", "is not the key of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no PEM at all", "-----BEGIN CERTIFICATE-----\nAAAA\n"})
  void refusesWhatIsNoCertificate(String text) throws IOException {
    PemPair pair = TestKeys.write(directory, "server");
    Files.writeString(pair.certificate(), text);

    assertRefused(pair, "cert.pem", "TLS cannot use");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n=A=\n-----END PRIVATE KEY-----"
      })
  void refusesWhatIsNoKey(String text) throws IOException {
    PemPair pair = TestKeys.write(directory, "server");
    Files.writeString(pair.key(), text);

    assertRefused(pair, "key.pem", "TLS cannot use");
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertRefused(pair(), "cert.pem", "cannot be read");
  }

  @Test
  void refusesAFileThatIsTooLarge() throws IOException {
    PemPair pair = TestKeys.write(directory, "server");
    Files.write(pair.certificate(), new byte[(1 << 20) + 1]);

    assertRefused(pair, "cert.pem", "cannot be read");
  }

  /// Whatever becomes of the files: they are taken, or refused as what they are.
  @Test
  void refusesDamagedFilesWithTheirCode() throws IOException {
    PemPair pair = TestKeys.write(directory, "server");
    byte[] certificate = Files.readAllBytes(pair.certificate());
    byte[] key = Files.readAllBytes(pair.key());
    RandomGenerator random = Seeds.random("PemFilesTest");
    ByteMutator certificates = new ByteMutator(random, List.of(certificate));
    ByteMutator keys = new ByteMutator(random, List.of(key));
    for (int i = 0; i < 150; i++) {
      Files.write(pair.certificate(), i % 2 == 0 ? certificates.next() : certificate);
      Files.write(pair.key(), i % 2 == 1 ? keys.next() : key);
      try {
        assertThat(new PemFiles(pair.certificate(), pair.key(), null).certificate()).isPresent();
      } catch (WeirException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_ENVIRONMENT);
      }
    }
  }

  private static void assertRefused(PemPair pair, String named, String told) {
    assertThatThrownBy(() -> new PemFiles(pair.certificate(), pair.key(), null))
        .isInstanceOfSatisfying(
            WeirException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_ENVIRONMENT);
              assertThat(e.getMessage()).contains(named, told);
            });
  }

  @Test
  void takesChangedFilesOnce() {
    PemFiles files = server();
    SSLContext before = files.get();
    assertThat(files.refreshIfChanged()).isFalse();

    TestKeys.write(directory, "client");

    assertThat(files.refreshIfChanged()).isTrue();
    assertThat(files.refreshIfChanged()).isFalse();
    assertThat(name(files)).isEqualTo("client");
    assertThat(files.get()).isNotSameAs(before);
  }

  @Test
  void keepsThePairUntilBothFilesFit() {
    PemFiles files = server();
    SSLContext before = files.get();

    TestKeys.writeCertificate(pair(), "client");
    assertThatThrownBy(files::refreshIfChanged).hasMessageContaining("is not the key of");
    assertThat(files.refreshIfChanged()).as("it is said once").isFalse();
    assertThat(files.get()).isSameAs(before);

    TestKeys.writeKey(pair(), "client");
    assertThat(files.refreshIfChanged()).isTrue();
    assertThat(name(files)).isEqualTo("client");
  }

  @Test
  void keepsThePairWhileAFileIsAway() throws IOException {
    PemFiles files = server();
    Files.delete(pair().key());
    assertThatThrownBy(files::refreshIfChanged).hasMessageContaining("key.pem");
    assertThat(files.refreshIfChanged()).as("it is said once").isFalse();
    assertThat(name(files)).isEqualTo("server");

    TestKeys.writeKey(pair(), "server");

    assertThat(files.refreshIfChanged()).isTrue();
  }

  @Test
  void aWatchCountsWhatItTakesAndRefuses() {
    PemFiles files = server();
    try (KeyWatch watch = KeyWatch.start(List.of(files), Clock.SYSTEM, Duration.ofMillis(5))) {
      assertThat(watch.stats().isCurrent()).isTrue();
      TestKeys.writeKey(pair(), "client");
      eventually("refused", () -> watch.stats().refused() == 1 && !watch.stats().isCurrent());

      TestKeys.writeCertificate(pair(), "client");

      eventually("taken", () -> watch.stats().taken() == 1 && watch.stats().isCurrent());
      assertThat(name(files)).isEqualTo("client");
      assertThat(watch.stats().notAfter())
          .contains(files.certificate().orElseThrow().getNotAfter().toInstant());
    }
  }

  @Test
  void readsKeysOfEveryAlgorithm() throws Exception {
    for (List<String> kind :
        List.of(List.of("RSA", "2048"), List.of("EC", "secp384r1"), List.of("Ed25519", ""))) {
      PemPair pair = pair();
      Keytool.make(directory, kind.getFirst(), kind.getLast(), pair);

      assertThat(name(new PemFiles(pair.certificate(), pair.key(), null))).isEqualTo("made");
    }
  }
}
