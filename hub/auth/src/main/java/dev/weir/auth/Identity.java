package dev.weir.auth;

import dev.weir.base.Checks;
import java.util.List;
import java.util.Locale;

/// Who a client has proved to be, and by what.
///
/// @param user the user's name
/// @param proof how it was proved
/// @param credential which one it was, for people and for revoking: a key's or a token's id, a
///   certificate's name; never a secret
/// @param roles that the proof itself grants, beside those of the user
/// @param expiryMicros when the proof ends, microseconds since 1970; [#NEVER] for no end
/// @param stamp changes when the credential does: a session lives while it is the same
public record Identity(
    String user,
    Proof proof,
    String credential,
    List<String> roles,
    long expiryMicros,
    String stamp) {
  public static final long NEVER = Long.MAX_VALUE;

  /// Names of people, devices and services.
  public static final int MAX_NAME_CHARS = 128;

  /// How an identity was proved.
  public enum Proof {
    PASSWORD,
    KEY,
    JWT,
    CERTIFICATE;

    /// As it is written: `password`.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Identity {
    Checks.range("characters of the user's name", user.length(), 1, MAX_NAME_CHARS);
    roles = List.copyOf(roles);
  }
}
