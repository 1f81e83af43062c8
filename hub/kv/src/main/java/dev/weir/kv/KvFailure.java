package dev.weir.kv;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;
import java.util.concurrent.CompletionException;

/// What a status means to a caller.
final class KvFailure {
  private KvFailure() {}

  /// Why there is no connection, told like the failure of a call that never left.
  static WireStatus unreached(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof WeirException known) {
      StatusCode code =
          known.code() == ErrorCode.UNAUTHENTICATED
              ? StatusCode.UNAUTHENTICATED
              : StatusCode.UNAVAILABLE;
      return WireStatus.unprocessed(code, String.valueOf(known.getMessage()));
    }
    return WireStatus.unprocessed(StatusCode.UNAVAILABLE, String.valueOf(cause));
  }

  static WeirException of(WireStatus status) {
    ErrorCode code =
        switch (status.code()) {
          case UNAVAILABLE, CANCELLED, ABORTED -> ErrorCode.UNREACHABLE;
          case DEADLINE_EXCEEDED -> ErrorCode.TIMED_OUT;
          case RESOURCE_EXHAUSTED -> ErrorCode.OVERLOADED;
          case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION -> ErrorCode.MALFORMED;
          case UNIMPLEMENTED -> ErrorCode.UNSUPPORTED_VERSION;
          case UNAUTHENTICATED, PERMISSION_DENIED -> ErrorCode.UNAUTHENTICATED;
          case DATA_LOSS -> ErrorCode.LOG_DAMAGED;
          case OK, UNKNOWN, NOT_FOUND, ALREADY_EXISTS, INTERNAL -> ErrorCode.BUG;
        };
    return new WeirException(code, status.code() + ": " + status.detail());
  }
}
