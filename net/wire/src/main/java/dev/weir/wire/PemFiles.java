package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Keys and trust from PEM files (RFC 7468), for [WireTls]. Read once, and again by [#refresh]: the
/// connections that follow use what was read last. Any thread.
public final class PemFiles implements Supplier<SSLContext> {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final char[] NO_PASSWORD = new char[0];

  private final @Nullable Path certificate;
  private final @Nullable Path key;
  private final @Nullable Path trusted;
  private volatile SSLContext context;

  /// @param certificate an own one with its chain, its own first; null for none
  /// @param key its private key, PKCS #8 without a password; null for none
  /// @param trusted who signs the peers' certificates; null for those whom the JDK trusts
  /// @throws WeirException CONFIG_ENVIRONMENT when a file cannot be read or used, naming it
  public PemFiles(@Nullable Path certificate, @Nullable Path key, @Nullable Path trusted) {
    this.certificate = certificate;
    this.key = key;
    this.trusted = trusted;
    this.context = read();
  }

  @Override
  public SSLContext get() {
    return context;
  }

  /// Reads the files again.
  ///
  /// @throws WeirException as the constructor; what was read before stays in force
  public void refresh() {
    context = read();
  }

  private SSLContext read() {
    try {
      SSLContext fresh = SSLContext.getInstance("TLS");
      KeyManagerFactory keys = certificate == null || key == null ? null : keys(certificate, key);
      TrustManagerFactory trust = trusted == null ? null : trust(trusted);
      fresh.init(
          keys == null ? null : keys.getKeyManagers(),
          trust == null ? null : trust.getTrustManagers(),
          null);
      return fresh;
    } catch (GeneralSecurityException | IOException e) {
      Path named = certificate == null ? trusted : certificate;
      throw refused(String.valueOf(named), String.valueOf(e.getMessage()), e);
    }
  }

  private static KeyManagerFactory keys(Path certificate, Path key)
      throws GeneralSecurityException, IOException {
    KeyStore own = empty();
    own.setKeyEntry(
        "own", privateKey(key), NO_PASSWORD, certificates(certificate).toArray(Certificate[]::new));
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(own, NO_PASSWORD);
    return factory;
  }

  private static TrustManagerFactory trust(Path file) throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    for (Certificate authority : certificates(file)) {
      store.setCertificateEntry("ca-" + store.size(), authority);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws GeneralSecurityException {
    Collection<? extends Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(bytes(file)));
    if (found.isEmpty()) {
      throw refused(file.toString(), "it holds no certificate in PEM", null);
    }
    return found;
  }

  private static PrivateKey privateKey(Path file) throws GeneralSecurityException {
    Matcher pem = PKCS8.matcher(new String(bytes(file), StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw refused(
          file.toString(),
          "it holds no private key in PKCS#8; `openssl pkcs8 -topk8 -nocrypt -in KEY` makes one",
          null);
    }
    PKCS8EncodedKeySpec encoded =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (InvalidKeySpecException _) {
        // Of another algorithm; when it is of none, the end of the loop says so.
      }
    }
    throw refused(file.toString(), "its key is neither RSA nor EC nor EdDSA", null);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw refused(file.toString(), "it cannot be read (" + e + ")", e);
    }
  }

  private static WeirException refused(String file, String fault, @Nullable Throwable cause) {
    String text = "TLS cannot use " + file + ": " + fault + ".";
    return cause == null
        ? new WeirException(ErrorCode.CONFIG_ENVIRONMENT, text)
        : new WeirException(ErrorCode.CONFIG_ENVIRONMENT, text, cause);
  }
}
