package dev.weir.link;

import dev.weir.base.WeirException;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/// A `Send` call. Owned by the event loop of its connection.
final class GrpcReturnPath implements ReturnPath, StreamObserver<Request> {
  private final ServerCallStreamObserver<Response> call;
  private final GrpcMeter meter = GrpcMeter.current();
  private final SendStream stream;

  private GrpcReturnPath(ServerCallStreamObserver<Response> call, SendStream.Opening opening) {
    this.call = call;
    call.disableAutoRequest();
    this.stream = opening.open(this);
    call.setOnReadyHandler(stream::onReady);
    call.setOnCancelHandler(stream::onGone);
    call.setOnCloseHandler(stream::onGone);
  }

  /// Takes over a call that was just opened.
  static StreamObserver<Request> open(
      ServerCallStreamObserver<Response> call, SendStream.Opening opening) {
    return new GrpcReturnPath(call, opening);
  }

  @Override
  public void onNext(Request request) {
    meter.onMessage(request.getSerializedSize());
    stream.onRequest(request);
  }

  @Override
  public void onCompleted() {
    stream.onHalfClosed();
  }

  @Override
  public void onError(Throwable failure) {
    stream.onGone();
  }

  @Override
  public boolean isReady() {
    return call.isReady();
  }

  @Override
  public boolean isGone() {
    return call.isCancelled();
  }

  @Override
  public void send(Response response) {
    call.onNext(response);
  }

  @Override
  public void request(int count) {
    call.request(count);
  }

  @Override
  public void end() {
    call.onCompleted();
  }

  @Override
  public void end(WeirException fault) {
    call.onError(LinkStatus.grpc(fault).asRuntimeException());
  }

  @Override
  public long receivedBytes() {
    return meter.receivedBytes();
  }
}
