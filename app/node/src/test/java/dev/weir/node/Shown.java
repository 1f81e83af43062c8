package dev.weir.node;

import dev.weir.base.ErrorCode;
import io.grpc.Status;

/// What a client may show that lets it in nowhere, and what it is told.
enum Shown {
  NOTHING("", ErrorCode.CREDENTIALS_MISSING, 401),
  WRONG_KEY("Bearer weir_00000000_x", ErrorCode.UNAUTHENTICATED, 401),
  NONSENSE("Nonsense", ErrorCode.UNAUTHENTICATED, 401),
  WRONG_PASSWORD(Guests.basic("anna", "wrong"), ErrorCode.UNAUTHENTICATED, 401),
  EXPIRED_KEY("Bearer " + Guests.EXPIRED.text(), ErrorCode.CREDENTIALS_EXPIRED, 401),
  REVOKED_KEY("Bearer " + Guests.REVOKED.text(), ErrorCode.CREDENTIALS_REVOKED, 401),
  NO_RIGHT("Bearer " + Guests.POWERLESS.text(), ErrorCode.NOT_PERMITTED, 403);

  private final String authorization;
  private final ErrorCode code;
  private final int httpStatus;

  Shown(String authorization, ErrorCode code, int httpStatus) {
    this.authorization = authorization;
    this.code = code;
    this.httpStatus = httpStatus;
  }

  String authorization() {
    return authorization;
  }

  ErrorCode code() {
    return code;
  }

  int httpStatus() {
    return httpStatus;
  }

  boolean isKnown() {
    return this == NO_RIGHT;
  }

  /// Whether it was told so: after five wrong passwords an address waits.
  boolean mayBePaused(String told) {
    return this == WRONG_PASSWORD && told.contains(ErrorCode.LOGIN_PAUSED.label());
  }

  Status.Code grpc() {
    return isKnown() ? Status.Code.PERMISSION_DENIED : Status.Code.UNAUTHENTICATED;
  }
}
