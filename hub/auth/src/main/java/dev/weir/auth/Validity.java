package dev.weir.auth;

import dev.weir.auth.Identity.Proof;
import dev.weir.auth.jwt.TokenCheck;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Whether what was proved once still holds: asked again whenever the book changes. Pure.
final class Validity {
  private Validity() {}

  /// Why an identity holds no longer; none while it does.
  static Optional<WeirException> fault(AuthBook book, Identity identity, Clock clock) {
    if (clock.epochMicros() >= identity.expiryMicros()) {
      return Optional.of(expired(identity));
    }
    User user = book.users().get(identity.user());
    if (user == null && identity.proof() != Proof.JWT) {
      return revoked("There is no user '" + identity.user() + "' any more.");
    }
    if (user != null && user.isDisabled()) {
      return revoked("The user '" + identity.user() + "' is disabled.");
    }
    return switch (identity.proof()) {
      case PASSWORD ->
          user != null && stamp(user).equals(identity.stamp())
              ? Optional.empty()
              : revoked("The password of '" + identity.user() + "' was changed.");
      case KEY -> {
        ApiKey key = book.keys().get(identity.credential());
        yield key != null && !key.isRevoked() && key.user().equals(identity.user())
            ? Optional.empty()
            : revoked("The key " + identity.credential() + " was taken back.");
      }
      case JWT ->
          book.issuers().stream().noneMatch(known -> known.issuer().equals(identity.stamp()))
              ? revoked("Tokens of '" + identity.stamp() + "' are not accepted any more.")
              : book.revokedTokens().contains(identity.credential())
                  ? revoked("The token " + identity.credential() + " was taken back.")
                  : Optional.empty();
      case CERTIFICATE ->
          user != null && user.certificates().contains(identity.credential())
              ? Optional.empty()
              : revoked("The certificate '" + identity.credential() + "' was taken back.");
    };
  }

  /// Changes with the user's password, and tells nothing of it.
  static String stamp(User user) {
    return user.password().map(hash -> TokenCheck.fingerprint(hash.text())).orElse("");
  }

  static WeirException expired(Identity identity) {
    Instant until = Instant.EPOCH.plus(identity.expiryMicros(), ChronoUnit.MICROS);
    String what =
        switch (identity.proof()) {
          case PASSWORD -> "password";
          case KEY -> "key " + identity.credential();
          case JWT -> "token";
          case CERTIFICATE -> "certificate";
        };
    return new WeirException(
        ErrorCode.CREDENTIALS_EXPIRED, "The " + what + " was valid until " + until + ".");
  }

  private static Optional<WeirException> revoked(String why) {
    return Optional.of(new WeirException(ErrorCode.CREDENTIALS_REVOKED, why));
  }
}
