package dev.weir.auth;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A key that proves a user, as the book has it: the secret itself is shown once and kept nowhere.
///
/// ```
///  weir_ 4f1c09ab _ MhJ6…        what a client shows: 256 random bits behind the id
///        id         secret       kept: SHA-256 of the secret; nothing slower is needed, since
///                                nobody can try through 2^256
/// ```
///
/// @param id 8 hexadecimal digits, to name it by
/// @param user whom it proves
/// @param sha256 of the secret
/// @param note what it is for
/// @param createdMicros microseconds since 1970
/// @param expiryMicros microseconds since 1970, [Identity#NEVER] for no end
/// @param isRevoked whether it was taken back; kept so that who shows it is told so
public record ApiKey(
    String id,
    String user,
    Bytes sha256,
    String note,
    long createdMicros,
    long expiryMicros,
    boolean isRevoked) {
  static final String PREFIX = "weir_";
  private static final int ID_CHARS = 8;
  private static final int SECRET_BYTES = 32;

  public ApiKey {
    Checks.argument(id.matches("[0-9a-f]{8}"), "a key's id is '" + id + "', expected 8 hex digits");
    Checks.range("bytes of a key's hash", sha256.length(), 32, 32);
  }

  /// A key and the text that is shown once.
  public record Fresh(ApiKey key, String text) {}

  /// Draws a key.
  ///
  /// @param random a cryptographic one outside of tests
  public static Fresh draw(
      String user, String note, long nowMicros, long expiryMicros, RandomGenerator random) {
    byte[] id = new byte[ID_CHARS / 2];
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(id);
    random.nextBytes(secret);
    String name = HexFormat.of().formatHex(id);
    String shown = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    ApiKey key = new ApiKey(name, user, hash(shown), note, nowMicros, expiryMicros, false);
    return new Fresh(key, PREFIX + name + "_" + shown);
  }

  public ApiKey revoked() {
    return new ApiKey(id, user, sha256, note, createdMicros, expiryMicros, true);
  }

  /// The id within the text of a key; none when it is no key's text.
  static Optional<String> idOf(String text) {
    int at = PREFIX.length() + ID_CHARS;
    return text.startsWith(PREFIX) && text.length() > at + 1 && text.charAt(at) == '_'
        ? Optional.of(text.substring(PREFIX.length(), at))
        : Optional.empty();
  }

  /// Whether a text is this key's; takes as long for each.
  boolean matches(String text) {
    return MessageDigest.isEqual(
        sha256.toArray(), hash(text.substring(PREFIX.length() + ID_CHARS + 1)).toArray());
  }

  private static Bytes hash(String secret) {
    try {
      return Bytes.wrap(
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }
}
