package dev.weir.gateway.grpc;

import dev.weir.base.Checks;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.TopicListing;
import dev.weir.broker.TopicStatistics;
import dev.weir.broker.explain.Publishers;
import dev.weir.message.TopicFilter;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.ConsumeRequest;
import dev.weir.proto.v1.ConsumeResponse;
import dev.weir.proto.v1.CreateQueueRequest;
import dev.weir.proto.v1.CreateQueueResponse;
import dev.weir.proto.v1.DeleteQueueRequest;
import dev.weir.proto.v1.DeleteQueueResponse;
import dev.weir.proto.v1.GetQueueRequest;
import dev.weir.proto.v1.GetQueueResponse;
import dev.weir.proto.v1.ListQueuesRequest;
import dev.weir.proto.v1.ListQueuesResponse;
import dev.weir.proto.v1.ListTopicsRequest;
import dev.weir.proto.v1.ListTopicsResponse;
import dev.weir.proto.v1.PeekQueueRequest;
import dev.weir.proto.v1.PeekQueueResponse;
import dev.weir.proto.v1.PublishRequest;
import dev.weir.proto.v1.PublishResponse;
import dev.weir.proto.v1.PurgeQueueRequest;
import dev.weir.proto.v1.PurgeQueueResponse;
import dev.weir.proto.v1.RedriveQueueRequest;
import dev.weir.proto.v1.RedriveQueueResponse;
import dev.weir.proto.v1.SubscribeRequest;
import dev.weir.proto.v1.SubscribeResponse;
import dev.weir.proto.v1.TopicSummary;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// `weir.v1.Broker`: publishing, subscriptions, queues, topics. Runs on gRPC's threads and never
/// blocks them; each subscription's deliveries come from the broker's virtual thread, those of a
/// consumer from its queue's.
public final class BrokerService extends BrokerGrpc.BrokerImplBase {
  private static final int DEFAULT_TOPICS = 1_000;

  /// What fits into one response of 4 MiB, gRPC's default limit, with topics of 40 bytes.
  private static final int MAX_TOPICS = 50_000;

  private final Broker broker;
  private final Clock clock;
  private final QueueAdministration administration;

  /// The calls that are asked to end when the core closes.
  private final Set<DoorCall> calls = ConcurrentHashMap.newKeySet();

  private volatile boolean isDraining;

  public BrokerService(Broker broker, Clock clock) {
    this.broker = broker;
    this.clock = clock;
    this.administration = new QueueAdministration(broker::queues);
  }

  /// The core closes: messages that were read are answered and their calls end; consumers are
  /// handed out nothing more, and their calls end once they hold nothing. Any thread; idempotent.
  public void drain() {
    isDraining = true;
    calls.forEach(DoorCall::drain);
  }

  private <C extends DoorCall> C opened(C call) {
    calls.add(call);
    if (isDraining) {
      call.drain();
    }
    return call;
  }

  @Override
  public StreamObserver<PublishRequest> publish(StreamObserver<PublishResponse> responses) {
    var call = (ServerCallStreamObserver<PublishResponse>) responses;
    Publishers publishers = broker.publishers();
    PublishCall opening =
        new PublishCall(
            broker,
            call,
            ended -> {
              calls.remove(ended);
              publishers.remove(ended);
            });
    publishers.add(opening);
    return opened(opening);
  }

  @Override
  public StreamObserver<ConsumeRequest> consume(StreamObserver<ConsumeResponse> responses) {
    var call = (ServerCallStreamObserver<ConsumeResponse>) responses;
    return opened(new ConsumeCall(broker, clock, call, calls::remove));
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

  @Override
  public void createQueue(
      CreateQueueRequest request, StreamObserver<CreateQueueResponse> responses) {
    administration.create(request, responses);
  }

  @Override
  public void deleteQueue(
      DeleteQueueRequest request, StreamObserver<DeleteQueueResponse> responses) {
    administration.delete(request, responses);
  }

  @Override
  public void listQueues(ListQueuesRequest request, StreamObserver<ListQueuesResponse> responses) {
    administration.list(request, responses);
  }

  @Override
  public void getQueue(GetQueueRequest request, StreamObserver<GetQueueResponse> responses) {
    administration.get(request, responses);
  }

  @Override
  public void peekQueue(PeekQueueRequest request, StreamObserver<PeekQueueResponse> responses) {
    administration.peek(request, (ServerCallStreamObserver<PeekQueueResponse>) responses);
  }

  @Override
  public void purgeQueue(PurgeQueueRequest request, StreamObserver<PurgeQueueResponse> responses) {
    administration.purge(request, responses);
  }

  @Override
  public void redriveQueue(
      RedriveQueueRequest request, StreamObserver<RedriveQueueResponse> responses) {
    administration.redrive(request, responses);
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
