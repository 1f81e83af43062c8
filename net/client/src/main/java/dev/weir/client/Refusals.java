package dev.weir.client;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.proto.v1.Failure;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/// What a server refused, as the registry has it.
final class Refusals {
  private static final Metadata.Key<String> CODE =
      Metadata.Key.of("weir-code", Metadata.ASCII_STRING_MARSHALLER);

  private Refusals() {}

  static WeirException of(Failure failure) {
    return new WeirException(Requests.code(failure.getCode()), failure.getDetail());
  }

  static WeirException of(StatusRuntimeException fault) {
    return of(fault.getStatus(), fault.getTrailers());
  }

  static WeirException of(Status status, @Nullable Metadata trailers) {
    String number = trailers == null ? null : trailers.get(CODE);
    String reason = Requests.reason(status);
    if (number == null || !number.matches("\\d{1,5}")) {
      return new WeirException(code(status), "The server did not do it: " + reason);
    }
    ErrorCode code = Requests.code(Integer.parseInt(number));
    return WeirException.explained(reason)
        .filter(known -> known.code() == code)
        .orElseGet(() -> new WeirException(code, reason));
  }

  /// Whether a login that was refused so would be refused again.
  static boolean isLogin(ErrorCode code) {
    return switch (code) {
      case UNAUTHENTICATED, CREDENTIALS_MISSING, CREDENTIALS_EXPIRED, CREDENTIALS_REVOKED -> true;
      default -> false;
    };
  }

  private static ErrorCode code(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE, CANCELLED -> ErrorCode.UNREACHABLE;
      case DEADLINE_EXCEEDED -> ErrorCode.TIMED_OUT;
      case UNIMPLEMENTED -> ErrorCode.UNSUPPORTED_VERSION;
      case INVALID_ARGUMENT -> ErrorCode.MALFORMED;
      case UNAUTHENTICATED, PERMISSION_DENIED -> ErrorCode.UNAUTHENTICATED;
      case RESOURCE_EXHAUSTED -> ErrorCode.TOO_LARGE;
      default -> ErrorCode.BUG;
    };
  }
}
