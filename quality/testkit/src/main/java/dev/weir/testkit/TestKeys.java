package dev.weir.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
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
