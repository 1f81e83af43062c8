package dev.weir.gateway.grpc;

import dev.weir.base.Checks;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.Consumption;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueuedMessage;
import dev.weir.proto.v1.ConsumeRequest;
import dev.weir.proto.v1.ConsumeResponse;
import dev.weir.proto.v1.ConsumerOpened;
import dev.weir.proto.v1.ConsumerOpening;
import dev.weir.proto.v1.Settled;
import dev.weir.proto.v1.Settlement;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One `Consume` call: a consumer at its queue.
///
/// Problem: what a queue hands out goes into gRPC's outbound queue, which has no bound, and the
/// queue's thread must not wait for a client that does not read. Idea: while the transport takes
/// nothing more the consumer's prefetch is zero, so that beyond it waits at most what the queue's
/// thread had at hand already.
///
/// Threads: gRPC's own for requests and readiness, the queue's for deliveries, the journal's for
/// what is settled. `lock` guards what is held and sent, `prefetchLock` the prefetch. The queues
/// are never called under `lock`, because they may answer under theirs.
final class ConsumeCall implements StreamObserver<ConsumeRequest>, QueueConsumer, DoorCall {
  /// A consumer of ten thousand messages of 1 KiB is 10 MB behind the transport at most.
  static final int MAX_PREFETCH = 10_000;

  private static final int MAX_UNANSWERED = 1 << 12;

  private final Broker broker;
  private final String origin = CallOrigin.current();
  private final Clock clock;
  private final ServerCallStreamObserver<ConsumeResponse> responses;
  private final Consumer<DoorCall> onEnded;
  private final RequestPace pace;

  private final ReentrantLock prefetchLock = new ReentrantLock();
  private int wanted;

  private final ReentrantLock lock = new ReentrantLock();
  private final HeldMessages held = new HeldMessages();
  private boolean isDraining;
  private boolean isLeaving;
  private boolean isEnded;

  /// Set once, by gRPC's thread.
  private volatile @Nullable Consumption consumption;

  ConsumeCall(
      Broker broker,
      Clock clock,
      ServerCallStreamObserver<ConsumeResponse> responses,
      Consumer<DoorCall> onEnded) {
    this.broker = broker;
    this.clock = clock;
    this.responses = responses;
    this.onEnded = onEnded;
    this.pace = new RequestPace(responses, MAX_UNANSWERED, Long.MAX_VALUE);
    responses.setOnReadyHandler(this::onReady);
    responses.setOnCancelHandler(this::cancel);
    pace.ask();
  }

  @Override
  public String origin() {
    return origin;
  }

  private void onReady() {
    limit();
    pace.ask();
  }

  @Override
  public void onNext(ConsumeRequest request) {
    pace.taken(0);
    boolean isAnsweredLater = false;
    try {
      switch (request.getRequestCase()) {
        case OPEN -> open(request.getOpen());
        case PREFETCH -> prefetch(request.getPrefetch());
        case SETTLE -> {
          settle(request.getSettle());
          isAnsweredLater = true;
        }
        case REQUEST_NOT_SET ->
            end(new WeirException(ErrorCode.MALFORMED, "A request of a kind not known."));
      }
    } catch (WeirException | IllegalArgumentException e) {
      end(Failures.typed(e));
    }
    if (!isAnsweredLater) {
      pace.answered(0);
    }
    pace.ask();
  }

  private void open(ConsumerOpening opening) {
    if (consumption != null) {
      throw new WeirException(ErrorCode.MALFORMED, "The consumer is open already.");
    }
    int prefetch = checkPrefetch(opening.getPrefetch());
    // Without room, so that it is known here before anything is delivered.
    Consumption opened = broker.queues().consume(opening.getQueue(), 0, this);
    consumption = opened;
    send(ConsumeResponse.newBuilder().setOpened(ConsumerOpened.getDefaultInstance()));
    if (isOver()) {
      opened.close(); // It ended meanwhile, before there was anything to close.
    } else {
      prefetch(prefetch);
    }
  }

  private static int checkPrefetch(int prefetch) {
    Checks.range("prefetch", Integer.toUnsignedLong(prefetch), 0, MAX_PREFETCH);
    return prefetch;
  }

  private Consumption opened() {
    Consumption open = consumption;
    if (open == null) {
      throw new WeirException(ErrorCode.MALFORMED, "The first request must name a queue.");
    }
    return open;
  }

  private void prefetch(int messages) {
    checkPrefetch(messages);
    opened();
    prefetchLock.lock();
    try {
      wanted = messages;
    } finally {
      prefetchLock.unlock();
    }
    limit();
  }

  /// Lets the queue hand out what the client wants while the transport takes it.
  private void limit() {
    Consumption open = consumption;
    if (open == null) {
      return;
    }
    prefetchLock.lock();
    try {
      open.prefetch(responses.isReady() && !isOver() ? wanted : 0);
    } finally {
      prefetchLock.unlock();
    }
  }

  @Override
  public void deliver(QueuedMessage message) {
    lock.lock();
    try {
      if (isEnded) {
        return;
      }
      held.add(message, clock.epochMicros());
      responses.onNext(
          ConsumeResponse.newBuilder().setDelivery(QueueWords.delivery(message)).build());
    } finally {
      lock.unlock();
    }
    if (!responses.isReady()) {
      limit();
    }
  }

  private void settle(Settlement settlement) {
    Consumption open = opened();
    CompletionStage<Void> settled;
    try {
      settled = settled(open, settlement);
    } catch (WeirException | IllegalArgumentException e) {
      settled = CompletableFuture.failedFuture(e);
    }
    var _ = settled.whenComplete((_, fault) -> answer(settlement.getLease(), fault));
  }

  /// @throws WeirException MALFORMED, LEASE_OVER
  /// @throws IllegalArgumentException for a time out of range
  private CompletionStage<Void> settled(Consumption open, Settlement settlement) {
    return switch (settlement.getOutcomeCase()) {
      case ACK -> open.ack(taken(settlement));
      case NACK -> nack(open, settlement);
      case REJECT -> open.reject(taken(settlement));
      case EXTEND -> extend(open, settlement);
      case OUTCOME_NOT_SET ->
          throw new WeirException(ErrorCode.MALFORMED, "A settlement of a kind not known.");
    };
  }

  private CompletionStage<Void> nack(Consumption open, Settlement settlement) {
    Settlement.Nack nack = settlement.getNack();
    if (!nack.hasDelayMillis()) {
      return open.nack(taken(settlement));
    }
    Checks.range("delay milliseconds", nack.getDelayMillis(), 0, QueueWords.MAX_DELAY_MILLIS);
    return open.nack(taken(settlement), Duration.ofMillis(nack.getDelayMillis()));
  }

  private CompletionStage<Void> extend(Consumption open, Settlement settlement) {
    long millis = settlement.getExtend().getLeaseMillis();
    Checks.range("lease milliseconds", millis, 1, QueueWords.MAX_LEASE_MILLIS);
    QueuedMessage message;
    lock.lock();
    try {
      message = held.renew(settlement.getLease(), millis, clock.epochMicros());
    } finally {
      lock.unlock();
    }
    return open.extend(known(message, settlement), Duration.ofMillis(millis));
  }

  private QueuedMessage taken(Settlement settlement) {
    lock.lock();
    try {
      return known(held.remove(settlement.getLease()), settlement);
    } finally {
      lock.unlock();
    }
  }

  private static QueuedMessage known(@Nullable QueuedMessage message, Settlement settlement) {
    if (message == null) {
      throw new WeirException(
          ErrorCode.LEASE_OVER,
          "This call holds no message under lease "
              + Long.toUnsignedString(settlement.getLease())
              + ".");
    }
    return message;
  }

  private void answer(long lease, @Nullable Throwable fault) {
    Settled.Builder settled = Settled.newBuilder().setLease(lease);
    if (fault != null) {
      settled.setFailure(Failures.of(fault));
    }
    send(ConsumeResponse.newBuilder().setSettled(settled));
    pace.answered(0);
    endIfDone();
  }

  private void send(ConsumeResponse.Builder response) {
    lock.lock();
    try {
      if (!isEnded) {
        responses.onNext(response.build());
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isOver() {
    lock.lock();
    try {
      return isEnded || isDraining || isLeaving;
    } finally {
      lock.unlock();
    }
  }

  /// The queue was deleted, or the broker closes.
  @Override
  public void ended(WeirException cause) {
    end(cause);
  }

  /// Nothing more is handed out; what is held may be settled before the call ends.
  @Override
  public void drain() {
    lock.lock();
    try {
      isDraining = true;
    } finally {
      lock.unlock();
    }
    limit();
    endIfDone();
  }

  /// The client settles nothing more: what it holds goes to others; what it settled is answered.
  @Override
  public void onCompleted() {
    Consumption open = consumption;
    if (open == null) {
      end(new WeirException(ErrorCode.MALFORMED, "The call ended before it named a queue."));
      return;
    }
    lock.lock();
    try {
      isLeaving = true;
    } finally {
      lock.unlock();
    }
    open.close();
    endIfDone();
  }

  private void endIfDone() {
    boolean isLeft;
    lock.lock();
    try {
      isLeft = isLeaving;
      boolean isDrained = isDraining && held.isEmpty(clock.epochMicros());
      if (!pace.isSettled() || !(isLeft || isDrained)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    if (isLeft) {
      leave(responses::onCompleted);
    } else {
      end(new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing."));
    }
  }

  /// Ends the call with a reason.
  private void end(WeirException cause) {
    leave(() -> {
      responses.onNext(ConsumeResponse.newBuilder().setFailed(Failures.of(cause)).build());
      responses.onCompleted();
    });
  }

  @Override
  public void onError(Throwable cause) {
    cancel();
  }

  private void cancel() {
    leave(() -> {});
  }

  /// @param lastWord what is still said, under the lock
  private void leave(Runnable lastWord) {
    pace.end();
    lock.lock();
    try {
      if (isEnded) {
        return;
      }
      isEnded = true;
      lastWord.run();
    } finally {
      lock.unlock();
    }
    Consumption open = consumption;
    if (open != null) {
      open.close();
    }
    onEnded.accept(this);
  }
}
