package dev.weir.link;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import dev.weir.proto.AckMessage;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import io.grpc.stub.StreamObserver;

/// The synchronous `Put`: one message, answered once it is durable. The answer leaves from the
/// store's thread: a call has one, so nothing can get out of order.
final class PutCall implements StoreListener {
  private final Request request;
  private final StreamObserver<Response> answer;
  private final ServerCounters counters;

  private PutCall(Request request, StreamObserver<Response> answer, ServerCounters counters) {
    this.request = request;
    this.answer = answer;
    this.counters = counters;
  }

  static void serve(ServerContext context, Request request, StreamObserver<Response> answer) {
    PutCall call = new PutCall(request, answer, context.counters());
    context.counters().messages.increment();
    try {
      Message message = PlainMessages.decode(checked(request), context.config());
      if (!context.store().offer(message, call)) {
        call.failed(new WeirException(ErrorCode.OVERLOADED, "The store has no room."));
      }
    } catch (WeirException e) {
      context.counters().invalid.increment();
      call.failed(e);
    }
  }

  private static Request checked(Request request) {
    if (RequestMarshaller.isMalformed(request)) {
      throw new WeirException(ErrorCode.MALFORMED, "The request cannot be decoded.");
    }
    if (request.getVersion() != 1 && request.getVersion() != FrameCodec.VERSION) {
      throw new WeirException(
          ErrorCode.UNSUPPORTED_VERSION,
          "Version "
              + Integer.toUnsignedString(request.getVersion())
              + " was sent, expected 1 or 2.");
    }
    return request;
  }

  @Override
  public void stored(
      String stream,
      int partition,
      long baseOffset,
      boolean isDuplicate,
      long commitMicros,
      long queueMicros) {
    counters.storedMessages.increment();
    answer.onNext(
        Response.newBuilder()
            .setVersion(request.getVersion())
            .setAck(AckMessage.newBuilder().addMessageIds(request.getMessageId()))
            .build());
    answer.onCompleted();
  }

  @Override
  public void failed(WeirException cause) {
    answer.onError(LinkStatus.grpc(cause).asRuntimeException());
  }
}
