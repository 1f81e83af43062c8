package dev.weir.client;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import dev.weir.proto.v1.IncomingRequest;
import dev.weir.proto.v1.RequestsGrpc;
import dev.weir.proto.v1.ServeFailure;
import dev.weir.proto.v1.ServeOpening;
import dev.weir.proto.v1.ServeReply;
import dev.weir.proto.v1.ServeRequest;
import dev.weir.proto.v1.ServeResponse;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;

/// One `Serve` call of a [Responder]. Requests come on the client's event loop; handlers reply.
final class ServeSession extends ClientCall.Listener<ServeResponse> implements Redial.Call {
  private final Responder responder;
  private final RespondOptions options;
  private final Dialogue<ServeRequest, ServeResponse> dialogue =
      new Dialogue<>(RequestsGrpc.getServeMethod(), "the responder");

  ServeSession(Responder responder, RespondOptions options) {
    this.responder = responder;
    this.options = options;
  }

  @Override
  public void start(ManagedChannel channel) {
    ServeOpening opening =
        ServeOpening.newBuilder()
            .setFilter(options.filter())
            .setCapacity(options.capacity())
            .build();
    dialogue.start(channel, this, ServeRequest.newBuilder().setOpen(opening).build());
  }

  void capacity(int requests) {
    dialogue.send(ServeRequest.newBuilder().setCapacity(requests).build());
  }

  /// Everything that was in hand is replied to.
  ///
  /// @return completes when the server has ended the call, or it was lost
  CompletableFuture<Void> finish() {
    return dialogue.finish();
  }

  void reply(long number, Message message) {
    ServeReply reply =
        ServeReply.newBuilder().setNumber(number).setMessage(QueueWords.message(message)).build();
    dialogue.send(ServeRequest.newBuilder().setReply(reply).build());
  }

  void fail(long number, String detail) {
    ServeFailure failure = ServeFailure.newBuilder().setNumber(number).setDetail(detail).build();
    dialogue.send(ServeRequest.newBuilder().setFailure(failure).build());
  }

  @Override
  public void onMessage(ServeResponse response) {
    switch (response.getResponseCase()) {
      case OPENED -> responder.onOpened(this);
      case REQUEST -> handle(response.getRequest());
      case FAILED -> responder.onFailed(this, Refusals.of(response.getFailed()));
      case RESPONSE_NOT_SET -> {} // A later version's answer.
    }
    dialogue.readOn();
  }

  private void handle(IncomingRequest request) {
    try {
      responder.onRequest(this, request.getNumber(), QueueWords.message(request.getMessage()));
    } catch (WeirException | IllegalArgumentException e) {
      responder.onFailed(
          this,
          new WeirException(
              ErrorCode.MALFORMED, "The server's request is impossible: " + e.getMessage(), e));
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    dialogue.closed();
    responder.onEnded(this, status, trailers);
  }

  @Override
  public void cancel() {
    dialogue.cancel();
  }
}
