package dev.weir.wire;

import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

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
    String subject = certificate.getSubjectX500Principal().getName();
    return new WireIdentity(commonName(subject), Proof.CERTIFICATE);
  }

  private static String commonName(String subject) {
    try {
      return new LdapName(subject)
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .map(part -> part.getValue().toString())
              .findFirst()
              .orElse(subject);
    } catch (InvalidNameException e) {
      return subject; // It names its owner all the same.
    }
  }
}
