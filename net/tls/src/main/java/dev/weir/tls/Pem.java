package dev.weir.tls;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the text of PEM files (RFC 7468). Pure: a file's name is there for the message alone.
final class Pem {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /// Any text will do: what is signed with a key shows that another belongs to it.
  private static final byte[] PROBE = "weir".getBytes(StandardCharsets.US_ASCII);

  private Pem() {}

  /// All certificates of a file, in its order.
  ///
  /// @throws WeirException CONFIG_ENVIRONMENT when there is none
  static List<X509Certificate> certificates(Path file, Bytes text) throws GeneralSecurityException {
    List<X509Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(text.toArray()))
            .stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (found.isEmpty()) {
      throw refused(file, "it holds no certificate in PEM", null);
    }
    return found;
  }

  /// The private key of a file: PKCS #8 without a password.
  ///
  /// @throws WeirException CONFIG_ENVIRONMENT when there is none
  static PrivateKey privateKey(Path file, Bytes text) throws GeneralSecurityException {
    Matcher pem = PKCS8.matcher(new String(text.toArray(), StandardCharsets.ISO_8859_1));
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
      } catch (InvalidKeySpecException _) {
        // Of another algorithm; when it is of none, the end of the loop says so.
      }
    }
    throw refused(file, "its key is neither RSA nor EC nor EdDSA", null);
  }

  /// Whether a private key is that of a certificate: found out by signing, since the two halves of
  /// a key are not comparable for every algorithm.
  static boolean isPair(PrivateKey key, PublicKey shown) throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(shown.getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(PROBE);
    byte[] signature = signing.sign();
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(shown);
    verifying.update(PROBE);
    try {
      return verifying.verify(signature);
    } catch (java.security.SignatureException _) {
      return false; // Of another length: of another key.
    }
  }

  static WeirException refused(Path file, String fault, @Nullable Throwable cause) {
    String text = "TLS cannot use " + file + ": " + fault + ".";
    return cause == null
        ? new WeirException(ErrorCode.CONFIG_ENVIRONMENT, text)
        : new WeirException(ErrorCode.CONFIG_ENVIRONMENT, text, cause);
  }
}
