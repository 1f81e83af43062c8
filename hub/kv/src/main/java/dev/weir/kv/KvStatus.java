package dev.weir.kv;

import dev.weir.base.WeirException;
import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;
import java.util.concurrent.CompletionException;

/// How a failure of the store is told to a client.
final class KvStatus {
  private KvStatus() {}

  static WireStatus of(Throwable failure) {
    return switch (failure) {
      case CompletionException e when e.getCause() != null -> of(e.getCause());
      case WeirException e -> of(e);
      default -> WireStatus.of(StatusCode.INTERNAL, "The store failed: " + failure);
    };
  }

  private static WireStatus of(WeirException failure) {
    String detail = failure.explanation();
    return switch (failure.code()) {
      case INVALID_TOPIC, MALFORMED, TOO_LARGE ->
          WireStatus.of(StatusCode.INVALID_ARGUMENT, detail);
      case NOT_PERMITTED -> WireStatus.of(StatusCode.PERMISSION_DENIED, detail);
      case UNAUTHENTICATED, CREDENTIALS_MISSING, CREDENTIALS_EXPIRED, CREDENTIALS_REVOKED ->
          WireStatus.of(StatusCode.UNAUTHENTICATED, detail);
      case UNSUPPORTED_VERSION -> WireStatus.of(StatusCode.UNIMPLEMENTED, detail);
      case OVERLOADED, QUOTA_EXCEEDED, DISK_FULL ->
          WireStatus.unprocessed(StatusCode.RESOURCE_EXHAUSTED, detail);
      case CONNECTION_LOST, LOG_POISONED, SLOT_MOVED ->
          WireStatus.unprocessed(StatusCode.UNAVAILABLE, detail);
      case LOG_DAMAGED -> WireStatus.of(StatusCode.DATA_LOSS, detail);
      // Every other code is of another part of Weir.
      default -> WireStatus.of(StatusCode.INTERNAL, detail);
    };
  }
}
