package dev.weir.edge.source.socket;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// The server's side of TLS 1.2 and 1.3 (RFC 5425 for syslog), from PEM files read once. Any thread
/// may use it.
public final class TlsServer {
  /// Handshakes take three round trips at most; a peer that opens connections and says nothing must
  /// not hold them.
  private static final int HANDSHAKE_MILLIS = 10_000;

  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private final SSLContext context;
  private final boolean isClientAsked;

  private TlsServer(SSLContext context, boolean isClientAsked) {
    this.context = context;
    this.isClientAsked = isClientAsked;
  }

  /// @param certificate the server's chain, its own first
  /// @param key its private key, PKCS#8 without a password
  /// @param clientCa who signs the certificates of clients; empty when clients need none
  /// @throws WeirException with CONFIG_ENVIRONMENT when a file cannot be read or used, naming it
  public static TlsServer of(Path certificate, Path key, Optional<Path> clientCa) {
    try {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
      own.setKeyEntry("server", privateKey(key), new char[0], chain);
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, new char[0]);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      if (clientCa.isPresent()) {
        for (Certificate ca : certificates(clientCa.get())) {
          trusted.setCertificateEntry("ca-" + trusted.size(), ca);
        }
        trust.init(trusted);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys.getKeyManagers(), clientCa.isPresent() ? trust.getTrustManagers() : null, null);
      return new TlsServer(context, clientCa.isPresent());
    } catch (GeneralSecurityException | IOException e) {
      throw refused(certificate, String.valueOf(e.getMessage()), e);
    }
  }

  /// Performs the handshake, within ten seconds.
  ///
  /// @throws IOException when the peer does not speak TLS or has no certificate that is accepted
  Socket secure(Socket plain) throws IOException {
    plain.setSoTimeout(HANDSHAKE_MILLIS);
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
    socket.setUseClientMode(false);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setNeedClientAuth(isClientAsked);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static List<Certificate> certificates(Path file) throws GeneralSecurityException {
    Collection<? extends Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(bytes(file)));
    if (found.isEmpty()) {
      throw refused(file, "it holds no certificate in PEM", null);
    }
    return new ArrayList<>(found);
  }

  private static PrivateKey privateKey(Path file) throws GeneralSecurityException {
    Matcher pem = PKCS8.matcher(new String(bytes(file), StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw refused(
          file,
          "it holds no private key in PKCS#8; `openssl pkcs8 -topk8 -nocrypt -in KEY` makes one",
          null);
    }
    PKCS8EncodedKeySpec encoded =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (InvalidKeySpecException e) {
        // Of another algorithm; when it is of none, the end of the loop says so.
      }
    }
    throw refused(file, "its key is neither RSA nor EC nor EdDSA", null);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw refused(file, "it cannot be read (" + e + ")", e);
    }
  }

  private static WeirException refused(
      Path file, String fault, @org.jspecify.annotations.Nullable Throwable cause) {
    String text = "TLS cannot use " + file + ": " + fault + ".";
    return cause == null
        ? new WeirException(ErrorCode.CONFIG_ENVIRONMENT, text)
        : new WeirException(ErrorCode.CONFIG_ENVIRONMENT, text, cause);
  }
}
