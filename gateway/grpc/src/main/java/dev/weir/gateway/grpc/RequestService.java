package dev.weir.gateway.grpc;

import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.Requests;
import dev.weir.message.Message;
import dev.weir.proto.v1.RequestRequest;
import dev.weir.proto.v1.RequestResponse;
import dev.weir.proto.v1.RequestsGrpc;
import dev.weir.proto.v1.ServeRequest;
import dev.weir.proto.v1.ServeResponse;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// `weir.v1.Requests`: asking and answering. Runs on gRPC's threads and never blocks them.
final class RequestService extends RequestsGrpc.RequestsImplBase {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  private final Broker broker;

  /// The calls that are asked to end when the core closes.
  private final Set<DoorCall> calls = ConcurrentHashMap.newKeySet();

  private volatile boolean isDraining;

  RequestService(Broker broker) {
    this.broker = broker;
  }

  /// The core closes: nobody is handed a request any more; what is in hand may be replied to. Any
  /// thread; idempotent.
  void drain() {
    isDraining = true;
    calls.forEach(DoorCall::drain);
  }

  @Override
  public void request(RequestRequest request, StreamObserver<RequestResponse> responses) {
    var call = (ServerCallStreamObserver<RequestResponse>) responses;
    CompletableFuture<Message> asked;
    try {
      Message message = Messages.of(request.getMessage());
      asked = broker.requests().ask(message, timeout(request));
    } catch (WeirException | IllegalArgumentException e) {
      responses.onError(RegistryStatus.of(Failures.typed(e)));
      return;
    }
    call.setOnCancelHandler(() -> asked.cancel(false));
    var _ = asked.whenComplete((reply, fault) -> answer(call, reply, fault));
  }

  private static Duration timeout(RequestRequest request) {
    Deadline deadline = Context.current().getDeadline();
    Duration wanted =
        request.getTimeoutMillis() == 0
            ? deadline == null ? DEFAULT_TIMEOUT : Requests.MAX_TIMEOUT
            : Duration.ofMillis(request.getTimeoutMillis());
    if (deadline == null) {
      return wanted;
    }
    Duration left = Duration.ofMillis(Math.max(1, deadline.timeRemaining(TimeUnit.MILLISECONDS)));
    return left.compareTo(wanted) < 0 ? left : wanted;
  }

  private static void answer(
      ServerCallStreamObserver<RequestResponse> call,
      @Nullable Message reply,
      @Nullable Throwable fault) {
    if (call.isCancelled()) {
      return;
    }
    if (reply != null) {
      call.onNext(RequestResponse.newBuilder().setReply(Messages.of(reply)).build());
      call.onCompleted();
    } else if (fault != null) {
      call.onError(RegistryStatus.of(Failures.typed(fault)));
    }
  }

  @Override
  public StreamObserver<ServeRequest> serve(StreamObserver<ServeResponse> responses) {
    var call = (ServerCallStreamObserver<ServeResponse>) responses;
    ServeCall opened = new ServeCall(broker, call, calls::remove);
    calls.add(opened);
    if (isDraining) {
      opened.drain();
    }
    return opened;
  }
}
