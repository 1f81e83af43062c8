package dev.weir.gateway.grpc;

import dev.weir.base.Checks;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.TurnEnd;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.Consumption;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueuedMessage;
import dev.weir.proto.v1.ConsumeRequest;
import dev.weir.proto.v1.ConsumeResponse;
import dev.weir.proto.v1.ConsumerOpened;
import dev.weir.proto.v1.ConsumerOpening;
import dev.weir.proto.v1.Settlements;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
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
/// What is settled in one turn of the event loop is settled together, and what is durable at the
/// end of one is told together, to a client that takes it so.
///
/// Threads: gRPC's own, an event loop, for requests, answers and readiness; the queue's for
/// deliveries; the journal's for what is settled. `lock` guards what is held and answered,
/// `prefetchLock` the prefetch. The queues are never called under `lock`, because they may answer
/// under theirs.
final class ConsumeCall implements StreamObserver<ConsumeRequest>, QueueConsumer, DoorCall {
  /// A consumer of ten thousand messages of 1 KiB is 10 MB behind the transport at most.
  static final int MAX_PREFETCH = 10_000;

  /// One response of several deliveries: the next is made while it is written. Of gRPC's own 32 KiB
  /// each would stop the queue until it is gone.
  private static final int READY_BYTES = ConsumeAnswers.MAX_BYTES;

  private static final int MAX_UNANSWERED = 1 << 12;

  /// Of one request: all that may be held.
  private static final int MAX_SETTLEMENTS = MAX_PREFETCH;

  private final Broker broker;
  private final String origin = CallOrigin.current();
  private final Clock clock;
  private final ServerCallStreamObserver<ConsumeResponse> responses;
  private final CallOutput<ConsumeResponse> output;
  private final Consumer<DoorCall> onEnded;
  private final RequestPace pace;
  private final TurnEnd settling;
  private final TurnEnd answering;

  // Of the event loop.
  private SettleTurn turn = new SettleTurn(this::answer);

  /// Set once, by gRPC's thread, before anything is delivered.
  private volatile boolean isGathering;

  private final ReentrantLock prefetchLock = new ReentrantLock();
  private int wanted;

  private final ReentrantLock lock = new ReentrantLock();
  private final HeldMessages held = new HeldMessages();
  private List<ConsumeAnswers.Answer> answers = new ArrayList<>();

  private volatile boolean isDraining;
  private volatile boolean isLeaving;

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
    this.output = new CallOutput<>(responses);
    this.onEnded = onEnded;
    this.pace = new RequestPace(responses, MAX_UNANSWERED, Long.MAX_VALUE);
    Executor loop = CallLoop.current();
    this.settling = new TurnEnd(loop, this::settle);
    this.answering = new TurnEnd(loop, this::sendAnswers);
    responses.setOnReadyThreshold(READY_BYTES);
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
    try {
      switch (request.getRequestCase()) {
        case OPEN -> open(request.getOpen());
        case PREFETCH -> prefetch(request.getPrefetch());
        case SETTLE -> settleLater(1, () -> turn.add(request.getSettle()));
        case SETTLE_SEVERAL -> ask(request.getSettleSeveral());
        case REQUEST_NOT_SET ->
            end(new WeirException(ErrorCode.MALFORMED, "A request of a kind not known."));
      }
    } catch (WeirException | IllegalArgumentException e) {
      end(Failures.typed(e));
    }
    pace.answered(1, 0, 0);
    pace.ask();
  }

  private void open(ConsumerOpening opening) {
    if (consumption != null) {
      throw new WeirException(ErrorCode.MALFORMED, "The consumer is open already.");
    }
    int prefetch = checkPrefetch(opening.getPrefetch());
    isGathering = opening.getGathers();
    // Without room, so that it is known here before anything is delivered.
    Consumption opened = broker.queues().consume(opening.getQueue(), 0, this);
    consumption = opened;
    output.say(
        ConsumeResponse.newBuilder()
            .setOpened(ConsumerOpened.newBuilder().setGathers(isGathering))
            .build());
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
    deliverAll(List.of(message));
  }

  @Override
  public void deliverAll(List<QueuedMessage> messages) {
    lock.lock();
    try {
      long now = clock.epochMicros();
      messages.forEach(message -> held.add(message, now));
    } finally {
      lock.unlock();
    }
    boolean isSaid = output.sayAll(ConsumeAnswers.deliveries(messages, isGathering));
    if (isSaid && !responses.isReady()) {
      limit();
    }
  }

  /// @throws WeirException when no queue was named
  private void settleLater(int count, Runnable asking) {
    opened();
    pace.taken(count, 0);
    asking.run();
    settling.ask();
  }

  private void ask(Settlements several) {
    int count = several.getSettlementsCount() + several.getAckedCount();
    Checks.range("settlements", count, 0, MAX_SETTLEMENTS);
    settleLater(
        count,
        () -> {
          several.getSettlementsList().forEach(turn::add);
          for (int i = 0; i < several.getAckedCount(); i++) {
            turn.add(several.getAcked(i));
          }
        });
  }

  /// The end of a turn: what came in it is settled under one lock of the queues.
  private void settle() {
    SettleTurn came = turn;
    turn = new SettleTurn(this::answer);
    Consumption open = consumption;
    if (open == null || came.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      came.resolve(held, clock.epochMicros());
    } finally {
      lock.unlock();
    }
    came.settle(open);
  }

  private void answer(List<ConsumeAnswers.Answer> several) {
    lock.lock();
    try {
      answers.addAll(several);
    } finally {
      lock.unlock();
    }
    answering.ask();
  }

  /// The end of a turn.
  private void sendAnswers() {
    List<ConsumeAnswers.Answer> all;
    lock.lock();
    try {
      all = answers;
      answers = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    List<ConsumeResponse> words = ConsumeAnswers.settled(all, isGathering);
    boolean isSaid = output.sayAll(words);
    pace.answered(all.size(), 0, isSaid ? words.size() : 0);
    endIfDone();
  }

  private boolean isOver() {
    return isDraining || isLeaving || output.isEnded();
  }

  /// The queue was deleted, or the broker closes.
  @Override
  public void ended(WeirException cause) {
    end(cause);
  }

  /// Nothing more is handed out; what is held may be settled before the call ends.
  @Override
  public void drain() {
    isDraining = true;
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
    settle();
    isLeaving = true;
    open.close();
    endIfDone();
  }

  private void endIfDone() {
    boolean isDone = isLeaving || (isDraining && holdsNothing());
    if (!isDone || !pace.isSettled()) {
      return; // In this order: what is settled is first counted, then no longer held.
    }
    if (!isLeaving) {
      end(new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing."));
    } else if (output.complete()) {
      leave();
    }
  }

  private boolean holdsNothing() {
    lock.lock();
    try {
      return held.isEmpty(clock.epochMicros());
    } finally {
      lock.unlock();
    }
  }

  /// Ends the call with a reason.
  private void end(WeirException cause) {
    if (output.end(ConsumeResponse.newBuilder().setFailed(Failures.of(cause)).build())) {
      leave();
    }
  }

  @Override
  public void onError(Throwable cause) {
    cancel();
  }

  private void cancel() {
    settle();
    if (output.cancel()) {
      leave();
    }
  }

  private void leave() {
    pace.end();
    Consumption open = consumption;
    if (open != null) {
      open.close();
    }
    onEnded.accept(this);
  }
}
