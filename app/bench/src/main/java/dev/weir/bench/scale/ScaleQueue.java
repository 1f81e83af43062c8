package dev.weir.bench.scale;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.broker.Consumption;
import dev.weir.broker.LocalBroker;
import dev.weir.broker.LocalBrokerConfig;
import dev.weir.broker.PublishListener;
import dev.weir.broker.PublishRequest;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.embedded.EmbeddedEngine;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.load.ChildTalk;
import dev.weir.log.FileDisk;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A queue in a process of its own, without a transport: says how many milliseconds opening took,
/// then answers `fill N` and `work N` with messages a second, `length`, and `memory`.
///
///     ScaleQueue DATA_DIRECTORY
public final class ScaleQueue {
  private static final String QUEUE = "scale";
  private static final int FILL_BATCH = 1_000;

  /// Small, so that a round of work is many commits and not one or two.
  private static final int WORK_BATCH = 100;

  private static final int UNDER_WAY = 64;
  private static final int PREFETCH = 256;

  private final LocalBroker broker;

  private ScaleQueue(LocalBroker broker) {
    this.broker = broker;
  }

  public static void main(String[] arguments) throws IOException {
    long start = System.nanoTime();
    LocalBroker broker =
        LocalBroker.open(
            EmbeddedEngine.open(
                EmbeddedEngineConfig.of(Path.of(arguments[0])), new FileDisk(), Clock.SYSTEM),
            Clock.SYSTEM,
            LocalBrokerConfig.defaults());
    double openMillis = (System.nanoTime() - start) / 1e6;
    broker.queues().create(QueueSpec.of(QUEUE)).toCompletableFuture().join();
    try {
      ScaleQueue queue = new ScaleQueue(broker);
      ChildTalk.serve(text(openMillis), queue::answer);
    } finally {
      broker.close();
    }
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private String answer(List<String> words) throws Exception {
    return switch (words.getFirst()) {
      case "fill" -> text(fill(Integer.parseInt(words.get(1))));
      case "work" -> work(Integer.parseInt(words.get(1)));
      case "length" -> Long.toString(length());
      case "memory" -> Memory.now().words();
      default -> throw new IllegalArgumentException(words.toString());
    };
  }

  private long length() {
    return broker.queues().details(QUEUE).figures().length();
  }

  private static Batch batch(int messages) {
    BatchBuilder builder = new BatchBuilder(1 << 20);
    for (int i = 0; i < messages; i++) {
      builder.add(Message.of(QueueSpec.TOPIC_PREFIX + QUEUE, Bytes.utf8("message " + i)));
    }
    return builder.build(1, Bytes.EMPTY);
  }

  /// Publishes so many, and waits until the queue has seen them.
  private double fill(int messages) throws InterruptedException {
    long start = System.nanoTime();
    long before = length();
    publish(messages, FILL_BATCH);
    awaitLength(before + messages);
    return rate(messages, start);
  }

  private static double rate(int messages, long startNanos) {
    return messages / ((System.nanoTime() - startNanos) / 1e9);
  }

  private void publish(int messages, int batch) throws InterruptedException {
    Offering offering = new Offering(batch(batch));
    for (int i = 0; i < messages; i += batch) {
      offering.offer();
    }
    offering.await();
  }

  private void awaitLength(long length) {
    while (length() < length) {
      LockSupport.parkNanos(100_000);
    }
  }

  /// Publishes so many, lets the queue see them, and takes and acks as many.
  ///
  /// @return messages a second: published until they are durable, until the queue has seen them,
  ///   consumed until their acks are confirmed
  private String work(int messages) throws InterruptedException {
    long before = length();
    long start = System.nanoTime();
    publish(messages, WORK_BATCH);
    double published = rate(messages, start);
    awaitLength(before + messages);
    double seen = rate(messages, start);
    return text(published) + " " + text(seen) + " " + text(consume(messages));
  }

  /// Batches on their way, a bounded number of them.
  private final class Offering implements PublishListener {
    private final Semaphore room = new Semaphore(UNDER_WAY);
    private final Batch batch;
    private volatile @Nullable WeirException fault;

    Offering(Batch batch) {
      this.batch = batch;
    }

    void offer() throws InterruptedException {
      room.acquire();
      WeirException cause = fault;
      if (cause != null) {
        throw cause;
      }
      while (!broker.offer(PublishRequest.of(batch), this)) {
        LockSupport.parkNanos(200_000);
      }
    }

    void await() throws InterruptedException {
      room.acquire(UNDER_WAY);
    }

    @Override
    public void stored(Receipt receipt, long commitMicros, long queueMicros) {
      room.release();
    }

    @Override
    public void failed(WeirException cause) {
      fault = cause;
      room.release();
    }
  }

  private double consume(int messages) throws InterruptedException {
    Acking acking = new Acking(messages);
    long start = System.nanoTime();
    try (Consumption consumption = broker.queues().consume(QUEUE, 0, acking)) {
      acking.consumption = consumption;
      consumption.prefetch(PREFETCH);
      acking.done.await();
      double rate = rate(messages, start);
      consumption.prefetch(0);
      return rate;
    }
  }

  /// Acks so many; what it has beyond them goes back when it closes, and comes first next time.
  private static final class Acking implements QueueConsumer {
    private final AtomicInteger left;
    private final CountDownLatch done;
    private volatile @Nullable Consumption consumption;

    Acking(int messages) {
      this.left = new AtomicInteger(messages);
      this.done = new CountDownLatch(messages);
    }

    @Override
    public void deliver(QueuedMessage message) {
      Consumption open = consumption;
      if (open != null && left.getAndDecrement() > 0) {
        var _ = open.ack(message).thenRun(done::countDown);
      }
    }

    @Override
    public void ended(WeirException cause) {}
  }
}
