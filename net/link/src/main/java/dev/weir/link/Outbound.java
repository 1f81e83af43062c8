package dev.weir.link;

import dev.weir.proto.Response;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;

/// The way back to one client: counts what it carries, and ends once. Owned by the stream's event
/// loop.
final class Outbound {
  private final ServerCallStreamObserver<Response> call;
  private long sentBytes;
  private boolean isEnded;

  Outbound(ServerCallStreamObserver<Response> call) {
    this.call = call;
  }

  /// Whether the client takes what is sent; acks are gathered while it does not.
  boolean isReady() {
    return !isEnded && call.isReady();
  }

  void send(Response.Builder response, int version) {
    if (!isEnded && !call.isCancelled()) {
      Response message = response.setVersion(version).build();
      sentBytes += message.getSerializedSize();
      call.onNext(message);
    }
  }

  /// Bytes of messages sent so far.
  long sentBytes() {
    return sentBytes;
  }

  /// Takes so many more messages.
  void request(int count) {
    if (!isEnded) {
      call.request(count);
    }
  }

  void end(Status status) {
    if (isEnded) {
      return;
    }
    isEnded = true;
    if (call.isCancelled()) {
      return;
    }
    if (status.isOk()) {
      call.onCompleted();
    } else {
      call.onError(new StatusRuntimeException(status));
    }
  }

  boolean isEnded() {
    return isEnded;
  }
}
