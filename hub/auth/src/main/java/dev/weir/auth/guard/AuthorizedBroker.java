package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.base.ErrorCode;
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
import dev.weir.broker.TopicStatistics;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/// The broker as one session may use it: the seam at which every door asks. What is not allowed
/// fails with NOT_PERMITTED, or with why the session is over; nothing is narrowed silently, but for
/// listings, which leave out what may not be seen.
///
/// The quota holds publishers back as a full store does: an offer has no room until it does, a
/// single message's answer waits.
///
/// | what | needs |
/// |---|---|
/// | offer, publish, publish together | publish on each topic |
/// | subscribe | subscribe on each filter; and history, unless it begins live; and manage, when it may hold publishers back |
/// | retained | subscribe on the filter |
/// | queues | see [AuthorizedQueues] |
/// | requests | see [AuthorizedRequests] |
/// | presence | presence on the topic, to see who is there and to enter |
/// | topics | subscribe or manage on each that is listed |
/// | lanes, dictionaries | publish on anything |
/// | stats, explanations | manage on `$weir/stats` |
///
/// Any thread.
public final class AuthorizedBroker implements Broker {
  /// What `manage` is needed on to see figures.
  public static final String STATS = "$weir/stats";

  /// As many topics as a broker counts one by one.
  private static final int MAX_TOPICS = 50_000;

  private final Broker broker;
  private final Session session;
  private final RoomBell bell;
  private final PacedPublishes paced;
  private final AuthorizedQueues queues;
  private final AuthorizedRequests requests;
  private final AuthorizedPresence presence;
  private final Set<Runnable> callbacks = ConcurrentHashMap.newKeySet();

  /// @param bell of the same broker
  public AuthorizedBroker(Broker broker, Session session, RoomBell bell) {
    this.broker = broker;
    this.session = session;
    this.bell = bell;
    this.paced = new PacedPublishes(session);
    this.queues = new AuthorizedQueues(broker.queues(), session, paced);
    this.presence = new AuthorizedPresence(broker.presence(), session);
    this.requests = new AuthorizedRequests(broker.requests(), session);
  }

  @Override
  public boolean offer(PublishRequest request, PublishListener listener) {
    try {
      PublishRights.require(session, request.batch(), request.identity().isPresent());
    } catch (WeirException e) {
      listener.failed(e);
      return true;
    }
    long wait = session.pace(request.batch().count(), request.batch().weight());
    if (wait > 0) {
      session.later(wait, () -> callbacks.forEach(Runnable::run));
      return false;
    }
    boolean isTaken = broker.offer(request, listener);
    if (!isTaken) {
      session.giveBack(request.batch().count(), request.batch().weight());
    }
    return isTaken;
  }

  @Override
  public CompletionStage<Receipt> publish(Message message) {
    try {
      session.require(Action.PUBLISH, message.topic());
    } catch (WeirException e) {
      return CompletableFuture.failedStage(e);
    }
    return paced.publish(List.of(message), () -> broker.publish(message));
  }

  /// What is refused, or has to wait for the quota, goes one by one.
  @Override
  public void publishEach(List<Message> messages, ReceiptsListener listener) {
    if (arePublishable(messages)
        && paced.publishNow(messages, () -> broker.publishEach(messages, listener))) {
      return;
    }
    for (int i = 0; i < messages.size(); i++) {
      int index = i;
      var _ =
          publish(messages.get(i))
              .whenComplete((receipt, fault) -> {
                if (fault == null) {
                  listener.stored(index, 1, receipt);
                } else {
                  listener.failed(index, 1, known(fault));
                }
              });
    }
  }

  private boolean arePublishable(List<Message> messages) {
    String last = "";
    for (Message message : messages) {
      if (!message.topic().equals(last) && !session.allows(Action.PUBLISH, message.topic())) {
        return false;
      }
      last = message.topic();
    }
    return true;
  }

  private static WeirException known(Throwable fault) {
    Throwable cause = fault instanceof CompletionException wrapped ? wrapped.getCause() : fault;
    return cause instanceof WeirException known
        ? known
        : new WeirException(ErrorCode.BUG, String.valueOf(cause), fault);
  }

  @Override
  public CompletionStage<Receipt> publishTogether(List<Message> messages) {
    try {
      messages.forEach(message -> session.require(Action.PUBLISH, message.topic()));
    } catch (WeirException e) {
      return CompletableFuture.failedStage(e);
    }
    return paced.publish(messages, () -> broker.publishTogether(messages));
  }

  /// What is retained is the topic's state of now, no history.
  @Override
  public RetainedPage retained(TopicFilter filter, String after, int limit)
      throws IOException, InterruptedException {
    session.require(Action.SUBSCRIBE, filter);
    return broker.retained(filter, after, limit);
  }

  @Override
  public void onRoom(Runnable callback) {
    callbacks.add(callback);
    bell.add(callback);
  }

  @Override
  public long durableSequence(BatchSource source, int lane) {
    session.requireAny(Action.PUBLISH);
    return broker.durableSequence(source, lane);
  }

  @Override
  public CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstSequence) {
    try {
      session.requireAny(Action.PUBLISH);
    } catch (WeirException e) {
      return CompletableFuture.failedStage(e);
    }
    return broker.resumeLane(source, lane, firstSequence);
  }

  /// @throws WeirException with NOT_PERMITTED or QUOTA_EXCEEDED as well
  @Override
  public Subscription subscribe(SubscriptionRequest request, Subscriber subscriber) {
    return GuardedSubscription.open(broker, session, request, subscriber);
  }

  @Override
  public Queues queues() {
    return queues;
  }

  @Override
  public Presence presence() {
    return presence;
  }

  @Override
  public Requests requests() {
    return requests;
  }

  @Override
  public TopicListing topics(TopicFilter filter, int limit) {
    session.end().ifPresent(AuthorizedBroker::rethrow);
    TopicListing all = broker.topics(filter, MAX_TOPICS);
    List<TopicStatistics> seen =
        all.topics().stream().filter(topic -> isSeen(topic.topic())).limit(limit + 1L).toList();
    boolean isCut = seen.size() > limit;
    return new TopicListing(isCut ? seen.subList(0, limit) : seen, all.isComplete() && !isCut);
  }

  private boolean isSeen(String topic) {
    return session.allows(Action.SUBSCRIBE, topic) || session.allows(Action.MANAGE, topic);
  }

  private static void rethrow(WeirException cause) {
    throw new WeirException(cause.code(), String.valueOf(cause.getMessage()));
  }

  @Override
  public DictionaryShelf dictionaries() {
    session.requireAny(Action.PUBLISH);
    return broker.dictionaries();
  }

  @Override
  public BrokerStats stats() {
    session.require(Action.MANAGE, STATS);
    return broker.stats();
  }

  /// Tells who publishes, shows nothing.
  @Override
  public Publishers publishers() {
    return broker.publishers();
  }

  @Override
  public Explanations explanations() {
    session.require(Action.MANAGE, STATS);
    return broker.explanations();
  }

  @Override
  public Optional<WeirException> fault() {
    return broker.fault();
  }

  /// Ends what the session has open here; the broker itself goes on. Idempotent.
  @Override
  public void close() {
    callbacks.forEach(bell::remove);
    callbacks.clear();
    session.endStanding(new WeirException(ErrorCode.CONNECTION_LOST, "The session is closed."));
  }
}
