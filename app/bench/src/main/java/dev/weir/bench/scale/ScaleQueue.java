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
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A queue in a process of its own, without a transport: says how many milliseconds opening took,
/// then answers `fill N` and `work SECONDS` with messages a second, `length`, and `memory`.
///
///     ScaleQueue DATA_DIRECTORY
public final class ScaleQueue {
  private static final String QUEUE = "scale";
  private static final int BATCH = 1_000;
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
      case "work" -> {
        long nanos = Integer.parseInt(words.get(1)) * 1_000_000_000L;
        double published = publish(nanos);
        yield text(published) + " " + text(consume(nanos));
      }
      case "length" -> Long.toString(length());
      case "memory" -> Memory.now().words();
      default -> throw new IllegalArgumentException(words.toString());
    };
  }

  private long length() {
    return broker.queues().details(QUEUE).figures().length();
  }

  private static Batch batch() {
    BatchBuilder builder = new BatchBuilder(1 << 20);
    for (int i = 0; i < BATCH; i++) {
      builder.add(Message.of(QueueSpec.TOPIC_PREFIX + QUEUE, Bytes.utf8("message " + i)));
    }
    return builder.build(1, Bytes.EMPTY);
  }

  /// Publishes so many, and waits until the queue has seen them.
  private double fill(int messages) throws InterruptedException {
    long start = System.nanoTime();
    long before = length();
    Offering offering = new Offering();
    for (int i = 0; i < messages; i += BATCH) {
      offering.offer();
    }
    offering.await();
    while (length() < before + messages) {
      LockSupport.parkNanos(1_000_000);
    }
    return messages / ((System.nanoTime() - start) / 1e9);
  }

  private double publish(long nanos) throws InterruptedException {
    long start = System.nanoTime();
    Offering offering = new Offering();
    long count = 0;
    while (System.nanoTime() - start < nanos) {
      offering.offer();
      count += BATCH;
    }
    offering.await();
    return count / ((System.nanoTime() - start) / 1e9);
  }

  /// Batches on their way, a bounded number of them.
  private final class Offering implements PublishListener {
    private final Semaphore room = new Semaphore(UNDER_WAY);
    private final Batch batch = batch();
    private volatile @Nullable WeirException fault;

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

  /// Takes and acks for a time, or until nothing is left.
  private double consume(long nanos) {
    Acking acking = new Acking();
    long start = System.nanoTime();
    try (Consumption consumption = broker.queues().consume(QUEUE, 0, acking)) {
      acking.consumption = consumption;
      consumption.prefetch(PREFETCH);
      while (System.nanoTime() - start < nanos && length() > PREFETCH) {
        LockSupport.parkNanos(1_000_000);
      }
      consumption.prefetch(0);
      return acking.acked.get() / ((System.nanoTime() - start) / 1e9);
    }
  }

  /// Acks what it gets.
  private static final class Acking implements QueueConsumer {
    private final AtomicLong acked = new AtomicLong();
    private volatile @Nullable Consumption consumption;

    @Override
    public void deliver(QueuedMessage message) {
      Consumption open = consumption;
      if (open != null) {
        var _ = open.ack(message).thenRun(acked::incrementAndGet);
      }
    }

    @Override
    public void ended(WeirException cause) {}
  }
}
