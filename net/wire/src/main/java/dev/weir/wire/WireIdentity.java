package dev.weir.wire;

import dev.weir.tls.CertificateNames;
import java.security.cert.X509Certificate;

/// Who a peer has proved to be.
///
/// @param name what it is called; empty for nobody in particular
/// @param proof how it proved that
public record WireIdentity(String name, Proof proof) {
  /// How an identity was proved.
  public enum Proof {
    NONE,
    CERTIFICATE,
    TOKEN
  }

  /// A peer of whom nothing was asked.
  public static final WireIdentity ANONYMOUS = new WireIdentity("", Proof.NONE);

  /// The owner of a verified certificate: its common name, or its whole subject without one.
  public static WireIdentity of(X509Certificate certificate) {
    return new WireIdentity(CertificateNames.of(certificate), Proof.CERTIFICATE);
  }
}
