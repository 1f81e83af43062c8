package dev.weir.base;

/// A peer fault or a world fault with its code from the registry; the message says what happened
/// with the offending value.
public final class WeirException extends RuntimeException {
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
}
