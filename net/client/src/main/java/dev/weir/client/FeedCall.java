package dev.weir.client;

import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.SubscribeRequest;
import dev.weir.proto.v1.SubscribeResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// One call of a [Feed]. Everything but [#start] and the answers happens under the feed's lock, so
/// that requests keep their order; answers come on the client's event loop.
final class FeedCall extends ClientCall.Listener<SubscribeResponse> {
  private final Feed feed;
  private final long receivedBefore;
  private @Nullable ClientCall<SubscribeRequest, SubscribeResponse> call;
  private boolean isCancelled;
  private volatile boolean isOpened;

  /// @param receivedBefore messages that the feed received in earlier calls
  FeedCall(Feed feed, long receivedBefore) {
    this.feed = feed;
    this.receivedBefore = receivedBefore;
  }

  /// Messages received in earlier calls: the wire's credit counts from there.
  long receivedBefore() {
    return receivedBefore;
  }

  /// Begins the call, without a word yet. Its end may be told before this returns.
  ClientCall<SubscribeRequest, SubscribeResponse> start(ManagedChannel channel) {
    ClientCall<SubscribeRequest, SubscribeResponse> started =
        channel.newCall(BrokerGrpc.getSubscribeMethod(), CallOptions.DEFAULT);
    started.start(this, new Metadata());
    started.request(1);
    return started;
  }

  /// Says what is wanted. Nothing can be sent before.
  void open(ClientCall<SubscribeRequest, SubscribeResponse> started, SubscribeRequest opening) {
    call = started;
    send(opening);
  }

  void credit(long limitMessages) {
    send(Requests.credit(limitMessages));
  }

  private void send(SubscribeRequest request) {
    if (call != null && !isCancelled) {
      call.sendMessage(request);
    }
  }

  /// Asks for one more answer.
  void readOn() {
    if (call != null && !isCancelled) {
      call.request(1);
    }
  }

  void cancel() {
    isCancelled = true;
    if (call != null) {
      call.cancel("the client left the call", null);
    }
  }

  void opened() {
    isOpened = true;
  }

  boolean isOpened() {
    return isOpened;
  }

  @Override
  public void onMessage(SubscribeResponse response) {
    feed.onResponse(this, response);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    feed.onCallEnded(this, status, trailers);
  }
}
