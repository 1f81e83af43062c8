package dev.weir.gateway.grpc;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.proto.v1.PublishRequest;
import dev.weir.proto.v1.PublishResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One `Publish` call: messages in, a receipt or a failure for each.
///
/// Threads: gRPC's own for requests, the log's for receipts. The lock guards what is sent, and is
/// never held while the broker is called: the broker tells refusals under a lock of its own.
final class PublishCall implements StreamObserver<PublishRequest>, DoorCall {
  /// 1,024 messages of a call share one fsync; more would wait in the log's queue.
  private static final int MAX_UNANSWERED = 1 << 10;

  /// With the largest message beyond it, what one call makes a core hold.
  private static final long MAX_BYTES = 4L << 20;

  private final Broker broker;
  private final ServerCallStreamObserver<PublishResponse> responses;
  private final Consumer<DoorCall> onEnded;
  private final RequestPace pace;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private boolean isClosing;
  private boolean isEnded;
  private @Nullable WeirException reason;

  PublishCall(
      Broker broker,
      ServerCallStreamObserver<PublishResponse> responses,
      Consumer<DoorCall> onEnded) {
    this.broker = broker;
    this.responses = responses;
    this.onEnded = onEnded;
    this.pace = new RequestPace(responses, MAX_UNANSWERED, MAX_BYTES);
    responses.setOnReadyHandler(pace::ask);
    responses.setOnCancelHandler(this::cancel);
    pace.ask();
  }

  @Override
  public void onNext(PublishRequest request) {
    long bytes = request.getMessage().getBody().size();
    pace.taken(bytes);
    var _ =
        publish(request)
            .whenComplete((receipt, fault) -> answer(request.getNumber(), bytes, receipt, fault));
    pace.ask();
  }

  private CompletionStage<Receipt> publish(PublishRequest request) {
    Message message;
    try {
      message = Messages.of(request.getMessage());
    } catch (WeirException | IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
    return broker.publish(message);
  }

  private void answer(
      long number, long bytes, @Nullable Receipt receipt, @Nullable Throwable fault) {
    PublishResponse.Builder response = PublishResponse.newBuilder().setNumber(number);
    if (receipt != null) {
      response.setReceipt(Messages.receipt(receipt));
    } else if (fault != null) {
      response.setFailure(Failures.of(fault));
    }
    lock.lock();
    try {
      if (!isEnded) {
        responses.onNext(response.build());
      }
    } finally {
      lock.unlock();
    }
    pace.answered(bytes);
    endIfSettled();
  }

  /// The client sends nothing more; what it sent is still answered.
  @Override
  public void onCompleted() {
    close(null);
  }

  /// The core closes: the call ends once what was read is answered.
  @Override
  public void drain() {
    close(new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing."));
  }

  private void close(@Nullable WeirException cause) {
    pace.end();
    lock.lock();
    try {
      reason = isClosing ? reason : cause;
      isClosing = true;
    } finally {
      lock.unlock();
    }
    endIfSettled();
  }

  private void endIfSettled() {
    lock.lock();
    try {
      if (!isClosing || isEnded || !pace.isSettled()) {
        return;
      }
      isEnded = true;
      if (reason == null) {
        responses.onCompleted();
      } else {
        responses.onError(RegistryStatus.of(reason));
      }
    } finally {
      lock.unlock();
    }
    onEnded.accept(this);
  }

  @Override
  public void onError(Throwable cause) {
    cancel();
  }

  private void cancel() {
    pace.end();
    lock.lock();
    try {
      isEnded = true;
    } finally {
      lock.unlock();
    }
    onEnded.accept(this);
  }
}
