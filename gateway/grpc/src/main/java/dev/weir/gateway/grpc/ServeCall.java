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
/// Threads: gRPC's own for replies and readiness, those of askers for requests. The lock guards the
/// capacity.
final class ServeCall implements StreamObserver<ServeRequest>, Responder, DoorCall {
  /// Likewise to a consumer's prefetch.
  static final int MAX_CAPACITY = 10_000;

  private final Broker broker;
  private final ServerCallStreamObserver<ServeResponse> responses;
  private final Consumer<DoorCall> onEnded;
  private final String origin = CallOrigin.current();

  private final CallOutput<ServeResponse> output;

  private final ReentrantLock lock = new ReentrantLock();
  private int wanted;

  private volatile boolean isDraining;

  /// Set once, by gRPC's thread.
  private volatile @Nullable Responding responding;

  ServeCall(
      Broker broker,
      ServerCallStreamObserver<ServeResponse> responses,
      Consumer<DoorCall> onEnded) {
    this.broker = broker;
    this.responses = responses;
    this.onEnded = onEnded;
    this.output = new CallOutput<>(responses);
    responses.setOnReadyHandler(this::limit);
    responses.setOnCancelHandler(this::cancel);
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
    output.say(ServeResponse.newBuilder().setOpened(ServeOpened.getDefaultInstance()).build());
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
    lock.lock();
    try {
      wanted = requests;
    } finally {
      lock.unlock();
    }
    limit();
  }

  private void limit() {
    Responding open = responding;
    if (open == null) {
      return;
    }
    lock.lock();
    try {
      open.capacity(responses.isReady() && !isOver() ? wanted : 0);
    } finally {
      lock.unlock();
    }
  }

  private boolean isOver() {
    return isDraining || output.isEnded();
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
    boolean isSaid = output.say(response); // Else it is told to its asker as lost.
    if (isSaid && !responses.isReady()) {
      limit();
    }
  }

  private void endIfDrained() {
    Responding open = responding;
    if (isDraining && (open == null || open.inHand() == 0)) {
      end(new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing."));
    }
  }

  @Override
  public void ended(WeirException cause) {
    end(cause);
  }

  /// Nothing more is handed out; the call ends once what is in hand is replied to.
  @Override
  public void drain() {
    isDraining = true;
    limit();
    endIfDrained();
  }

  /// The client replies to nothing more.
  @Override
  public void onCompleted() {
    if (output.complete()) {
      leave();
    }
  }

  @Override
  public void onError(Throwable cause) {
    cancel();
  }

  private void cancel() {
    if (output.cancel()) {
      leave();
    }
  }

  private void end(WeirException cause) {
    if (output.end(ServeResponse.newBuilder().setFailed(Failures.of(cause)).build())) {
      leave();
    }
  }

  private void leave() {
    Responding open = responding;
    if (open != null) {
      open.close();
    }
    onEnded.accept(this);
  }
}
