package dev.weir.tls;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.WeirException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Keys and trust from PEM files (RFC 7468), by the JDK's provider. Read once, and again by
/// [#refresh] or, when they were changed, by a [KeyWatch]: the connections that follow use what was
/// read last. What does not fit together (a key of another certificate, half a file) is refused,
/// and what was read before stays in force. Any thread.
public final class PemFiles implements Supplier<SSLContext> {
  private static final char[] NO_PASSWORD = new char[0];

  /// 1 MiB: a certificate has 2 KiB, the authorities of a browser together 250 KiB.
  private static final int MAX_FILE_BYTES = 1 << 20;

  private final @Nullable Path certificate;
  private final @Nullable Path key;
  private final @Nullable Path trusted;
  private volatile InForce inForce;
  private List<Bytes> lastTried;

  /// What connections use.
  private record InForce(SSLContext context, List<X509Certificate> own) {}

  /// @param certificate an own one with its chain, its own first; null for none
  /// @param key its private key, PKCS #8 without a password; null for none
  /// @param trusted who signs the peers' certificates; null for those whom the JDK trusts
  /// @throws IllegalArgumentException for a certificate without a key, or a key without one
  /// @throws WeirException CONFIG_ENVIRONMENT when a file cannot be read or used, naming it
  public PemFiles(@Nullable Path certificate, @Nullable Path key, @Nullable Path trusted) {
    Checks.argument(
        (certificate == null) == (key == null), "a certificate and its key belong together");
    this.certificate = certificate;
    this.key = key;
    this.trusted = trusted;
    this.lastTried = read();
    this.inForce = parse(lastTried);
  }

  @Override
  public SSLContext get() {
    return inForce.context();
  }

  /// The own certificate that is in force; empty without one.
  public Optional<X509Certificate> certificate() {
    return inForce.own().stream().findFirst();
  }

  /// Reads the files again.
  ///
  /// @throws WeirException as the constructor; what was read before stays in force
  public synchronized void refresh() {
    List<Bytes> texts = read();
    lastTried = texts;
    inForce = parse(texts);
  }

  /// Reads the files, and takes them when one is not as it was when it was last looked at.
  ///
  /// @return whether something new is in force
  /// @throws WeirException as the constructor, once for each change: files that were refused are
  ///   tried again when they change
  public synchronized boolean refreshIfChanged() {
    List<Bytes> texts;
    try {
      texts = read();
    } catch (WeirException e) {
      if (lastTried.isEmpty()) {
        return false; // Still away, as was said before.
      }
      lastTried = List.of();
      throw e;
    }
    if (texts.equals(lastTried)) {
      return false;
    }
    lastTried = texts;
    inForce = parse(texts);
    return true;
  }

  /// The files, for people.
  @Override
  public String toString() {
    List<String> names = new ArrayList<>();
    for (Path file : files()) {
      names.add(file.toString());
    }
    return String.join(", ", names);
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    if (certificate != null && key != null) {
      files.add(certificate);
      files.add(key);
    }
    if (trusted != null) {
      files.add(trusted);
    }
    return files;
  }

  /// The texts, in the order of [#files].
  private List<Bytes> read() {
    List<Bytes> texts = new ArrayList<>();
    for (Path file : files()) {
      try {
        Checks.range("bytes of " + file, Files.size(file), 0, MAX_FILE_BYTES);
        texts.add(Bytes.wrap(Files.readAllBytes(file)));
      } catch (IOException | IllegalArgumentException e) {
        throw Pem.refused(file, "it cannot be read (" + e + ")", e);
      }
    }
    return List.copyOf(texts);
  }

  private InForce parse(List<Bytes> texts) {
    int next = 0;
    Path at = files().isEmpty() ? Path.of("the trust of the JDK") : files().getFirst();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      List<X509Certificate> own = List.of();
      KeyManagerFactory keys = null;
      TrustManagerFactory trust = null;
      if (certificate != null && key != null) {
        own = Pem.certificates(certificate, texts.get(next++));
        at = key;
        keys = keys(own, key, Pem.privateKey(key, texts.get(next++)), certificate);
      }
      if (trusted != null) {
        at = trusted;
        trust = trust(Pem.certificates(trusted, texts.get(next)));
      }
      context.init(
          keys == null ? null : keys.getKeyManagers(),
          trust == null ? null : trust.getTrustManagers(),
          null);
      return new InForce(context, own);
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw Pem.refused(at, String.valueOf(e.getMessage()), e);
    }
  }

  private static KeyManagerFactory keys(
      List<X509Certificate> own, Path file, PrivateKey key, Path certificate)
      throws GeneralSecurityException, IOException {
    if (!Pem.isPair(key, own.getFirst().getPublicKey())) {
      throw Pem.refused(file, "it is not the key of " + certificate, null);
    }
    KeyStore store = empty();
    store.setKeyEntry("own", key, NO_PASSWORD, own.toArray(Certificate[]::new));
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, NO_PASSWORD);
    return factory;
  }

  private static TrustManagerFactory trust(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    for (X509Certificate authority : authorities) {
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
}
