package dev.weir.gateway.grpc;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.proto.v1.Failure;
import java.util.concurrent.CompletionException;

/// Faults as clients are told of them within a call.
final class Failures {
  private Failures() {}

  static Failure of(WeirException cause) {
    return Failure.newBuilder()
        .setCode(cause.code().number())
        .setDetail(String.valueOf(cause.getMessage()))
        .build();
  }

  static Failure of(Throwable fault) {
    return of(typed(fault));
  }

  /// The fault of the registry behind what a future or a check threw.
  static WeirException typed(Throwable fault) {
    Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
    return switch (cause) {
      case WeirException known -> known;
      case IllegalArgumentException wrong ->
          new WeirException(ErrorCode.MALFORMED, wrong.getMessage() + ".", wrong);
      case null, default -> new WeirException(ErrorCode.BUG, String.valueOf(cause), fault);
    };
  }
}
