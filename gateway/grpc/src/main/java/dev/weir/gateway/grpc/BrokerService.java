package dev.weir.gateway.grpc;

import dev.weir.base.Checks;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.TopicListing;
import dev.weir.broker.TopicStatistics;
import dev.weir.message.TopicFilter;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.ListTopicsRequest;
import dev.weir.proto.v1.ListTopicsResponse;
import dev.weir.proto.v1.SubscribeRequest;
import dev.weir.proto.v1.SubscribeResponse;
import dev.weir.proto.v1.TopicSummary;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/// `weir.v1.Broker`: subscriptions and topics. Runs on gRPC's threads and never blocks them; each
/// subscription's deliveries come from the broker's virtual thread.
public final class BrokerService extends BrokerGrpc.BrokerImplBase {
  private static final int DEFAULT_TOPICS = 1_000;

  /// What fits into one response of 4 MiB, gRPC's default limit, with topics of 40 bytes.
  private static final int MAX_TOPICS = 50_000;

  private final Broker broker;

  public BrokerService(Broker broker) {
    this.broker = broker;
  }

  @Override
  public StreamObserver<SubscribeRequest> subscribe(StreamObserver<SubscribeResponse> responses) {
    return new SubscriptionCall(broker, (ServerCallStreamObserver<SubscribeResponse>) responses);
  }

  @Override
  public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> responses) {
    try {
      TopicFilter filter =
          request.getFilter().isEmpty() ? TopicFilter.ALL : TopicFilter.parse(request.getFilter());
      int limit = request.getLimit() == 0 ? DEFAULT_TOPICS : request.getLimit();
      Checks.range("limit", limit, 1, MAX_TOPICS);
      responses.onNext(response(broker.topics(filter, limit)));
      responses.onCompleted();
    } catch (WeirException e) {
      responses.onError(RegistryStatus.of(e));
    } catch (IllegalArgumentException e) {
      responses.onError(RegistryStatus.ofArgument(e));
    }
  }

  private static ListTopicsResponse response(TopicListing listing) {
    ListTopicsResponse.Builder response =
        ListTopicsResponse.newBuilder().setIsComplete(listing.isComplete());
    for (TopicStatistics topic : listing.topics()) {
      response.addTopics(
          TopicSummary.newBuilder()
              .setTopic(topic.topic())
              .setMessages(topic.messages())
              .setBytes(topic.bytes())
              .setLastMicros(topic.lastMicros()));
    }
    return response.build();
  }
}
