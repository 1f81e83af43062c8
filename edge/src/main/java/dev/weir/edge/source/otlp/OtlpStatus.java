package dev.weir.edge.source.otlp;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.edge.source.JsonText;
import io.grpc.Status.Code;

/// Refusals as OTLP tells them: a `google.rpc.Status`, with `RetryInfo` when the same request may
/// be sent again. Without it a client drops the request when the code is RESOURCE_EXHAUSTED (OTLP
/// specification 1.x, "OTLP/gRPC Throttling").
final class OtlpStatus {
  /// When to come again: a spool drains within seconds once its core is back.
  private static final int RETRY_SECONDS = 1;

  private OtlpStatus() {}

  /// The status of a refusal.
  ///
  /// @param detail for people
  static Status of(ErrorCode code, String detail) {
    Code grpcCode = grpcCode(code);
    Status.Builder status =
        Status.newBuilder()
            .setCode(grpcCode.value())
            .setMessage(code.label() + ": " + detail + " " + code.fix());
    if (isRetryable(code)) {
      Duration delay = Duration.newBuilder().setSeconds(RETRY_SECONDS).build();
      status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()));
    }
    return status.build();
  }

  /// The status as the JSON mapping of protobuf writes it, without details: HTTP tells by
  /// `Retry-After` when to come again.
  static Bytes json(Status status) {
    return Bytes.utf8(
        "{\"code\":"
            + status.getCode()
            + ",\"message\":"
            + JsonText.quoted(status.getMessage())
            + "}");
  }

  private static boolean isRetryable(ErrorCode code) {
    return switch (grpcCode(code)) {
      case UNAVAILABLE -> true;
      case RESOURCE_EXHAUSTED ->
          code != ErrorCode.TOO_LARGE && code != ErrorCode.DECOMPRESSION_REFUSED;
      default -> false;
    };
  }

  private static Code grpcCode(ErrorCode code) {
    return switch (code) {
      case SPOOL_FULL, DISK_FULL, OVERLOADED, TOO_LARGE, DECOMPRESSION_REFUSED ->
          Code.RESOURCE_EXHAUSTED;
      case MALFORMED, INVALID_TOPIC -> Code.INVALID_ARGUMENT;
      case USAGE -> Code.UNIMPLEMENTED;
      case LOG_POISONED, TIMED_OUT, CONNECTION_LOST, UNREACHABLE -> Code.UNAVAILABLE;
      default -> Code.INTERNAL; // Nothing else is raised on this way.
    };
  }
}
