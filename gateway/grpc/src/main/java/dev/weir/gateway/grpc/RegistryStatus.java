package dev.weir.gateway.grpc;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/// Errors of the registry as gRPC statuses: the nearest status, the explanation as its description,
/// the registry's number in the trailer `weir-code`.
final class RegistryStatus {
  static final Metadata.Key<String> CODE =
      Metadata.Key.of("weir-code", Metadata.ASCII_STRING_MARSHALLER);

  private RegistryStatus() {}

  static StatusRuntimeException of(WeirException cause) {
    return withCode(cause.code(), cause.explanation());
  }

  /// A request whose numbers are out of range.
  static StatusRuntimeException ofArgument(IllegalArgumentException cause) {
    return of(new WeirException(ErrorCode.MALFORMED, cause.getMessage() + "."));
  }

  private static StatusRuntimeException withCode(ErrorCode code, String explanation) {
    Metadata trailers = new Metadata();
    trailers.put(CODE, Integer.toString(code.number()));
    return status(code).withDescription(explanation).asRuntimeException(trailers);
  }

  /// What has a word of gRPC's own, else by the group of the code, see [ErrorCode].
  private static Status status(ErrorCode code) {
    return switch (code) {
      case QUEUE_UNKNOWN, CLIENT_UNKNOWN -> Status.NOT_FOUND;
      case QUEUE_EXISTS -> Status.ALREADY_EXISTS;
      case QUEUE_NOT_EMPTY, LEASE_OVER -> Status.FAILED_PRECONDITION;
      case TIMED_OUT -> Status.DEADLINE_EXCEEDED;
      case NO_RESPONDER -> Status.UNAVAILABLE;
      case RESPONDER_LOST -> Status.ABORTED;
      case REQUEST_FAILED -> Status.UNKNOWN; // As a server of gRPC whose handler failed.
      default -> ofGroup(code);
    };
  }

  private static Status ofGroup(ErrorCode code) {
    return switch (code.number() / 1_000) {
      case 1, 7 -> Status.INVALID_ARGUMENT;
      case 2, 4 -> Status.UNAVAILABLE;
      case 3 -> identity(code);
      case 5, 6, 8 -> Status.RESOURCE_EXHAUSTED;
      default -> Status.INTERNAL;
    };
  }

  private static Status identity(ErrorCode code) {
    if (code == ErrorCode.NOT_PERMITTED) {
      return Status.PERMISSION_DENIED;
    }
    boolean isTakenOver = code == ErrorCode.SUPERSEDED || code == ErrorCode.DUPLICATE_IDENTITY;
    return isTakenOver ? Status.ABORTED : Status.UNAUTHENTICATED;
  }
}
