package dev.weir.kv;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a status means to a caller.
final class KvFailure {
  private static final Pattern LABEL = Pattern.compile("WEIR-([0-9]{4}):? *");

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

  /// What a peer that knows who asks, or whose the key is, has named exactly.
  private static Optional<ErrorCode> named(WireStatus status) {
    Matcher label = LABEL.matcher(status.detail());
    Optional<ErrorCode> code =
        label.lookingAt() ? ErrorCode.of(Integer.parseInt(label.group(1))) : Optional.empty();
    return switch (status.code()) {
      case UNAUTHENTICATED, PERMISSION_DENIED -> code;
      case UNAVAILABLE ->
          code.filter(c -> c == ErrorCode.SLOT_MOVED || c == ErrorCode.NODE_SET_ASIDE);
      default -> Optional.empty();
    };
  }

  static WeirException of(WireStatus status) {
    Optional<ErrorCode> named = named(status);
    if (named.isPresent()) {
      String text = LABEL.matcher(status.detail()).replaceFirst("");
      String fix = " " + named.get().fix(); // Which a store's own words end with.
      return new WeirException(
          named.get(), text.endsWith(fix) ? text.substring(0, text.length() - fix.length()) : text);
    }
    ErrorCode code =
        switch (status.code()) {
          case UNAVAILABLE, CANCELLED, ABORTED -> ErrorCode.UNREACHABLE;
          case DEADLINE_EXCEEDED -> ErrorCode.TIMED_OUT;
          case RESOURCE_EXHAUSTED -> ErrorCode.OVERLOADED;
          case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION -> ErrorCode.MALFORMED;
          case UNIMPLEMENTED -> ErrorCode.UNSUPPORTED_VERSION;
          case UNAUTHENTICATED -> ErrorCode.UNAUTHENTICATED;
          case PERMISSION_DENIED -> ErrorCode.NOT_PERMITTED;
          case DATA_LOSS -> ErrorCode.LOG_DAMAGED;
          case OK, UNKNOWN, NOT_FOUND, ALREADY_EXISTS, INTERNAL -> ErrorCode.BUG;
        };
    return new WeirException(code, status.code() + ": " + status.detail());
  }
}
