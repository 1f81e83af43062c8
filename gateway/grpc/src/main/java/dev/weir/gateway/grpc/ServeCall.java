package dev.weir.gateway.grpc;

import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.IncomingRequest;
import dev.weir.broker.Responder;
import dev.weir.broker.Responding;
import dev.weir.message.TopicFilter;
import dev.weir.proto.v1.ServeOpened;
import dev.weir.proto.v1.ServeOpening;
import dev.weir.proto.v1.ServeReply;
import dev.weir.proto.v1.ServeRequest;
import dev.weir.proto.v1.ServeResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One `Serve` call: somebody who answers requests.
///
/// While the transport takes nothing more its capacity is zero, so that requests go to others and
/// not into gRPC's outbound queue, which has no bound.
///
/// Threads: gRPC's own for replies and readiness, those of askers for requests. `lock` guards what
/// is sent, `capacityLock` the capacity; the broker is never called under `lock`.
final class ServeCall implements StreamObserver<ServeRequest>, Responder, DoorCall {
  /// Likewise to a consumer's prefetch.
  static final int MAX_CAPACITY = 10_000;

  private final Broker broker;
  private final ServerCallStreamObserver<ServeResponse> responses;
  private final Consumer<DoorCall> onEnded;
  private final String origin = CallOrigin.current();

  private final ReentrantLock capacityLock = new ReentrantLock();
  private int wanted;

  private final ReentrantLock lock = new ReentrantLock();
  private boolean isDraining;
  private boolean isEnded;

  /// Set once, by gRPC's thread.
  private volatile @Nullable Responding responding;

  ServeCall(
      Broker broker,
      ServerCallStreamObserver<ServeResponse> responses,
      Consumer<DoorCall> onEnded) {
    this.broker = broker;
    this.responses = responses;
    this.onEnded = onEnded;
    responses.setOnReadyHandler(this::limit);
    responses.setOnCancelHandler(() -> leave(() -> {}));
  }

  @Override
  public void onNext(ServeRequest request) {
    try {
      switch (request.getRequestCase()) {
        case OPEN -> open(request.getOpen());
        case CAPACITY -> capacity(request.getCapacity());
        case REPLY -> reply(request.getReply());
        case FAILURE -> {
          long number = request.getFailure().getNumber();
          var _ = opened().fail(number, request.getFailure().getDetail());
          endIfDrained();
        }
        case REQUEST_NOT_SET ->
            throw new WeirException(ErrorCode.MALFORMED, "A request of a kind not known.");
      }
    } catch (WeirException | IllegalArgumentException e) {
      end(Failures.typed(e));
    }
  }

  /// Opened without room, which follows: what is handed over must find everything in its place.
  private void open(ServeOpening opening) {
    if (responding != null) {
      throw new WeirException(ErrorCode.MALFORMED, "The call answers a filter already.");
    }
    Checks.range("capacity", opening.getCapacity(), 0, MAX_CAPACITY);
    Responding open = broker.requests().respond(TopicFilter.parse(opening.getFilter()), 0, this);
    responding = open;
    send(ServeResponse.newBuilder().setOpened(ServeOpened.getDefaultInstance()).build());
    capacity(opening.getCapacity());
    if (isOver()) {
      open.close(); // Cancelled meanwhile.
    }
  }

  private Responding opened() {
    Responding open = responding;
    if (open == null) {
      throw new WeirException(ErrorCode.MALFORMED, "The first request must name a filter.");
    }
    return open;
  }

  private void capacity(int requests) {
    Checks.range("capacity", requests, 0, MAX_CAPACITY);
    var _ = opened();
    capacityLock.lock();
    try {
      wanted = requests;
    } finally {
      capacityLock.unlock();
    }
    limit();
  }

  private void limit() {
    Responding open = responding;
    if (open == null) {
      return;
    }
    capacityLock.lock();
    try {
      open.capacity(responses.isReady() && !isOver() ? wanted : 0);
    } finally {
      capacityLock.unlock();
    }
  }

  private boolean isOver() {
    lock.lock();
    try {
      return isEnded || isDraining;
    } finally {
      lock.unlock();
    }
  }

  /// A reply that is no message, or too large, fails its request alone.
  private void reply(ServeReply reply) {
    Responding open = opened();
    try {
      dev.weir.proto.v1.Message message = reply.getMessage();
      if (message.getTopic().isEmpty()) {
        message = message.toBuilder().setTopic("-").build();
      }
      var _ = open.reply(reply.getNumber(), Messages.of(message));
    } catch (WeirException | IllegalArgumentException e) {
      var _ = open.fail(reply.getNumber(), "The reply is refused: " + e.getMessage());
    }
    endIfDrained();
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public void deliver(IncomingRequest request) {
    ServeResponse response =
        ServeResponse.newBuilder()
            .setRequest(
                dev.weir.proto.v1.IncomingRequest.newBuilder()
                    .setNumber(request.number())
                    .setMessage(Messages.of(request.message()))
                    .setUntilMicros(request.untilMicros()))
            .build();
    lock.lock();
    try {
      if (isEnded) {
        return; // It is told to its asker as lost.
      }
      responses.onNext(response);
    } finally {
      lock.unlock();
    }
    if (!responses.isReady()) {
      limit();
    }
  }

  private void endIfDrained() {
    Responding open = responding;
    boolean isAsked;
    lock.lock();
    try {
      isAsked = isDraining;
    } finally {
      lock.unlock();
    }
    if (isAsked && (open == null || open.inHand() == 0)) {
      end(closing());
    }
  }

  private static WeirException closing() {
    return new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing.");
  }

  private void send(ServeResponse response) {
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
  public void ended(WeirException cause) {
    end(cause);
  }

  /// Nothing more is handed out; the call ends once what is in hand is replied to.
  @Override
  public void drain() {
    lock.lock();
    try {
      isDraining = true;
    } finally {
      lock.unlock();
    }
    limit();
    endIfDrained();
  }

  /// The client replies to nothing more.
  @Override
  public void onCompleted() {
    leave(responses::onCompleted);
  }

  @Override
  public void onError(Throwable cause) {
    leave(() -> {});
  }

  private void end(WeirException cause) {
    leave(() -> {
      responses.onNext(ServeResponse.newBuilder().setFailed(Failures.of(cause)).build());
      responses.onCompleted();
    });
  }

  /// @param lastWord what is still said, under the lock
  private void leave(Runnable lastWord) {
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
    Responding open = responding;
    if (open != null) {
      open.close();
    }
    onEnded.accept(this);
  }
}
