package dev.weir.client;

import dev.weir.proto.v1.PresenceGrpc;
import dev.weir.proto.v1.WatchPresenceRequest;
import dev.weir.proto.v1.WatchPresenceResponse;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;

/// One `Watch` call of a [PresenceWatch]; on the client's event loop.
final class WatchSession extends ClientCall.Listener<WatchPresenceResponse> implements Redial.Call {
  private final PresenceWatch watch;
  private final WatchPresenceRequest request;
  private final Dialogue<WatchPresenceRequest, WatchPresenceResponse> dialogue =
      new Dialogue<>(PresenceGrpc.getWatchMethod(), "the watch");

  WatchSession(PresenceWatch watch, String topic, long since) {
    this.watch = watch;
    this.request = WatchPresenceRequest.newBuilder().setTopic(topic).setSince(since).build();
  }

  @Override
  public void start(ManagedChannel channel) {
    dialogue.start(channel, this, request);
    var _ = dialogue.finish();
  }

  @Override
  public void onMessage(WatchPresenceResponse response) {
    watch.onResponse(this, response);
    dialogue.readOn();
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    dialogue.closed();
    watch.onEnded(this, status, trailers);
  }

  @Override
  public void cancel() {
    dialogue.cancel();
  }
}
