package dev.weir.client;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import dev.weir.proto.v1.RequestRequest;
import dev.weir.proto.v1.RequestResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// One `Request` call. Its answer comes on the client's event loop, and completes the future on the
/// callback thread, since foreign code may stand behind it; cancelling that cancels the call.
final class AskedRequest implements ClientResponseObserver<RequestRequest, RequestResponse> {
  private final CompletableFuture<Message> answer = new CompletableFuture<>();
  private final Executor callbacks;

  AskedRequest(Executor callbacks) {
    this.callbacks = callbacks;
  }

  CompletableFuture<Message> answer() {
    return answer;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<RequestRequest> call) {
    var _ =
        answer.whenComplete((_, _) -> {
          if (answer.isCancelled()) {
            call.cancel("nobody waits for the reply any more", null);
          }
        });
  }

  @Override
  public void onNext(RequestResponse response) {
    try {
      Message reply = QueueWords.message(response.getReply());
      tell(() -> answer.complete(reply));
    } catch (WeirException | IllegalArgumentException e) {
      fail(
          new WeirException(
              ErrorCode.MALFORMED, "The server's reply is impossible: " + e.getMessage(), e));
    }
  }

  @Override
  public void onError(Throwable fault) {
    fail(Refusals.of(Status.fromThrowable(fault), Status.trailersFromThrowable(fault)));
  }

  @Override
  public void onCompleted() {
    fail(new WeirException(ErrorCode.CONNECTION_LOST, "The call ended without a reply."));
  }

  private void fail(WeirException cause) {
    tell(() -> answer.completeExceptionally(cause));
  }

  private void tell(Runnable task) {
    try {
      callbacks.execute(task);
    } catch (RejectedExecutionException _) {
      task.run(); // The client is closing; nobody is left to be held up.
    }
  }
}
