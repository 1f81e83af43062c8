package dev.weir.auth;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.jspecify.annotations.Nullable;

/// What a certificate says that its owner is called: the alternative names of kinds that name
/// somebody (DNS, e-mail, URI), the common name, the whole subject.
final class CertificateNames {
  private static final List<Integer> KINDS = List.of(1, 2, 6); // rfc822Name, dNSName, URI.

  private CertificateNames() {}

  static List<String> of(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      @Nullable Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          if (alternative.get(0) instanceof Integer kind
              && KINDS.contains(kind)
              && alternative.get(1) instanceof String name) {
            names.add(name);
          }
        }
      }
    } catch (CertificateParsingException _) {
      // Its subject names it all the same.
    }
    String subject = certificate.getSubjectX500Principal().getName();
    try {
      new LdapName(subject)
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .map(part -> part.getValue().toString())
              .forEach(names::add);
    } catch (InvalidNameException _) {
      // The whole subject, then.
    }
    names.add(subject);
    return names;
  }
}
