package dev.weir.base;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A peer fault or a world fault with its code from the registry; the message says what happened
/// with the offending value.
public final class WeirException extends RuntimeException {
  private static final Pattern EXPLANATION = Pattern.compile("WEIR-(\\d{4}): (.*)", Pattern.DOTALL);

  private final ErrorCode code;

  public WeirException(ErrorCode code, String detail) {
    super(detail);
    this.code = code;
  }

  public WeirException(ErrorCode code, String detail, Throwable cause) {
    super(detail, cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }

  /// What a person reads: code, what happened, what to do next.
  public String explanation() {
    return code.label() + ": " + getMessage() + " " + code.fix();
  }

  /// What another end said of its fault, as [#explanation] or without the last part; empty for a
  /// text that begins with no code of the registry.
  public static Optional<WeirException> explained(String text) {
    Matcher parts = EXPLANATION.matcher(text);
    return parts.matches()
        ? ErrorCode.of(Integer.parseInt(parts.group(1))).map(code -> of(code, parts.group(2)))
        : Optional.empty();
  }

  private static WeirException of(ErrorCode code, String detail) {
    String behind = " " + code.fix();
    int length = detail.endsWith(behind) ? detail.length() - behind.length() : detail.length();
    return new WeirException(code, detail.substring(0, length));
  }
}
