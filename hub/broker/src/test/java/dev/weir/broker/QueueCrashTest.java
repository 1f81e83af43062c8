package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.broker.queue.Ordering;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.testkit.Fault;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.SimDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/// The power goes at random moments while one publishes by key and another consumes, acks and
/// nacks. No message whose publish was acked is lost, none comes again after its ack was confirmed,
/// and of each key one comes after the other.
@Timeout(120)
final class QueueCrashTest {
  private static final int MESSAGES = 400;
  private static final int KEYS = 5;
  private static final int MAX_UNDER_WAY = 4;
  private static final int MAX_TOGETHER = 4;
  private static final QueueSpec QUEUE =
      QueueSpec.of("jobs")
          .withFilters("work/#")
          .withSettings(
              QueueSettings.defaults()
                  .withOrdering(Ordering.KEY)
                  .withRetry(0, Duration.ZERO, Duration.ZERO));

  private final RandomGenerator random = Seeds.random("QueueCrashTest");
  private final EmbeddedEngineConfig config =
      EmbeddedEngineConfig.of(Path.of("data"))
          .withSizes(ByteSize.ofKibibytes(64), ByteSize.ofKibibytes(64));
  private final Set<Integer> published = ConcurrentHashMap.newKeySet();

  /// Acked by a consumer, whether or not that was confirmed: an ack may be durable all the same.
  private final Set<Integer> acked = ConcurrentHashMap.newKeySet();

  private final Set<Integer> confirmed = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable String> fault = new AtomicReference<>();
  private final AtomicInteger next = new AtomicInteger();
  private SimDisk disk = new SimDisk();

  /// Acks most of what it gets, at once or not at all; looks at the order of each key.
  private final class Worker implements QueueConsumer {
    private final long seed;
    private final Map<Integer, Integer> lastAcked = new HashMap<>();
    private final AtomicReference<@Nullable Consumption> consumption = new AtomicReference<>();

    Worker(long seed) {
      this.seed = seed;
    }

    @Override
    public void deliver(QueuedMessage message) {
      deliverAll(List.of(message));
    }

    /// Settles one by one or together.
    @Override
    public void deliverAll(List<QueuedMessage> messages) {
      List<Settling> settlings = new ArrayList<>();
      for (QueuedMessage message : messages) {
        settlings.add(judge(message));
      }
      Consumption open = consumption.get();
      if (open == null) {
        return; // held until the crash
      }
      boolean isTogether = seed % 2 == 0;
      for (Settling each : settlings) {
        if (each instanceof Settling.Ack ack) {
          int number = number(ack.message());
          acked.add(number);
          if (!isTogether) {
            var _ = open.ack(ack.message()).whenComplete((_, failure) -> told(number, failure));
          }
        } else if (!isTogether) {
          var _ = open.nack(each.message());
        }
      }
      if (isTogether) {
        Settlements settled = open.settle(settlings);
        for (int i = 0; i < settlings.size(); i++) {
          if (settlings.get(i) instanceof Settling.Ack ack && !settled.refused().containsKey(i)) {
            int number = number(ack.message());
            var _ = settled.durable().whenComplete((_, failure) -> told(number, failure));
          }
        }
      }
    }

    private Settling judge(QueuedMessage message) {
      int number = number(message);
      int key = number % KEYS;
      if (confirmed.contains(number)) {
        fault.compareAndSet(null, number + " came after its ack was confirmed");
      }
      Integer last = lastAcked.get(key);
      if (last != null && last >= number) {
        fault.compareAndSet(null, number + " came after " + last);
      }
      if ((number * 31L + message.delivery() + seed) % 4 == 0) {
        return new Settling.Nack(message, Optional.empty());
      }
      lastAcked.put(key, number);
      return new Settling.Ack(message);
    }

    private static int number(QueuedMessage message) {
      return Integer.parseInt(message.message().body().utf8().trim());
    }

    private void told(int number, @Nullable Throwable failure) {
      if (failure == null) {
        confirmed.add(number);
      }
    }

    @Override
    public void ended(WeirException cause) {}
  }

  /// Some write all the time how far they have looked, some never.
  private Core open() {
    int checkpoint = random.nextBoolean() ? 1 + random.nextInt(20) : 500_000;
    return new Core(
        config, LocalBrokerConfig.defaults().withQueueCheckpoint(checkpoint), disk, Clock.SYSTEM);
  }

  @RepeatedTest(3)
  void losesNothingAndRepeatsNothingThatIsConfirmedWhereverThePowerGoes() {
    int crashes = 0;
    while (runUntilCrash()) {
      crashes++;
      assertThat(fault.get()).as("after %d crashes", crashes).isNull();
      disk = disk.afterCrash(random);
    }

    assertThat(fault.get()).as("after %d crashes", crashes).isNull();
    assertThat(crashes).isGreaterThan(3);
    assertThat(acked).containsAll(published);
    assertThat(confirmed).hasSizeGreaterThan(MESSAGES / 2);
    disk = disk.afterCrash(random);
    try (Core core = open();
        Taker taker = Taker.at(core, "jobs", 10 * MESSAGES)) {
      core.broker.publish(Message.of("work/last", "last")).toCompletableFuture().join();
      taker.awaitBody("last");
      assertThat(taker.bodies().stream().filter(body -> !body.equals("last")))
          .as("after its ack was confirmed")
          .noneMatch(body -> confirmed.contains(Integer.parseInt(body.trim())));
    }
  }

  /// @return whether the power went before everything was done
  private boolean runUntilCrash() {
    Core core = open();
    try {
      if (core.broker.queues().list().isEmpty()) {
        core.broker.queues().create(QUEUE).toCompletableFuture().join();
      }
      disk.failMutation(disk.mutations() + 1 + random.nextInt(80), Fault.CRASH);
      Worker worker = new Worker(random.nextInt(1_000));
      Consumption consumption = core.broker.queues().consume("jobs", 0, worker);
      worker.consumption.set(consumption);
      consumption.prefetch(8);
      AtomicInteger underWay = new AtomicInteger();
      while (!disk.hasCrashed()) {
        boolean isPublished = published.size() >= MESSAGES;
        boolean isAllTold = isPublished && underWay.get() == 0;
        if (isAllTold && acked.containsAll(published) && isEmpty(core)) {
          return false;
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new AssertionError(
              "stuck with "
                  + (published.size() - acked.size())
                  + " open, "
                  + core.broker.queues().details("jobs"));
        }
        if (isPublished || underWay.get() >= MAX_UNDER_WAY) {
          Thread.onSpinWait();
        } else {
          publish(core, underWay);
        }
      }
      return true;
    } finally {
      core.close();
    }
  }

  private static boolean isEmpty(Core core) {
    return core.broker.queues().details("jobs").figures().length() == 0;
  }

  /// One message, or several side by side. A number whose publish failed may be stored all the
  /// same, so it is never used again.
  private void publish(Core core, AtomicInteger underWay) {
    int first = next.getAndAdd(1 + random.nextInt(MAX_TOGETHER));
    List<Message> messages = new ArrayList<>();
    for (int number = first; number < next.get(); number++) {
      messages.add(
          Message.of("work/" + number % 3, number + " ".repeat(200))
              .withKey(Bytes.utf8("key" + number % KEYS)));
    }
    underWay.addAndGet(messages.size());
    core.broker.publishEach(
        messages,
        new ReceiptsListener() {
          @Override
          public void stored(int index, int count, Receipt receipt) {
            for (int i = 0; i < count; i++) {
              published.add(first + index + i);
            }
            underWay.addAndGet(-count);
          }

          @Override
          public void failed(int index, int count, WeirException cause) {
            underWay.addAndGet(-count);
          }
        });
  }
}
