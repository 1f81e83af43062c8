package dev.weir.client;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.link.GrpcTransport;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.ListTopicsRequest;
import dev.weir.proto.v1.OperationsGrpc;
import dev.weir.proto.v1.TopicsGrpc;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A connection to Weir for publishing and reading. Any thread may use it.
///
/// ```java
/// try (WeirClient weir = WeirClient.connect(URI.create("weir://localhost:4750"))) {
///   Receipt receipt = weir.publish(Message.of("plant/1/temperature", "21.5"));
///   try (Subscription readings = weir.subscribe("plant/#", Start.first())) {
///     for (Delivered reading : readings) {
///       handle(reading.text());
///     }
///   }
/// }
/// ```
///
/// Publishers and subscriptions survive a lost connection by themselves: order is kept, nothing is
/// stored or delivered twice, nothing is skipped. What was opened here is closed with it.
public final class WeirClient implements AutoCloseable {
  private final ClientConfig config;
  private final Clock clock;
  private final RandomGenerator random;
  private final GrpcTransport transport;
  private final Channels channels;
  private final int firstTarget;
  private final ScheduledExecutorService timer;
  private final ExecutorService callbacks;
  private final Set<Publisher> publishers = ConcurrentHashMap.newKeySet();
  private final Set<Feed> feeds = ConcurrentHashMap.newKeySet();
  private final QueueClient queues;
  private final RetainedClient retained = new RetainedClient(this::topicsStub);
  private final RequestClient requests;
  private final PresenceClient presence;
  private @Nullable Publisher shared;
  private boolean isClosed;

  private WeirClient(ClientConfig config, Clock clock, RandomGenerator random) {
    this.config = config;
    this.clock = clock;
    this.random = random;
    this.transport = GrpcTransport.start(config.name(), 1);
    config.authorization().ifPresent(transport::authorize);
    this.channels = new Channels(config.targets(), config.tls(), transport);
    try {
      this.firstTarget = channels.awaitOne(config.connect());
    } catch (WeirException e) {
      channels.close();
      transport.close();
      throw e;
    }
    this.timer = Executors.newSingleThreadScheduledExecutor(daemon("weir-client-timer"));
    this.callbacks = Executors.newSingleThreadExecutor(daemon("weir-client-callbacks"));
    this.queues =
        new QueueClient(
            config, channels, firstTarget, timer, transport.loops(), callbacks, clock, random);
    this.presence = new PresenceClient(config, channels, firstTarget, timer, callbacks, random);
    this.requests =
        new RequestClient(channels, firstTarget, callbacks, calls -> redial("responder", calls));
  }

  private <C extends Redial.Call> Redial<C> redial(String name, Supplier<C> calls) {
    Part part = new Part(name, config.states());
    return new Redial<>(channels, firstTarget, timer, random, part, calls);
  }

  private static ThreadFactory daemon(String name) {
    return Thread.ofPlatform().daemon().name(name).factory();
  }

  /// Connects to the first target that answers, with the defaults.
  ///
  /// @param targets in order of preference, such as `weir://localhost:4750`
  /// @throws WeirException with UNREACHABLE when none answers within 5 s
  public static WeirClient connect(URI... targets) {
    return connect(ClientConfig.of(targets));
  }

  /// Connects as the configuration says.
  ///
  /// @throws WeirException with UNREACHABLE when no target answers in time
  public static WeirClient connect(ClientConfig config) {
    return connect(config, Clock.SYSTEM, new SecureRandom());
  }

  /// Connects with a clock and randomness of the caller's; the generator must be safe for use by
  /// several threads.
  public static WeirClient connect(ClientConfig config, Clock clock, RandomGenerator random) {
    return new WeirClient(config, clock, random);
  }

  /// Publishes on the client's own publisher and waits until the message is durable.
  ///
  /// @throws WeirException as [Publisher#publish]
  public Receipt publish(Message message) {
    return shared().publish(message);
  }

  /// Publishes on the client's own publisher; see [Publisher#publishAsync].
  public CompletableFuture<Receipt> publishAsync(Message message) {
    return shared().publishAsync(message);
  }

  private synchronized Publisher shared() {
    if (shared == null) {
      shared = publisher(config.publisher());
    }
    return shared;
  }

  /// Opens a further publisher with a stream, a window and an order of its own.
  public synchronized Publisher publisher(PublisherOptions options) {
    checkOpen();
    Publisher publisher =
        new Publisher(config, options, clock, random, transport, callbacks, publishers::remove);
    publishers.add(publisher);
    return publisher;
  }

  /// Reads topics by a filter.
  public Subscription subscribe(String filter, Start start) {
    return subscribe(SubscribeOptions.of(filter, start));
  }

  /// Reads as the options say.
  public synchronized Subscription subscribe(SubscribeOptions options) {
    return new Subscription(feed(options), options.bufferMessages());
  }

  /// Reads with back-pressure: a subscriber's demand is the credit that the server gets. Each
  /// subscriber reads for itself, from the same start; its signals come from a virtual thread of
  /// its own.
  public Flow.Publisher<Delivered> flow(SubscribeOptions options) {
    return subscriber -> startFlow(options, subscriber);
  }

  /// What was published to topics since the core started.
  ///
  /// @param filter with `+` and `#`
  /// @param limit at most so many, 1 to 50,000
  /// @throws WeirException with UNREACHABLE, INVALID_TOPIC, or why the server lets nobody in
  public List<TopicFigures> topics(String filter, int limit) {
    ListTopicsRequest request =
        ListTopicsRequest.newBuilder().setFilter(filter).setLimit(limit).build();
    try {
      return BrokerGrpc.newBlockingStub(channels.at(firstTarget))
          .withDeadlineAfter(config.connect().toMillis(), TimeUnit.MILLISECONDS)
          .listTopics(request)
          .getTopicsList()
          .stream()
          .map(TopicFigures::of)
          .toList();
    } catch (StatusRuntimeException e) {
      throw Refusals.of(e);
    }
  }

  /// Who is connected to the core.
  public ClientOperations clients() {
    return new ClientOperations(() ->
        OperationsGrpc.newBlockingStub(channels.at(firstTarget))
            .withDeadlineAfter(config.connect().toMillis(), TimeUnit.MILLISECONDS));
  }

  /// The last message of each topic that asked to be kept ([dev.weir.message.Retain]), in the order
  /// of the topics; pages are fetched while it is iterated, each within the time to connect.
  ///
  /// @param filter with `+` and `#`
  /// @throws WeirException while iterating, with UNREACHABLE, NOT_PERMITTED or INVALID_TOPIC
  public Iterable<Delivered> retained(String filter) {
    return retained.list(filter);
  }

  /// Publishes messages of one topic together, all or none, and waits until they are durable.
  ///
  /// After a failure whether they are stored is unknown: publish them again with the same ids.
  ///
  /// @param messages 1 to 1,000, together at most 4 MiB
  /// @return the receipt of the first; the others follow it
  public Receipt publishTogether(List<Message> messages) {
    return retained.publishTogether(messages);
  }

  /// Asks who answers a topic and waits for the reply, 5 s at most.
  ///
  /// @throws WeirException as [#request(Message, Duration)]
  public Message request(Message message) {
    return request(message, RequestClient.DEFAULT_TIMEOUT);
  }

  /// Asks who answers a topic and waits for the reply. Nothing of it is stored, and it is handed to
  /// one responder, once.
  ///
  /// @param timeout 1 ms to 10 min
  /// @throws WeirException with NO_RESPONDER or OVERLOADED at once; TIMED_OUT, RESPONDER_LOST or
  ///   CONNECTION_LOST when it may have been dealt with; REQUEST_FAILED with what the responder
  ///   says
  public Message request(Message message, Duration timeout) {
    try {
      return requestAsync(message, timeout).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof WeirException cause
          ? new WeirException(cause.code(), String.valueOf(cause.getMessage()), cause)
          : new WeirException(ErrorCode.BUG, String.valueOf(e.getMessage()), e);
    }
  }

  /// Asks who answers a topic. The future completes on a thread of the client and fails as
  /// [#request(Message, Duration)] does; cancelling it withdraws the request.
  public CompletableFuture<Message> requestAsync(Message message, Duration timeout) {
    return requests.ask(message, timeout);
  }

  /// Answers what is asked on topics that a filter matches, beside others who do; 64 requests at a
  /// time.
  public Responder respond(String filter, RequestHandler handler) {
    return respond(RespondOptions.of(filter), handler);
  }

  /// Answers as the options say.
  public synchronized Responder respond(RespondOptions options, RequestHandler handler) {
    checkOpen();
    return requests.respond(options, handler);
  }

  /// Who is there.
  public PresenceClient presence() {
    return presence;
  }

  /// The core's queues.
  public QueueClient queues() {
    return queues;
  }

  private TopicsGrpc.TopicsBlockingStub topicsStub() {
    return TopicsGrpc.newBlockingStub(channels.at(firstTarget))
        .withDeadlineAfter(config.connect().toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void startFlow(
      SubscribeOptions options, Flow.Subscriber<? super Delivered> subscriber) {
    new FlowSubscription(feed(options), subscriber).start();
  }

  private Feed feed(SubscribeOptions options) {
    checkOpen();
    Feed feed =
        new Feed(options, channels, firstTarget, timer, random, config.states(), feeds::remove);
    feeds.add(feed);
    return feed;
  }

  private void checkOpen() {
    if (isClosed) {
      throw new IllegalStateException("The client is closed.");
    }
  }

  /// Ends every subscription, drains every publisher, and disconnects. Idempotent. Messages that
  /// were not acked by then fail their futures and are told to the log.
  @Override
  public void close() {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
    }
    queues.close();
    requests.close();
    presence.close();
    feeds.forEach(Feed::close);
    publishers.forEach(Publisher::close);
    callbacks.shutdown();
    timer.shutdownNow();
    channels.close();
    transport.close();
    try {
      callbacks.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
