package dev.weir.client;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.proto.v1.Failure;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a server refused, as the registry has it.
final class Refusals {
  private static final Metadata.Key<String> CODE =
      Metadata.Key.of("weir-code", Metadata.ASCII_STRING_MARSHALLER);

  /// A status of gRPC and the explanation of a core.
  private static final Pattern LOGIN =
      Pattern.compile("UNAUTHENTICATED: (WEIR-(\\d{4}): .*)", Pattern.DOTALL);

  private Refusals() {}

  static WeirException of(Failure failure) {
    return new WeirException(Requests.code(failure.getCode()), failure.getDetail());
  }

  static WeirException of(StatusRuntimeException fault) {
    return of(fault.getStatus(), fault.getTrailers());
  }

  static WeirException of(Status status, @Nullable Metadata trailers) {
    String number = trailers == null ? null : trailers.get(CODE);
    return number != null && number.matches("\\d{1,5}")
        ? refusal(Requests.code(Integer.parseInt(number)), Requests.reason(status))
        : new WeirException(code(status), "The server did not do it: " + Requests.reason(status));
  }

  /// A login that was refused, where the reason of a lost stream says so.
  static Optional<WeirException> ofLogin(String reason) {
    Matcher login = LOGIN.matcher(reason);
    if (!login.find()) {
      return Optional.empty();
    }
    ErrorCode code = Requests.code(Integer.parseInt(login.group(2)));
    return switch (code) {
      case UNAUTHENTICATED, CREDENTIALS_MISSING, CREDENTIALS_EXPIRED, CREDENTIALS_REVOKED ->
          Optional.of(refusal(code, login.group(1)));
      default -> Optional.empty();
    };
  }

  /// The server's explanation without what ours adds again: the code before, and the fix behind.
  private static WeirException refusal(ErrorCode code, String explanation) {
    String before = code.label() + ": ";
    String behind = " " + code.fix();
    String text =
        explanation.startsWith(before) ? explanation.substring(before.length()) : explanation;
    return new WeirException(
        code, text.endsWith(behind) ? text.substring(0, text.length() - behind.length()) : text);
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
