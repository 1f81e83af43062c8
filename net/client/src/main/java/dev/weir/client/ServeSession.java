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
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One `Serve` call of a [Responder]. Requests come on the client's event loop; handlers reply. The
/// lock keeps what is sent in order.
final class ServeSession extends ClientCall.Listener<ServeResponse> implements Redial.Call {
  private final Responder responder;
  private final RespondOptions options;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private @Nullable ClientCall<ServeRequest, ServeResponse> call;
  private boolean isOver;

  ServeSession(Responder responder, RespondOptions options) {
    this.responder = responder;
    this.options = options;
  }

  @Override
  public void start(ManagedChannel channel) {
    ClientCall<ServeRequest, ServeResponse> started =
        channel.newCall(RequestsGrpc.getServeMethod(), CallOptions.DEFAULT);
    started.start(this, new Metadata());
    started.request(1);
    ServeOpening opening =
        ServeOpening.newBuilder()
            .setFilter(options.filter())
            .setCapacity(options.capacity())
            .build();
    lock.lock();
    try {
      call = started;
      if (isOver) {
        started.cancel("the responder was closed", null);
      } else {
        started.sendMessage(ServeRequest.newBuilder().setOpen(opening).build());
      }
    } finally {
      lock.unlock();
    }
  }

  void capacity(int requests) {
    send(ServeRequest.newBuilder().setCapacity(requests).build());
  }

  /// Everything that was in hand is replied to.
  ///
  /// @return completes when the server has ended the call, or it was lost
  CompletableFuture<Void> finish() {
    lock.lock();
    try {
      if (call != null && !isOver) {
        isOver = true;
        call.halfClose();
      } else {
        closed.complete(null);
      }
      return closed;
    } finally {
      lock.unlock();
    }
  }

  void reply(long number, Message message) {
    ServeReply reply =
        ServeReply.newBuilder().setNumber(number).setMessage(QueueWords.message(message)).build();
    send(ServeRequest.newBuilder().setReply(reply).build());
  }

  void fail(long number, String detail) {
    ServeFailure failure = ServeFailure.newBuilder().setNumber(number).setDetail(detail).build();
    send(ServeRequest.newBuilder().setFailure(failure).build());
  }

  /// Over a call that is lost a reply comes to nothing.
  private void send(ServeRequest request) {
    lock.lock();
    try {
      if (call != null && !isOver) {
        call.sendMessage(request);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onMessage(ServeResponse response) {
    switch (response.getResponseCase()) {
      case OPENED -> responder.onOpened(this);
      case REQUEST -> handle(response.getRequest());
      case FAILED -> responder.onFailed(this, Refusals.of(response.getFailed()));
      case RESPONSE_NOT_SET -> {} // A later version's answer.
    }
    ClientCall<ServeRequest, ServeResponse> open = open();
    if (open != null) {
      open.request(1);
    }
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
    var _ = end();
    closed.complete(null);
    responder.onEnded(this, status, trailers);
  }

  @Override
  public void cancel() {
    ClientCall<ServeRequest, ServeResponse> open = end();
    if (open != null) {
      open.cancel("the responder left the call", null);
    }
  }

  private @Nullable ClientCall<ServeRequest, ServeResponse> open() {
    lock.lock();
    try {
      return call;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable ClientCall<ServeRequest, ServeResponse> end() {
    lock.lock();
    try {
      isOver = true;
      return call;
    } finally {
      lock.unlock();
    }
  }
}
