package dev.weir.broker.direct;

import dev.weir.base.Checks;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.Consumption;
import dev.weir.broker.Engine;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueueDetails;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Queues;
import dev.weir.broker.Start;
import dev.weir.broker.StartPositions;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.broker.explain.ConsumerTrace;
import dev.weir.broker.explain.QueueTrace;
import dev.weir.broker.queue.Overflow;
import dev.weir.broker.queue.QueueView;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;

/// The queues of a broker in this process: what one may ask of them.
///
/// One lock guards everything behind it and the machines. Threads: callers, one virtual thread a
/// queue, its subscription's, and the journal's, which takes the lock to write a snapshot.
public final class LocalQueues implements Queues, AutoCloseable {
  /// Two of the largest messages: what one who only looks may make a core hold.
  private static final long PEEK_BYTES = 32L << 20;

  private final Broker broker;
  private final QueueHost host;
  private final QueueRegistry registry;
  private final QueueTraces traces;
  private long lastConsumer;

  /// @param ends where a partition ends for subscriptions
  /// @param checkpoint messages after which a queue writes how far it has looked
  public LocalQueues(
      Broker broker, Engine engine, IntToLongFunction ends, Clock clock, int checkpoint) {
    this.broker = broker;
    this.host = new QueueHost(engine, clock, checkpoint);
    this.registry = new QueueRegistry(broker, ends, host);
    this.traces = new QueueTraces(host.trail, registry.transfers()::deadLetter);
  }

  /// Goes on with the queues that there are; once, when the broker serves.
  ///
  /// @throws IOException when their journal cannot be read
  public void open() throws IOException {
    registry.open();
  }

  private <T> T locked(Supplier<T> work) {
    host.lock.lock();
    try {
      return work.get();
    } finally {
      host.lock.unlock();
    }
  }

  /// @throws WeirException INVALID_TOPIC when a topic is that of a queue which there is not,
  ///   OVERLOADED when that queue is full and refuses
  public void checkTopic(String topic) {
    String name = topic.substring(QueueSpec.TOPIC_PREFIX.length());
    host.lock.lock();
    try {
      DurableQueue found = registry.queue(name);
      if (found == null) {
        throw new WeirException(
            ErrorCode.INVALID_TOPIC, "There is no queue '" + name + "' to publish to.");
      }
      boolean isRefusing = found.spec().settings().overflow() == Overflow.REJECT;
      if (isRefusing && !found.machine().hasRoom()) {
        throw new WeirException(
            ErrorCode.OVERLOADED, "Queue '" + name + "' is at its maximum length.");
      }
    } finally {
      host.lock.unlock();
    }
  }

  @Override
  public CompletionStage<Void> create(QueueSpec spec, Start start) {
    long[] offsets = offsets(spec, start);
    return locked(() -> {
      Checks.state(!registry.isClosed(), "the broker is closed");
      DurableQueue known = registry.queue(spec.name());
      if (known != null && !known.spec().equals(spec)) {
        throw new WeirException(
            ErrorCode.QUEUE_EXISTS, "Queue '" + spec.name() + "' has other settings.");
      }
      if (known == null) {
        registry.begin(spec, offsets);
      }
      return registry.recorder().durable();
    });
  }

  /// Where a queue begins in each partition.
  private long[] offsets(QueueSpec spec, Start start) {
    long[] live = registry.live();
    if (start instanceof Start.Live) {
      return live;
    }
    SubscriptionRequest reading =
        new SubscriptionRequest(QueueRegistry.filters(spec), start, false);
    try {
      return new StartPositions(host.engine, () -> false).find(reading, live);
    } catch (IOException e) {
      throw new WeirException(ErrorCode.LOG_DAMAGED, "The log cannot be read: " + e + ".", e);
    }
  }

  @Override
  public CompletionStage<Long> delete(String name, boolean onlyEmpty) {
    List<QueueConsumer> told = new ArrayList<>();
    CompletionStage<Long> durable =
        locked(() -> {
          DurableQueue gone = registry.known(name);
          long length = gone.machine().length();
          if (onlyEmpty && length > 0) {
            throw new WeirException(
                ErrorCode.QUEUE_NOT_EMPTY, "Queue '" + name + "' holds " + length + " messages.");
          }
          told.addAll(registry.end(gone));
          return registry.recorder().durable().thenApply(_ -> length);
        });
    WeirException cause =
        new WeirException(ErrorCode.QUEUE_UNKNOWN, "Queue '" + name + "' was deleted.");
    told.forEach(consumer -> consumer.ended(cause));
    return durable;
  }

  @Override
  public List<QueueDetails> list() {
    return locked(() -> registry.queues().stream().map(DurableQueue::details).toList());
  }

  @Override
  public QueueDetails details(String name) {
    return locked(() -> registry.known(name).details());
  }

  @Override
  public CompletionStage<Receipt> publish(String name, Message message) {
    String topic = locked(() -> registry.known(name).spec().topic());
    return broker.publish(
        new Message(
            topic,
            message.key(),
            message.timeMicros(),
            message.headers(),
            message.contentType(),
            message.id(),
            message.body(),
            message.ttl(),
            message.delay(),
            message.priority()));
  }

  @Override
  public Consumption consume(String name, int prefetch, QueueConsumer consumer) {
    return locked(() -> {
      DurableQueue queue = registry.known(name);
      long id = ++lastConsumer;
      queue.attach(id, consumer, prefetch);
      return new LocalConsumption(host, registry.recorder(), queue, id, consumer);
    });
  }

  @Override
  public List<QueuedMessage> peek(String name, int max) throws IOException {
    Checks.range("max", max, 1, 1_000);
    DurableQueue queue = locked(() -> registry.known(name));
    List<QueueView.Place> places = locked(() -> queue.machine().view().peek(max));
    List<QueuedMessage> found = new ArrayList<>();
    long bytes = 0;
    try (StreamReading reading = new StreamReading(host.engine)) {
      for (QueueView.Place place : places) {
        long offset = queue.scan().offsetOf(place.position());
        StreamMessage stored = reading.read(queue.scan().partition(place.position()), offset);
        bytes += stored == null ? 0 : stored.message().body().length();
        if (bytes > PEEK_BYTES) {
          return found;
        }
        if (stored != null) {
          found.add(queue.queued(stored, place));
        }
      }
    }
    return found;
  }

  @Override
  public CompletionStage<Long> purge(String name) {
    return locked(() -> {
      DurableQueue queue = registry.known(name);
      long count = queue.machine().purge(host.nowMicros());
      queue.rewrite();
      return registry.recorder().durable().thenApply(_ -> count);
    });
  }

  @Override
  public CompletionStage<Long> redrive(String from, String to, int max) {
    Checks.range("max", max, 1, 1_000_000);
    return locked(() -> {
      DurableQueue source = registry.known(from);
      DurableQueue target = registry.known(to);
      Checks.argument(source != target, "queue '" + from + "' is both ends");
      return moved(registry.transfers().redrive(source, target, max));
    });
  }

  @Override
  public CompletionStage<Long> redrive(String from, int max) {
    Checks.range("max", max, 1, 1_000_000);
    return locked(() -> {
      return moved(registry.transfers().redrive(registry.known(from), max));
    });
  }

  private CompletionStage<Long> moved(long count) {
    return registry.recorder().durable().thenApply(_ -> count);
  }

  /// What queues made of a message.
  ///
  /// @param topic the message's; empty when it is not known any more
  public List<QueueTrace> traces(int partition, long offset, String topic) {
    return locked(() -> traces.of(registry.queues(), partition, offset, topic));
  }

  /// The consumers of a client.
  public List<ConsumerTrace> consumers(String origin) {
    return locked(() ->
        registry.queues().stream().flatMap(queue -> queue.consumers(origin).stream()).toList());
  }

  /// Ends the consumers and makes durable what was settled. Idempotent.
  @Override
  public void close() {
    registry.close();
  }
}
