package dev.weir.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.weir.auth.Identity;
import dev.weir.auth.JwtIssuer;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Judges JWTs as RFC 8725 advises: the algorithm must be one that the issuer was given, its key
/// one of the issuer's own of that kind, and only then is a claim believed.
///
/// Any thread; [#check] may block while keys are read or fetched.
public final class TokenCheck {
  /// NIST SP 800-131A.
  private static final int MIN_RSA_BITS = 2_048;

  private static final int MAX_ROLES = 64;

  private final Clock clock;
  private final Map<JwtIssuer.Keys, IssuerKeys> keys = new ConcurrentHashMap<>();

  public TokenCheck(Clock clock) {
    this.clock = clock;
  }

  /// Forgets the keys of issuers that are not among these.
  public void retain(Collection<JwtIssuer> issuers) {
    keys.keySet().retainAll(issuers.stream().map(JwtIssuer::keys).toList());
  }

  /// Whether a text may be a JWT at all.
  public static boolean isLike(String text) {
    return text.startsWith("ey") && text.chars().filter(c -> c == '.').count() == 2;
  }

  /// Who a token stands for.
  ///
  /// @throws WeirException with UNAUTHENTICATED, CREDENTIALS_EXPIRED, or OVERLOADED when the keys
  ///   cannot be had
  public Identity check(String text, List<JwtIssuer> issuers) {
    try {
      SignedJWT token = SignedJWT.parse(text);
      JWTClaimsSet claims = token.getJWTClaimsSet();
      JwtIssuer issuer =
          issuers.stream()
              .filter(known -> known.issuer().equals(claims.getIssuer()))
              .findFirst()
              .orElseThrow(() -> wrong("its issuer is not known"));
      if (!issuer.algorithms().contains(token.getHeader().getAlgorithm().getName())) {
        throw wrong("its algorithm is not one that its issuer uses");
      }
      if (!isSigned(token, issuer)) {
        throw wrong("no key of its issuer has signed it");
      }
      return identity(text, claims, issuer);
    } catch (ParseException | IllegalArgumentException e) {
      throw new WeirException(ErrorCode.UNAUTHENTICATED, "The token cannot be read.", e);
    }
  }

  private static WeirException wrong(String why) {
    return new WeirException(ErrorCode.UNAUTHENTICATED, "The token is not accepted: " + why + ".");
  }

  private boolean isSigned(SignedJWT token, JwtIssuer issuer) {
    JWSHeader header = token.getHeader();
    if (header.getCriticalParams() != null) {
      throw wrong("it demands extensions");
    }
    IssuerKeys found = keys.computeIfAbsent(issuer.keys(), where -> new IssuerKeys(where, clock));
    boolean isShared = issuer.keys() instanceof JwtIssuer.Keys.Secret;
    for (JWK key : found.find(header)) {
      if (IssuerKeys.isSecret(key) == isShared && isSignedBy(key, token)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSignedBy(JWK key, SignedJWT token) {
    try {
      if (key instanceof OctetKeyPair edwards) {
        return EdwardsVerifier.fits(token.getHeader(), edwards)
            && EdwardsVerifier.verify(
                edwards, token.getSigningInput(), token.getSignature().decode());
      }
      JWSVerifier verifier = verifier(key);
      return verifier != null
          && verifier.supportedJWSAlgorithms().contains(token.getHeader().getAlgorithm())
          && token.verify(verifier);
    } catch (JOSEException | GeneralSecurityException | IllegalStateException _) {
      return false; // A key that cannot be used has signed nothing.
    }
  }

  private static @Nullable JWSVerifier verifier(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa -> rsa.size() < MIN_RSA_BITS ? null : new RSASSAVerifier(rsa);
      case ECKey curve -> new ECDSAVerifier(curve);
      case OctetSequenceKey secret -> new MACVerifier(secret);
      default -> null;
    };
  }

  private Identity identity(String text, JWTClaimsSet claims, JwtIssuer issuer)
      throws ParseException {
    if (!claims.getAudience().contains(issuer.audience())) {
      throw wrong("it is meant for another audience than '" + issuer.audience() + "'");
    }
    long skew = TimeUnit.SECONDS.toMicros(issuer.clockSkew().toSeconds());
    long now = clock.epochMicros();
    Date expiry = claims.getExpirationTime();
    if (expiry == null) {
      throw wrong("it has no expiry (exp)");
    }
    long endMicros = TimeUnit.MILLISECONDS.toMicros(expiry.toInstant().toEpochMilli());
    long expiryMicros = endMicros > Identity.NEVER - skew ? Identity.NEVER : endMicros + skew;
    if (now >= expiryMicros) {
      throw new WeirException(
          ErrorCode.CREDENTIALS_EXPIRED, "The token was valid until " + expiry.toInstant() + ".");
    }
    requirePast("nbf", claims.getNotBeforeTime(), now + skew);
    requirePast("iat", claims.getIssueTime(), now + skew);
    String user = claims.getStringClaim(issuer.userClaim());
    if (user == null || user.isBlank() || user.length() > Identity.MAX_NAME_CHARS) {
      throw wrong("its claim '" + issuer.userClaim() + "' names no user");
    }
    String id = claims.getJWTID();
    return new Identity(
        user,
        Identity.Proof.JWT,
        id == null || id.isBlank() ? fingerprint(text) : id,
        roles(claims, issuer),
        expiryMicros,
        issuer.issuer());
  }

  private static void requirePast(String claim, @Nullable Date time, long limitMicros) {
    Instant instant = time == null ? Instant.EPOCH : time.toInstant();
    if (TimeUnit.MILLISECONDS.toMicros(instant.toEpochMilli()) > limitMicros) {
      throw wrong("it is not valid before " + instant + " (" + claim + ")");
    }
  }

  private static List<String> roles(JWTClaimsSet claims, JwtIssuer issuer) throws ParseException {
    List<String> roles = new ArrayList<>(issuer.roles());
    if (issuer.rolesClaim().isPresent()) {
      Object value = claims.getClaim(issuer.rolesClaim().get());
      if (value instanceof String words) {
        roles.addAll(List.of(words.strip().split("\\s+")));
      } else if (value != null) {
        List<String> listed = claims.getStringListClaim(issuer.rolesClaim().get());
        roles.addAll(listed == null ? List.of() : listed);
      }
    }
    return roles.stream().distinct().limit(MAX_ROLES).toList();
  }

  /// What a token without an id is called: the beginning of its SHA-256.
  public static String fingerprint(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }
}
