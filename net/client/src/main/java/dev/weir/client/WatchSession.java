package dev.weir.client;

import dev.weir.proto.v1.PresenceGrpc;
import dev.weir.proto.v1.WatchPresenceRequest;
import dev.weir.proto.v1.WatchPresenceResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// One `Watch` call of a [PresenceWatch]; on the client's event loop.
final class WatchSession extends ClientCall.Listener<WatchPresenceResponse> implements Redial.Call {
  private final PresenceWatch watch;
  private final WatchPresenceRequest request;
  private volatile @Nullable ClientCall<WatchPresenceRequest, WatchPresenceResponse> call;

  WatchSession(PresenceWatch watch, String topic, long since) {
    this.watch = watch;
    this.request = WatchPresenceRequest.newBuilder().setTopic(topic).setSince(since).build();
  }

  @Override
  public void start(ManagedChannel channel) {
    ClientCall<WatchPresenceRequest, WatchPresenceResponse> started =
        channel.newCall(PresenceGrpc.getWatchMethod(), CallOptions.DEFAULT);
    call = started;
    started.start(this, new Metadata());
    started.request(1);
    started.sendMessage(request);
    started.halfClose();
  }

  @Override
  public void onMessage(WatchPresenceResponse response) {
    watch.onResponse(this, response);
    ClientCall<WatchPresenceRequest, WatchPresenceResponse> open = call;
    if (open != null) {
      open.request(1);
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    watch.onEnded(this, status, trailers);
  }

  @Override
  public void cancel() {
    ClientCall<WatchPresenceRequest, WatchPresenceResponse> open = call;
    if (open != null) {
      open.cancel("the watch left the call", null);
    }
  }
}
