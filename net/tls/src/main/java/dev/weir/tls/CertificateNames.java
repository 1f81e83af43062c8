package dev.weir.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.jspecify.annotations.Nullable;

/// What a certificate calls its owner. Pure.
public final class CertificateNames {
  private static final List<Integer> KINDS = List.of(1, 2, 6); // rfc822Name, dNSName, URI.

  private CertificateNames() {}

  /// The common name of its subject, or the whole subject (RFC 2253) without one.
  public static String of(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName();
    return commonNames(subject).stream().findFirst().orElse(subject);
  }

  /// All of its names, the most telling first: the alternative ones of kinds that name somebody
  /// (DNS, e-mail, URI), the common names, the whole subject.
  public static List<String> all(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName();
    List<String> names = alternatives(certificate);
    names.addAll(commonNames(subject));
    names.add(subject);
    return names;
  }

  private static List<String> alternatives(X509Certificate certificate) {
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
    return names;
  }

  private static List<String> commonNames(String subject) {
    try {
      return new LdapName(subject)
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .map(part -> part.getValue().toString())
              .toList();
    } catch (InvalidNameException _) {
      return List.of(); // The whole subject, then.
    }
  }
}
