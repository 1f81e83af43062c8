package dev.weir.wire;

import dev.weir.tls.CertificateNames;
import java.security.cert.X509Certificate;

/// Who a peer has proved to be.
///
/// @param name what it is called; empty for nobody in particular
/// @param proof how it proved that
/// @param grant what its authenticator holds for it meanwhile
public record WireIdentity(String name, Proof proof, WireGrant grant) {
  /// How an identity was proved.
  public enum Proof {
    NONE,
    CERTIFICATE,
    TOKEN
  }

  /// One for which nothing is held.
  public WireIdentity(String name, Proof proof) {
    this(name, proof, WireGrant.NONE);
  }

  /// A peer of whom nothing was asked.
  public static final WireIdentity ANONYMOUS = new WireIdentity("", Proof.NONE);

  /// The owner of a verified certificate: its common name, or its whole subject without one.
  public static WireIdentity of(X509Certificate certificate) {
    return new WireIdentity(CertificateNames.of(certificate), Proof.CERTIFICATE);
  }
}
