package dev.weir.gateway.grpc;

import dev.weir.base.ErrorCode;
import dev.weir.base.TurnEnd;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.explain.OpenPublisher;
import dev.weir.broker.explain.PublisherTrace;
import dev.weir.proto.v1.PublishRequest;
import dev.weir.proto.v1.PublishResponse;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One `Publish` call: messages in, a receipt or a failure for each.
///
/// What comes in one turn of the event loop is published side by side, and answers that are there
/// at the end of one go together, to a client that takes them so.
///
/// Threads: gRPC's own, an event loop, for requests and answers; the log's for receipts. The lock
/// is never held while the broker is called: the broker tells refusals under a lock of its own.
final class PublishCall implements StreamObserver<PublishRequest>, DoorCall, OpenPublisher {
  /// 1,024 messages of a call share one fsync; more would wait in the log's queue.
  private static final int MAX_UNANSWERED = 1 << 10;

  /// With the largest request beyond it, what one call makes a core hold.
  private static final long MAX_BYTES = 4L << 20;

  /// Of one request, as many as may be without an answer.
  private static final int MAX_MESSAGES = MAX_UNANSWERED;

  private final Broker broker;
  private final CallOutput<PublishResponse> output;
  private final Consumer<PublishCall> onEnded;
  private final String origin = CallOrigin.current();
  private final RequestPace pace;
  private final TurnEnd publishing;
  private final TurnEnd answering;

  // Of the event loop.
  private PublishTurn turn = new PublishTurn(this::answer);
  private boolean isGathering;

  /// Of the message that came last; written by the event loop.
  private volatile String topic = "";

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private List<PublishAnswer> answers = new ArrayList<>();
  private boolean isClosing;
  private @Nullable WeirException reason;

  PublishCall(
      Broker broker,
      ServerCallStreamObserver<PublishResponse> responses,
      Consumer<PublishCall> onEnded) {
    this.broker = broker;
    this.output = new CallOutput<>(responses);
    this.onEnded = onEnded;
    this.pace = new RequestPace(responses, MAX_UNANSWERED, MAX_BYTES);
    Executor loop = CallLoop.current();
    // Whose call it is stands in its context, see [ContextBroker].
    this.publishing = new TurnEnd(loop, Context.current().wrap(this::publish));
    this.answering = new TurnEnd(loop, this::sendAnswers);
    responses.setOnReadyHandler(pace::ask);
    responses.setOnCancelHandler(this::cancel);
    pace.ask();
  }

  @Override
  public void onNext(PublishRequest request) {
    int count = 1 + request.getMoreCount();
    long bytes = PublishTurn.bytes(request);
    pace.taken(count, bytes);
    isGathering |= request.getGathers();
    topic = request.getMessage().getTopic();
    if (count > MAX_MESSAGES) {
      String fault = "A request has " + count + " messages, at most " + MAX_MESSAGES + ".";
      WeirException cause = new WeirException(ErrorCode.MALFORMED, fault);
      answer(PublishAnswer.failed(request.getNumber(), count, bytes, cause));
    } else {
      turn.add(request);
      publishing.ask();
    }
    pace.ask();
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public PublisherTrace trace() {
    return pace.trace("grpc", topic);
  }

  /// The end of a turn.
  private void publish() {
    PublishTurn came = turn;
    turn = new PublishTurn(this::answer);
    came.publish(broker);
  }

  private void answer(PublishAnswer answer) {
    lock.lock();
    try {
      answers.add(answer);
    } finally {
      lock.unlock();
    }
    answering.ask();
  }

  /// The end of a turn.
  private void sendAnswers() {
    List<PublishAnswer> all;
    lock.lock();
    try {
      all = answers;
      answers = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    List<PublishResponse> words = PublishAnswer.words(all, isGathering);
    int sent = output.sayAll(words) ? words.size() : 0;
    int count = all.stream().mapToInt(PublishAnswer::count).sum();
    long bytes = all.stream().mapToLong(PublishAnswer::bytes).sum();
    pace.answered(count, bytes, sent);
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
    WeirException cause;
    lock.lock();
    try {
      if (!isClosing || !pace.isSettled()) {
        return;
      }
      cause = reason;
    } finally {
      lock.unlock();
    }
    if (cause == null ? output.complete() : output.fail(RegistryStatus.of(cause))) {
      onEnded.accept(this);
    }
  }

  @Override
  public void onError(Throwable cause) {
    cancel();
  }

  private void cancel() {
    pace.end();
    output.cancel();
    onEnded.accept(this);
  }
}
