package dev.weir.auth;

import dev.weir.base.Checks;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Whose tokens are believed, and for whom they stand.
///
/// @param issuer what `iss` must be
/// @param audience what `aud` must hold
/// @param algorithms that are accepted: of [#ALGORITHMS]
/// @param keys where its keys are
/// @param clockSkew how far its clock may be from ours
/// @param userClaim which claim names the user
/// @param rolesClaim which claim lists roles; those that the book does not have are ignored
/// @param roles that everybody has whom it vouches for
public record JwtIssuer(
    String issuer,
    String audience,
    Set<String> algorithms,
    Keys keys,
    Duration clockSkew,
    String userClaim,
    Optional<String> rolesClaim,
    List<String> roles) {
  /// What can be verified; `none` is not among them.
  public static final List<String> ALGORITHMS =
      List.of(
          "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
          "ES384", "ES512", "EdDSA");

  /// Where keys are.
  public sealed interface Keys {
    /// A JWKS document (RFC 7517) in a file, read again when it changes.
    record File(Path path) implements Keys {}

    /// A JWKS document at an address, fetched when a key is asked for that is not known.
    record Url(URI address) implements Keys {
      public Url {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(address.getHost());
        boolean isLocal = host.equals("127.0.0.1") || host.equals("localhost");
        Checks.argument(
            scheme.equals("https") || (scheme.equals("http") && isLocal),
            "the JWKS address is '" + address + "', expected https, or http on loopback");
      }
    }

    /// A secret shared with the issuer, in a file of its own; for HS256 and its like.
    record Secret(Path path) implements Keys {}
  }

  public JwtIssuer {
    Checks.argument(!issuer.isBlank(), "a JWT issuer is empty");
    Checks.argument(!audience.isBlank(), "the audience of '" + issuer + "' is empty");
    Checks.argument(!algorithms.isEmpty(), "no algorithm of '" + issuer + "' is accepted");
    Checks.range("clock skew in seconds", clockSkew.toSeconds(), 0, 600);
    algorithms = Set.copyOf(algorithms);
    roles = List.copyOf(roles);
    boolean isShared = keys instanceof Keys.Secret;
    for (String algorithm : algorithms) {
      Checks.argument(
          ALGORITHMS.contains(algorithm),
          "the algorithm '" + algorithm + "' is not one of " + ALGORITHMS);
      // A public key must never be taken for a shared secret, which anybody could then sign with.
      Checks.argument(
          algorithm.startsWith("HS") == isShared,
          "the algorithm "
              + algorithm
              + " of '"
              + issuer
              + "' does not go with its keys: HS256 and"
              + " its like need a secret file, the others a JWKS");
    }
  }
}
