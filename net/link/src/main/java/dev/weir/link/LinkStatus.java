package dev.weir.link;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.proto.NackReason;
import dev.weir.wire.StatusCode;
import io.grpc.Status;
import java.util.concurrent.CompletionException;

/// Codes of the registry as gRPC, wire and the link say them.
final class LinkStatus {
  private LinkStatus() {}

  /// The status of a stream or call that ends with a fault; its description begins with the code.
  static Status grpc(WeirException fault) {
    return Status.fromCodeValue(code(fault.code()).number()).withDescription(fault.explanation());
  }

  /// By the registry's groups, except where there is a better word.
  static StatusCode code(ErrorCode code) {
    if (code == ErrorCode.SUPERSEDED) {
      return StatusCode.ABORTED;
    }
    if (code == ErrorCode.TIMED_OUT) {
      return StatusCode.DEADLINE_EXCEEDED;
    }
    return switch (code.number() / 1_000) {
      case 1, 7 -> StatusCode.INVALID_ARGUMENT;
      case 2, 4 -> StatusCode.UNAVAILABLE;
      case 3 -> StatusCode.UNAUTHENTICATED;
      case 5, 6, 8 -> StatusCode.RESOURCE_EXHAUSTED;
      default -> StatusCode.INTERNAL;
    };
  }

  /// What a stage of the store failed with.
  static WeirException fault(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof WeirException known
        ? known
        : new WeirException(ErrorCode.BUG, String.valueOf(cause), cause);
  }

  /// Whether what failed so will never be stored: the store has passed its sequence.
  static boolean isForEver(ErrorCode code) {
    return code == ErrorCode.MALFORMED
        || code == ErrorCode.TOO_LARGE
        || code == ErrorCode.INVALID_TOPIC
        || code == ErrorCode.DECOMPRESSION_REFUSED;
  }

  /// How a frame that will never be stored is nacked.
  static NackReason refusal(ErrorCode code) {
    return code == ErrorCode.TOO_LARGE
        ? NackReason.NACK_REASON_TOO_LARGE
        : NackReason.NACK_REASON_INVALID;
  }

  /// What such a nack is in the registry.
  static ErrorCode refusal(NackReason reason) {
    return reason == NackReason.NACK_REASON_TOO_LARGE ? ErrorCode.TOO_LARGE : ErrorCode.MALFORMED;
  }
}
