package dev.weir.gateway.grpc;

import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.proto.v1.GetPresenceRequest;
import dev.weir.proto.v1.GetPresenceResponse;
import dev.weir.proto.v1.JoinRequest;
import dev.weir.proto.v1.JoinResponse;
import dev.weir.proto.v1.PresenceGrpc;
import dev.weir.proto.v1.WatchPresenceRequest;
import dev.weir.proto.v1.WatchPresenceResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionStage;

/// `weir.v1.Presence`: who is there. Runs on gRPC's threads and never blocks them.
final class PresenceService extends PresenceGrpc.PresenceImplBase {
  private final Broker broker;

  PresenceService(Broker broker) {
    this.broker = broker;
  }

  @Override
  public StreamObserver<JoinRequest> join(StreamObserver<JoinResponse> responses) {
    return new JoinCall(broker, (ServerCallStreamObserver<JoinResponse>) responses);
  }

  @Override
  public void watch(WatchPresenceRequest request, StreamObserver<WatchPresenceResponse> responses) {
    new WatchCall((ServerCallStreamObserver<WatchPresenceResponse>) responses)
        .open(broker, request);
  }

  @Override
  public void getPresence(
      GetPresenceRequest request, StreamObserver<GetPresenceResponse> responses) {
    CompletionStage<dev.weir.broker.PresenceView> members;
    try {
      members = broker.presence().members(request.getTopic());
    } catch (WeirException e) {
      responses.onError(RegistryStatus.of(e));
      return;
    }
    var _ =
        members.whenComplete((view, fault) -> {
          if (fault != null) {
            responses.onError(RegistryStatus.of(Failures.typed(fault)));
          } else {
            responses.onNext(
                GetPresenceResponse.newBuilder().setView(PresenceWords.view(view)).build());
            responses.onCompleted();
          }
        });
  }
}
