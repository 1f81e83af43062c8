package dev.weir.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Identities for tests: `server` (localhost, 127.0.0.1), `client` and `expired` (since 2020) are
/// signed by `ca`, `stranger` by `stranger-ca`. Made with keytool for a hundred years; they protect
/// nothing.
public final class TestKeys {
  private static final char[] PASSWORD = "weir-test".toCharArray();

  private TestKeys() {}

  /// Shows the certificate of an alias and trusts those of `ca`.
  public static SSLContext of(@Nullable String alias) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          alias == null ? null : keys(alias).getKeyManagers(), trust().getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the identities of the tests cannot be read", e);
    }
  }

  /// An identity as PEM files.
  public record PemPair(Path certificate, Path key) {}

  /// Writes the certificate of an alias, with its chain, to `cert.pem` and its key to `key.pem` in
  /// a directory, in place of what is there.
  public static PemPair write(Path directory, String alias) {
    PemPair files = new PemPair(directory.resolve("cert.pem"), directory.resolve("key.pem"));
    writeCertificate(files, alias);
    writeKey(files, alias);
    return files;
  }

  /// Writes the one file.
  public static void writeCertificate(PemPair files, String alias) {
    try {
      StringBuilder text = new StringBuilder();
      for (Certificate each : all().getCertificateChain(alias)) {
        text.append(pem("CERTIFICATE", each.getEncoded()));
      }
      Files.writeString(files.certificate(), text);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot write the certificate of " + alias, e);
    }
  }

  /// Writes the other file.
  public static void writeKey(PemPair files, String alias) {
    try {
      Files.writeString(
          files.key(), pem("PRIVATE KEY", all().getKey(alias, PASSWORD).getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot write the key of " + alias, e);
    }
  }

  /// Writes the certificate of those who sign, `ca` or `stranger-ca`, to `AUTHORITY.pem`.
  public static Path writeAuthority(Path directory, String authority) {
    try {
      String signed = authority.equals("ca") ? "server" : "stranger";
      Certificate[] chain = all().getCertificateChain(signed);
      Path file = directory.resolve(authority + ".pem");
      return Files.writeString(file, pem("CERTIFICATE", chain[chain.length - 1].getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot write the certificate of " + authority, e);
    }
  }

  private static String pem(String what, byte[] encoded) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(encoded), what);
  }

  private static KeyManagerFactory keys(String alias) throws GeneralSecurityException, IOException {
    KeyStore one = empty();
    KeyStore all = all();
    one.setKeyEntry(alias, all.getKey(alias, PASSWORD), PASSWORD, all.getCertificateChain(alias));
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(one, PASSWORD);
    return factory;
  }

  private static TrustManagerFactory trust() throws GeneralSecurityException, IOException {
    KeyStore trusted = empty();
    trusted.setCertificateEntry("ca", all().getCertificate("ca"));
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(trusted);
    return factory;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static KeyStore all() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in =
        Objects.requireNonNull(TestKeys.class.getResourceAsStream("/tls/identities.p12"))) {
      store.load(in, PASSWORD);
    }
    return store;
  }
}
