package dev.weir.client;

import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.PublishRequest;
import dev.weir.proto.v1.PublishResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// One `Publish` call of a [QueuePublisher]. Requests are sent under the publisher's lock; answers
/// come on the client's event loop.
final class PublishSession extends ClientCall.Listener<PublishResponse> implements Redial.Call {
  /// One of the largest requests: the next is made while it is written.
  private static final int READY_BYTES = QueuePublisher.MAX_REQUEST_BYTES;

  private final QueuePublisher publisher;
  private volatile @Nullable ClientCall<PublishRequest, PublishResponse> call;

  /// Whether the server has shown that it takes several messages in one request.
  private volatile boolean isGathering;

  private volatile boolean hasSentSeveral;

  PublishSession(QueuePublisher publisher) {
    this.publisher = publisher;
  }

  @Override
  public void start(ManagedChannel channel) {
    ClientCall<PublishRequest, PublishResponse> started =
        channel.newCall(
            BrokerGrpc.getPublishMethod(), CallOptions.DEFAULT.withOnReadyThreshold(READY_BYTES));
    started.start(this, new Metadata());
    started.request(1);
    call = started;
    publisher.onStarted(this);
  }

  boolean isGathering() {
    return isGathering;
  }

  boolean hasSentSeveral() {
    return hasSentSeveral;
  }

  /// Whether the transport takes more; [QueuePublisher#onReady] follows when it does again.
  boolean isReady() {
    ClientCall<PublishRequest, PublishResponse> open = call;
    return open != null && open.isReady();
  }

  void send(PublishRequest request) {
    ClientCall<PublishRequest, PublishResponse> open = call;
    if (open != null) {
      hasSentSeveral |= request.getMoreCount() > 0;
      open.sendMessage(request);
    }
  }

  void finish() {
    ClientCall<PublishRequest, PublishResponse> open = call;
    if (open != null) {
      open.halfClose();
    }
  }

  @Override
  public void onReady() {
    publisher.onReady();
  }

  @Override
  public void onMessage(PublishResponse response) {
    isGathering |= response.getCount() > 0;
    publisher.onAnswer(this, response);
    ClientCall<PublishRequest, PublishResponse> open = call;
    if (open != null) {
      open.request(1);
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    publisher.onEnded(this, status, trailers);
  }

  @Override
  public void cancel() {
    ClientCall<PublishRequest, PublishResponse> open = call;
    if (open != null) {
      open.cancel("the publisher left the call", null);
    }
  }
}
