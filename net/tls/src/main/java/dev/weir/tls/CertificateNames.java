package dev.weir.tls;

import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/// What a certificate calls its owner.
public final class CertificateNames {
  private CertificateNames() {}

  /// The common name of its subject, or the whole subject (RFC 2253) without one.
  public static String of(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName();
    try {
      return new LdapName(subject)
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .map(part -> part.getValue().toString())
              .findFirst()
              .orElse(subject);
    } catch (InvalidNameException _) {
      return subject; // It names its owner all the same.
    }
  }
}
