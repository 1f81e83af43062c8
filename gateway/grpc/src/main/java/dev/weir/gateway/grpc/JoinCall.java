package dev.weir.gateway.grpc;

import com.google.protobuf.ByteString;
import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.PresenceHolder;
import dev.weir.broker.PresenceMember;
import dev.weir.proto.v1.EnterPresence;
import dev.weir.proto.v1.JoinRequest;
import dev.weir.proto.v1.JoinResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// One `Join` call: members that are held while it is open.
///
/// Threads: gRPC's own for requests, `weir-presence` for answers.
final class JoinCall implements StreamObserver<JoinRequest> {
  private static final int MAX_UNANSWERED = 256;

  private final CallOutput<JoinResponse> output;
  private final RequestPace pace;
  private final PresenceHolder holder;
  private volatile boolean isClosing;

  JoinCall(Broker broker, ServerCallStreamObserver<JoinResponse> responses) {
    this.output = new CallOutput<>(responses);
    this.pace = new RequestPace(responses, MAX_UNANSWERED, Long.MAX_VALUE);
    this.holder = broker.presence().hold("", CallOrigin.current());
    responses.setOnReadyHandler(pace::ask);
    responses.setOnCancelHandler(this::cancel);
    pace.ask();
  }

  @Override
  public void onNext(JoinRequest request) {
    pace.taken(0);
    CompletionStage<Long> done;
    try {
      done = done(request);
    } catch (WeirException | IllegalArgumentException e) {
      done = CompletableFuture.failedFuture(e);
    }
    var _ = done.whenComplete((sequence, fault) -> answer(request.getNumber(), sequence, fault));
    pace.ask();
  }

  private CompletionStage<Long> done(JoinRequest request) {
    String topic = request.getTopic();
    String member = request.getMember();
    return switch (request.getActionCase()) {
      case ENTER -> {
        EnterPresence enter = request.getEnter();
        yield holder.enter(topic, member, bytes(enter.getData()), grace(enter));
      }
      case UPDATE -> holder.update(topic, member, bytes(request.getUpdate().getData()));
      case LEAVE -> holder.leave(topic, member);
      case ACTION_NOT_SET ->
          throw new WeirException(ErrorCode.MALFORMED, "An action of a kind not known.");
    };
  }

  private static Duration grace(EnterPresence enter) {
    if (!enter.hasGraceMillis()) {
      return PresenceMember.DEFAULT_GRACE;
    }
    long most = PresenceMember.MAX_GRACE.toMillis();
    Checks.range("grace milliseconds", enter.getGraceMillis(), 0, most);
    return Duration.ofMillis(enter.getGraceMillis());
  }

  private static Bytes bytes(ByteString bytes) {
    return Bytes.wrap(bytes.toByteArray());
  }

  private void answer(long number, @Nullable Long sequence, @Nullable Throwable fault) {
    JoinResponse.Builder response = JoinResponse.newBuilder().setNumber(number);
    if (fault != null) {
      response.setFailure(Failures.of(fault));
    } else if (sequence != null) {
      response.setSequence(sequence);
    }
    output.say(response.build());
    pace.answered(0);
    endIfSettled();
  }

  /// The client is gone: its members stay for their grace.
  @Override
  public void onCompleted() {
    pace.end();
    isClosing = true;
    endIfSettled();
  }

  private void endIfSettled() {
    if (isClosing && pace.isSettled() && output.complete()) {
      holder.close();
    }
  }

  @Override
  public void onError(Throwable cause) {
    cancel();
  }

  private void cancel() {
    pace.end();
    output.cancel();
    holder.close();
  }
}
