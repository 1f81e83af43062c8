package dev.weir.gateway.grpc;

import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.BrokerStats;
import dev.weir.broker.DictionaryShelf;
import dev.weir.broker.Presence;
import dev.weir.broker.PublishListener;
import dev.weir.broker.PublishRequest;
import dev.weir.broker.Queues;
import dev.weir.broker.ReceiptsListener;
import dev.weir.broker.Requests;
import dev.weir.broker.RetainedPage;
import dev.weir.broker.Subscriber;
import dev.weir.broker.Subscription;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.broker.TopicListing;
import dev.weir.broker.explain.Explanations;
import dev.weir.broker.explain.Publishers;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.message.StoredLane;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// For services that hold one broker while each of their calls has its own: every method asks anew
/// whose call it is. Good within a call's callbacks only.
final class ContextBroker implements Broker {
  private final Supplier<Broker> current;

  ContextBroker(Supplier<Broker> current) {
    this.current = current;
  }

  @Override
  public boolean offer(PublishRequest request, PublishListener listener) {
    return current.get().offer(request, listener);
  }

  @Override
  public CompletionStage<Receipt> publish(Message message) {
    return current.get().publish(message);
  }

  @Override
  public void publishEach(List<Message> messages, ReceiptsListener listener) {
    current.get().publishEach(messages, listener);
  }

  @Override
  public CompletionStage<Receipt> publishTogether(List<Message> messages) {
    return current.get().publishTogether(messages);
  }

  @Override
  public RetainedPage retained(TopicFilter filter, String after, int limit)
      throws IOException, InterruptedException {
    return current.get().retained(filter, after, limit);
  }

  @Override
  public void onRoom(Runnable callback) {
    current.get().onRoom(callback);
  }

  @Override
  public long durableSequence(BatchSource source, int lane) {
    return current.get().durableSequence(source, lane);
  }

  @Override
  public CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstSequence) {
    return current.get().resumeLane(source, lane, firstSequence);
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request, Subscriber subscriber) {
    return current.get().subscribe(request, subscriber);
  }

  @Override
  public Queues queues() {
    return current.get().queues();
  }

  @Override
  public Presence presence() {
    return current.get().presence();
  }

  @Override
  public Requests requests() {
    return current.get().requests();
  }

  @Override
  public TopicListing topics(TopicFilter filter, int limit) {
    return current.get().topics(filter, limit);
  }

  @Override
  public DictionaryShelf dictionaries() {
    return current.get().dictionaries();
  }

  @Override
  public BrokerStats stats() {
    return current.get().stats();
  }

  @Override
  public Publishers publishers() {
    return current.get().publishers();
  }

  @Override
  public Explanations explanations() {
    return current.get().explanations();
  }

  @Override
  public Optional<WeirException> fault() {
    return current.get().fault();
  }

  /// Calls end by themselves.
  @Override
  public void close() {
    // Nothing of its own.
  }
}
