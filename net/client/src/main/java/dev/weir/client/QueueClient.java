package dev.weir.client;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.CreateQueueRequest;
import dev.weir.proto.v1.DeleteQueueRequest;
import dev.weir.proto.v1.GetQueueRequest;
import dev.weir.proto.v1.ListQueuesRequest;
import dev.weir.proto.v1.ListQueuesResponse;
import dev.weir.proto.v1.PeekQueueRequest;
import dev.weir.proto.v1.PurgeQueueRequest;
import dev.weir.proto.v1.RedriveQueueRequest;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The queues of a core: each message goes to one consumer, again until one acks it.
///
/// ```java
/// weir.queues().create(QueueConfig.of("jobs"));
/// weir.queues().publish("jobs", Message.of("jobs", "resize 17.png"));
/// try (QueueConsumer consumer = weir.queues().consume("jobs", held -> resize(held.text()))) {
///   consumer.ended().join(); // acked when the handler returns, nacked when it throws
/// }
/// ```
///
/// Any thread. What is asked of a queue as a whole waits for the answer, at most as long as the
/// client may take to connect; it throws a [WeirException], QUEUE_UNKNOWN for a name that there is
/// not.
public final class QueueClient {
  private static final String TOPIC_PREFIX = "$queue/";

  private final ClientConfig config;
  private final Channels channels;
  private final int firstTarget;
  private final ScheduledExecutorService timer;
  private final Executor loop;
  private final Executor callbacks;
  private final RandomGenerator random;
  private final QueuePublisher publisher;
  private final Set<QueueConsumer> consumers = ConcurrentHashMap.newKeySet();

  QueueClient(
      ClientConfig config,
      Channels channels,
      int firstTarget,
      ScheduledExecutorService timer,
      Executor loop,
      Executor callbacks,
      Clock clock,
      RandomGenerator random) {
    this.config = config;
    this.channels = channels;
    this.firstTarget = firstTarget;
    this.timer = timer;
    this.loop = loop;
    this.callbacks = callbacks;
    this.random = random;
    this.publisher =
        new QueuePublisher(
            clock, random, loop, callbacks, calls -> redial("queue publisher", calls));
  }

  private <C extends Redial.Call> Redial<C> redial(String name, Supplier<C> calls) {
    Part part = new Part(name, config.states());
    return new Redial<>(channels, firstTarget, timer, random, part, calls);
  }

  private BrokerGrpc.BrokerBlockingStub stub() {
    return BrokerGrpc.newBlockingStub(channels.at(firstTarget))
        .withDeadlineAfter(config.connect().toMillis(), TimeUnit.MILLISECONDS);
  }

  private static <T> T asked(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw Refusals.of(e);
    }
  }

  /// Creates a queue, which takes what is published from now on; returns when it is durable, also
  /// when the same queue is there already.
  ///
  /// @throws WeirException with QUEUE_EXISTS when one of this name has other settings
  public QueueFigures create(QueueConfig queue) {
    return create(queue, Start.live());
  }

  /// The same, beginning in the history of its filters.
  ///
  /// @param start without meaning for a queue that is there already
  public QueueFigures create(QueueConfig queue, Start start) {
    CreateQueueRequest request =
        CreateQueueRequest.newBuilder()
            .setQueue(QueueWords.queue(queue))
            .setStart(Requests.queueStart(start))
            .build();
    return asked(() -> QueueWords.figures(stub().createQueue(request).getStatus()));
  }

  /// Deletes a queue; its consumers end.
  ///
  /// @param onlyEmpty fail with QUEUE_NOT_EMPTY while it holds messages
  /// @return how many messages went with it
  public long delete(String queue, boolean onlyEmpty) {
    DeleteQueueRequest request =
        DeleteQueueRequest.newBuilder().setName(queue).setOnlyEmpty(onlyEmpty).build();
    return asked(() -> stub().deleteQueue(request).getMessages());
  }

  /// All of them, by name.
  public List<QueueFigures> list() {
    return asked(() -> {
      List<QueueFigures> all = new ArrayList<>();
      ListQueuesResponse page = ListQueuesResponse.getDefaultInstance();
      do {
        String after = all.isEmpty() ? "" : all.getLast().config().name();
        page = stub().listQueues(ListQueuesRequest.newBuilder().setAfter(after).build());
        page.getQueuesList().stream().map(QueueWords::figures).forEach(all::add);
      } while (!page.getIsComplete() && page.getQueuesCount() > 0);
      return all;
    });
  }

  public QueueFigures figures(String queue) {
    GetQueueRequest request = GetQueueRequest.newBuilder().setName(queue).build();
    return asked(() -> QueueWords.figures(stub().getQueue(request).getStatus()));
  }

  /// The next messages, without taking them; fewer when they are large.
  ///
  /// @param max 1 to 1,000
  public List<QueuedMessage> peek(String queue, int max) {
    PeekQueueRequest request = PeekQueueRequest.newBuilder().setName(queue).setMax(max).build();
    return asked(() -> {
      List<QueuedMessage> found = new ArrayList<>();
      stub()
          .peekQueue(request)
          .forEachRemaining(response -> found.add(QueueWords.queued(response.getQueued())));
      return found;
    });
  }

  /// Takes out everything that nobody holds.
  ///
  /// @return how many messages went
  public long purge(String queue) {
    PurgeQueueRequest request = PurgeQueueRequest.newBuilder().setName(queue).build();
    return asked(() -> stub().purgeQueue(request).getMessages());
  }

  /// Moves messages that nobody holds to another queue, where they count as never delivered.
  ///
  /// @param max how many at most, 1 to 1,000,000
  /// @return how many went
  public long move(String queue, String target, int max) {
    return redrive(
        RedriveQueueRequest.newBuilder().setName(queue).setTarget(target).setMax(max).build());
  }

  /// Moves dead letters that nobody holds each back to the queue that gave it up.
  ///
  /// @param max how many are looked at, 1 to 1,000,000
  /// @return how many went
  public long requeue(String queue, int max) {
    return redrive(RedriveQueueRequest.newBuilder().setName(queue).setMax(max).build());
  }

  private long redrive(RedriveQueueRequest request) {
    return asked(() -> stub().redriveQueue(request).getMessages());
  }

  /// Puts a message into one queue, whatever its topic, and waits until it is durable.
  ///
  /// @throws WeirException with OVERLOADED when the queue is full and refuses, INVALID_TOPIC when
  ///   there is none of this name, CONNECTION_LOST when its fate is unknown because the client was
  ///   closed
  public Receipt publish(String queue, Message message) {
    try {
      return publishAsync(queue, message).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof WeirException cause
          ? new WeirException(cause.code(), String.valueOf(cause.getMessage()), cause)
          : new WeirException(ErrorCode.BUG, String.valueOf(e.getMessage()), e);
    }
  }

  /// Puts a message into one queue; waits while 1,024 messages or 16 MiB have no answer yet. The
  /// future completes on a thread of the client, and fails as [#publish] does. After a lost
  /// connection the message is sent again, and stored once.
  public CompletableFuture<Receipt> publishAsync(String queue, Message message) {
    return publisher.publish(TOPIC_PREFIX + queue, message);
  }

  /// Consumes with the defaults: one message at a time, acked when the handler returns and nacked
  /// when it throws.
  public QueueConsumer consume(String queue, QueueHandler handler) {
    return consume(ConsumeOptions.of(queue), handler);
  }

  /// Consumes as the options say, until it is closed.
  public QueueConsumer consume(ConsumeOptions options, QueueHandler handler) {
    QueueConsumer consumer =
        new QueueConsumer(
            options,
            handler,
            loop,
            callbacks,
            calls -> redial("queue " + options.queue(), calls),
            consumers::remove);
    consumers.add(consumer);
    consumer.start();
    return consumer;
  }

  /// Ends the consumers and waits for receipts.
  void close() {
    consumers.forEach(QueueConsumer::close);
    publisher.close(config.publisher().drain());
  }
}
