package dev.weir.auth;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a client shows to prove who it is. None of them prints its secret.
public sealed interface Credentials {
  /// The longest token that is read at any door, net/wire's included: a JWT with many groups has
  /// some 4 KiB.
  int MAX_CHARS = 8 << 10;

  /// Nothing was shown.
  record None() implements Credentials {}

  /// A user and a password.
  record Password(String user, String password) implements Credentials {
    @Override
    public String toString() {
      return "Password[" + user + "]";
    }
  }

  /// An API key or a JWT.
  record Token(String text) implements Credentials {
    @Override
    public String toString() {
      return "Token[" + text.length() + " characters]";
    }
  }

  /// Certificates that TLS has verified, the client's own first.
  record Certificates(List<X509Certificate> chain) implements Credentials {
    public Certificates {
      chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
      return "Certificates[" + chain.size() + "]";
    }
  }

  /// These, or when nothing was shown, the certificates that TLS has verified.
  ///
  /// @param chain the client's own first; empty when it has shown none
  default Credentials or(List<X509Certificate> chain) {
    return this instanceof None && !chain.isEmpty() ? new Certificates(chain) : this;
  }

  /// Reads an `authorization` header or gRPC's metadata of that name: `Bearer TOKEN` (RFC 6750) or
  /// `Basic BASE64` (RFC 7617). Basic with the user `token` is the token in its password, for
  /// clients that know users and passwords only.
  ///
  /// @param header null when there is none
  /// @throws WeirException with UNAUTHENTICATED when it is neither; the message holds nothing of it
  static Credentials ofHeader(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return new None();
    }
    int space = header.indexOf(' ');
    String scheme = space < 0 ? "" : header.substring(0, space).toLowerCase(Locale.ROOT);
    if (space < 0) {
      throw unreadable();
    }
    String value = header.substring(space + 1).strip();
    return switch (scheme) {
      case "bearer" -> ofToken(value);
      case "basic" -> basic(bounded(value));
      default -> throw unreadable();
    };
  }

  /// A token that was shown.
  ///
  /// @throws WeirException with UNAUTHENTICATED when it is too long
  static Credentials ofToken(String text) {
    return new Token(bounded(text));
  }

  private static String bounded(String shown) {
    if (shown.length() > MAX_CHARS) {
      throw new WeirException(
          ErrorCode.UNAUTHENTICATED,
          "What was shown has "
              + shown.length()
              + " characters, expected "
              + MAX_CHARS
              + " at most.");
    }
    return shown;
  }

  private static Credentials basic(String value) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Base64.getDecoder().decode(value)))
              .toString();
      int colon = text.indexOf(':');
      if (colon < 0) {
        throw unreadable();
      }
      return of(text.substring(0, colon), text.substring(colon + 1));
    } catch (CharacterCodingException | IllegalArgumentException _) {
      throw unreadable();
    }
  }

  /// What a protocol with users and passwords shows; the user `token` is explained above.
  static Credentials of(String user, String password) {
    if (user.isEmpty() && password.isEmpty()) {
      return new None();
    }
    return user.equals("token") ? ofToken(password) : new Password(user, password);
  }

  private static WeirException unreadable() {
    return new WeirException(
        ErrorCode.UNAUTHENTICATED,
        "The authorization is neither 'Bearer TOKEN' nor 'Basic BASE64'.");
  }
}
