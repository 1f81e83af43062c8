package dev.weir.auth;

import dev.weir.base.Checks;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// A password as Argon2id (RFC 9106) keeps it, in the usual text form:
/// `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`. It prints nothing of itself.
public final class PasswordHash {
  /// OWASP's choice for Argon2id (password storage cheat sheet): 19 MiB, two passes, one lane.
  private static final int MEMORY_KIB = 19 << 10;

  private static final int PASSES = 2;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  /// A hash from elsewhere may cost more, but not so much that a check stops the core.
  private static final int MAX_MEMORY_KIB = 256 << 10;

  private static final int MAX_PASSES = 16;
  private static final int MAX_LANES = 16;

  /// Long enough for any passphrase.
  public static final int MAX_PASSWORD_CHARS = 1_024;

  private static final Pattern TEXT =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,3})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  private final int memoryKib;
  private final int passes;
  private final int lanes;
  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(int memoryKib, int passes, int lanes, byte[] salt, byte[] hash) {
    this.memoryKib = memoryKib;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt;
    this.hash = hash;
  }

  /// Hashes a password; takes some tens of milliseconds and 19 MiB.
  ///
  /// @param random a cryptographic one outside of tests
  /// @throws IllegalArgumentException when it is empty or has more than 1,024 characters
  public static PasswordHash of(String password, RandomGenerator random) {
    return of(password, random, MEMORY_KIB, PASSES);
  }

  /// As above, at another cost.
  static PasswordHash of(String password, RandomGenerator random, int memoryKib, int passes) {
    Checks.range("characters of the password", password.length(), 1, MAX_PASSWORD_CHARS);
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new PasswordHash(
        memoryKib, passes, 1, salt, compute(password, memoryKib, passes, 1, salt, HASH_BYTES));
  }

  /// Reads the text form.
  ///
  /// @throws IllegalArgumentException when it is another, or would cost more than 256 MiB, 16
  ///   passes or 16 lanes
  public static PasswordHash parse(String text) {
    Matcher parts = TEXT.matcher(text);
    Checks.argument(
        parts.matches(),
        "a password's hash is not $argon2id$v=19$m=KIB,t=PASSES,p=LANES$SALT$HASH");
    int lanes = Checks.range("lanes of a hash", Integer.parseInt(parts.group(3)), 1, MAX_LANES);
    return new PasswordHash(
        Checks.range("KiB of a hash", Integer.parseInt(parts.group(1)), 8 * lanes, MAX_MEMORY_KIB),
        Checks.range("passes of a hash", Integer.parseInt(parts.group(2)), 1, MAX_PASSES),
        lanes,
        Base64.getDecoder().decode(parts.group(4)),
        Base64.getDecoder().decode(parts.group(5)));
  }

  /// Whether a password is the one; takes as long for each.
  boolean matches(String password) {
    return password.length() <= MAX_PASSWORD_CHARS
        && MessageDigest.isEqual(
            hash, compute(password, memoryKib, passes, lanes, salt, hash.length));
  }

  private static byte[] compute(
      String password, int memoryKib, int passes, int lanes, byte[] salt, int length) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] result = new byte[length];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), result);
    return result;
  }

  /// The text form, for the book's file.
  public String text() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m="
        + memoryKib
        + ",t="
        + passes
        + ",p="
        + lanes
        + "$"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(hash);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PasswordHash that && text().equals(that.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  @Override
  public String toString() {
    return "PasswordHash";
  }
}
