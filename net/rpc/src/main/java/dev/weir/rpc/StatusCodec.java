package dev.weir.rpc;

import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;
import io.grpc.Status;

/// gRPC's status to the wire's and back: the codes have the same numbers.
final class StatusCodec {
  private StatusCodec() {}

  static WireStatus toWire(Status status) {
    String text = status.getDescription();
    return WireStatus.of(StatusCode.of(status.getCode().value()), text == null ? "" : text);
  }

  static Status fromWire(WireStatus status) {
    return of(status.code().number(), status.detail());
  }

  static Status of(int code, String text) {
    Status status = Status.fromCodeValue(code);
    return text.isEmpty() ? status : status.withDescription(text);
  }
}
