package dev.weir.gateway.grpc;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.Delivery;
import dev.weir.broker.GapReason;
import dev.weir.broker.Subscriber;
import dev.weir.broker.Subscription;
import dev.weir.broker.Turn;
import dev.weir.message.Batch;
import dev.weir.message.Cursor;
import dev.weir.message.Dictionary;
import dev.weir.message.Position;
import dev.weir.proto.v1.Gap;
import dev.weir.proto.v1.RetainedEnd;
import dev.weir.proto.v1.SubscribeRequest;
import dev.weir.proto.v1.SubscribeResponse;
import dev.weir.proto.v1.SubscriptionDictionary;
import dev.weir.proto.v1.SubscriptionFailed;
import dev.weir.proto.v1.SubscriptionOpened;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One `Subscribe` call: requests in, deliveries out.
///
/// Problem: gRPC's outbound queue has no bound of its own, and a consumer that stops reading must
/// not fill the core's memory. Idea: the subscription's virtual thread asks before it looks for
/// anything ([#awaitReady]) and sleeps until gRPC's transport takes more, so at most one delivery
/// is under way beyond what the transport holds. Its turn ends behind its writing on the event
/// loop: gRPC writes whatever is there before the loop does anything else, however much comes
/// meanwhile.
///
/// Threads: gRPC's own for requests, readiness and the end of the call; the subscription's virtual
/// thread, or one that serves it, for everything that is sent. The lock is what the two share.
final class SubscriptionCall implements StreamObserver<SubscribeRequest>, Subscriber {
  private static final int MAX_SENT = 64;

  private final Broker broker;
  private final String origin = CallOrigin.current();
  private final Executor loop = CallLoop.current();
  private final ServerCallStreamObserver<SubscribeResponse> responses;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();

  /// What this consumer was sent; touched by the subscription's thread alone.
  private final Set<Integer> sentDictionaries = new HashSet<>();

  /// Set before the subscription begins.
  private volatile boolean acceptsDictionaries;

  // Guarded by the lock.
  private @Nullable Subscription subscription;
  private boolean isEnded;

  SubscriptionCall(Broker broker, ServerCallStreamObserver<SubscribeResponse> responses) {
    this.broker = broker;
    this.responses = responses;
    responses.setOnReadyHandler(this::wake);
    responses.setOnCancelHandler(this::cancel);
  }

  @Override
  public String origin() {
    return origin;
  }

  private void wake() {
    lock.lock();
    try {
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The consumer is gone: nothing can be sent any more.
  private void cancel() {
    Subscription open;
    lock.lock();
    try {
      isEnded = true;
      open = subscription;
      change.signalAll();
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void onNext(SubscribeRequest request) {
    try {
      switch (request.getRequestCase()) {
        case OPEN -> open(request);
        case CREDIT_LIMIT_MESSAGES -> credit(request.getCreditLimitMessages());
        case REQUEST_NOT_SET ->
            refuse(new WeirException(ErrorCode.MALFORMED, "A request of a kind not known."));
      }
    } catch (WeirException e) {
      refuse(e);
    } catch (IllegalArgumentException e) {
      refuse(new WeirException(ErrorCode.MALFORMED, e.getMessage() + ".", e));
    }
  }

  private void open(SubscribeRequest request) {
    lock.lock();
    try {
      if (isEnded) {
        return;
      }
      if (subscription != null) {
        throw new WeirException(ErrorCode.MALFORMED, "The subscription is open already.");
      }
      acceptsDictionaries = request.getOpen().getAcceptsDictionaries();
      // Its first call waits for the lock.
      subscription = broker.subscribe(Openings.request(request.getOpen()), this);
      subscription.grant(limit(request.getOpen().getCreditLimitMessages()));
    } finally {
      lock.unlock();
    }
  }

  private void credit(long limitMessages) {
    lock.lock();
    try {
      if (isEnded) {
        return;
      }
      if (subscription == null) {
        throw new WeirException(ErrorCode.MALFORMED, "The first request must open a subscription.");
      }
      subscription.grant(limit(limitMessages));
    } finally {
      lock.unlock();
    }
  }

  /// The number is unsigned on the wire.
  private static long limit(long limitMessages) {
    return limitMessages < 0 ? Long.MAX_VALUE : limitMessages;
  }

  /// Ends the call with a reason that lies in the request.
  private void refuse(WeirException cause) {
    Subscription open;
    lock.lock();
    try {
      open = subscription;
      end(cause);
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void onError(Throwable cause) {
    cancel();
  }

  /// No more credit will come; what was granted is still delivered.
  @Override
  public void onCompleted() {
    lock.lock();
    try {
      if (subscription == null && !isEnded) {
        end(new WeirException(ErrorCode.MALFORMED, "The call ended before it opened anything."));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void awaitReady() throws InterruptedException {
    lock.lock();
    try {
      while (!isEnded && !responses.isReady()) {
        change.await();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void opened(Cursor cursor) {
    send(
        SubscribeResponse.newBuilder()
            .setOpened(SubscriptionOpened.newBuilder().setCursor(cursor.token()))
            .build());
  }

  @Override
  public boolean isReadyFor(int bytes) {
    return responses.isReady();
  }

  @Override
  public void deliver(Delivery delivery, Turn turn) {
    try {
      deliver(delivery);
      loop.execute(turn::end);
    } catch (RejectedExecutionException _) {
      turn.end(); // The loop has ended, and with it every call.
    }
  }

  @Override
  public void deliver(Delivery delivery) {
    if (!acceptsDictionaries && delivery.batch().dictionary().isPresent()) {
      send(response(delivery, delivery.batch().withoutDictionary()));
      return;
    }
    delivery.batch().dictionary().ifPresent(this::sendOnce);
    send(delivery.form(SubscribeResponse.class, all -> response(all, all.batch())));
  }

  private static SubscribeResponse response(Delivery delivery, Batch batch) {
    dev.weir.proto.v1.Delivery.Builder message =
        dev.weir.proto.v1.Delivery.newBuilder()
            .setStream(delivery.base().stream())
            .setPartition(delivery.base().partition())
            .setBaseOffset(delivery.base().offset())
            .setStoredMicros(delivery.storedMicros())
            .setCodec(batch.codec().number())
            .setDictionaryId(batch.dictionaryId())
            .setCount(batch.count())
            .setRawLength(batch.rawLength())
            .setHeader(Messages.shared(batch.header()))
            .setPayload(Messages.shared(batch.payload()))
            .setNextOffset(delivery.nextOffset())
            .setIsRetained(delivery.isRetained());
    if (!delivery.offsets().isContiguous()) {
      for (int i = 0; i < delivery.count(); i++) {
        message.addOffsetDeltas(delivery.offsets().delta(i));
      }
    }
    return SubscribeResponse.newBuilder().setDelivery(message).build();
  }

  private void sendOnce(Dictionary dictionary) {
    if (sentDictionaries.size() >= MAX_SENT) {
      sentDictionaries.clear(); // The client remembers some more than these.
    }
    if (sentDictionaries.add(dictionary.id())) {
      send(
          SubscribeResponse.newBuilder()
              .setDictionary(
                  SubscriptionDictionary.newBuilder()
                      .setId(dictionary.id())
                      .setContent(Messages.shared(dictionary.bytes())))
              .build());
    }
  }

  @Override
  public void gap(Position from, long toOffset, GapReason reason) {
    send(
        SubscribeResponse.newBuilder()
            .setGap(
                Gap.newBuilder()
                    .setStream(from.stream())
                    .setPartition(from.partition())
                    .setFromOffset(from.offset())
                    .setToOffset(toOffset)
                    .setReason(Openings.reason(reason)))
            .build());
  }

  @Override
  public void retainedEnd() {
    send(SubscribeResponse.newBuilder().setRetainedEnd(RetainedEnd.newBuilder()).build());
  }

  private void send(SubscribeResponse response) {
    lock.lock();
    try {
      if (!isEnded) {
        responses.onNext(response);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void endReached(Cursor cursor) {
    lock.lock();
    try {
      if (!isEnded) {
        isEnded = true;
        responses.onCompleted();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void failed(WeirException cause) {
    lock.lock();
    try {
      end(cause);
    } finally {
      lock.unlock();
    }
  }

  /// Within the lock: the last word.
  private void end(WeirException cause) {
    if (isEnded) {
      return;
    }
    isEnded = true;
    change.signalAll();
    responses.onNext(
        SubscribeResponse.newBuilder()
            .setFailed(
                SubscriptionFailed.newBuilder()
                    .setCode(cause.code().number())
                    .setDetail(cause.getMessage()))
            .build());
    responses.onCompleted();
  }
}
