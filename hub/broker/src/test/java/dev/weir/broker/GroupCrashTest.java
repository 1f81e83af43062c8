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
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.SimDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A group over history: several consumers come and go, nack, delay and drop what they hold, and
/// the power goes. Of each key one message at a time is out, in the order of publishing, and in the
/// end every one was acked; a key that waits holds no other.
@Timeout(120)
final class GroupCrashTest {
  private static final int KEYS = 6;
  private static final int MESSAGES = 120;
  private static final QueueSpec GROUP =
      QueueSpec.of("billing")
          .withFilters("shop/#")
          .withSettings(
              QueueSettings.defaults()
                  .withOrdering(Ordering.KEY)
                  .withRetry(0, Duration.ofMillis(1), Duration.ofMillis(4)));

  private final RandomGenerator random = Seeds.random("GroupCrashTest");
  private final EmbeddedEngineConfig config =
      EmbeddedEngineConfig.of(Path.of("data"))
          .withSizes(ByteSize.ofKibibytes(64), ByteSize.ofKibibytes(64));

  private final Object lock = new Object();

  // Guarded by the lock.
  private final Map<Integer, Integer> confirmedOf = new HashMap<>();
  private final Map<Integer, Integer> ackedOf = new HashMap<>();
  private final Set<Integer> outKeys = new HashSet<>();
  private boolean isForgiving;
  private int acked;

  private final AtomicReference<@Nullable String> fault = new AtomicReference<>();
  private SimDisk disk = new SimDisk();

  /// Acks two of three, nacks the others, at once or later.
  private final class Member implements QueueConsumer {
    private final RandomGenerator choice;
    private final AtomicReference<@Nullable Consumption> consumption = new AtomicReference<>();

    Member(long seed) {
      this.choice = new SplittableRandom(seed);
    }

    @Override
    public void deliver(QueuedMessage message) {
      int number = Integer.parseInt(message.message().body().utf8());
      int key = number % KEYS;
      boolean isAcking;
      synchronized (lock) {
        int settled = confirmedOf.getOrDefault(key, key - KEYS);
        int perhaps = ackedOf.getOrDefault(key, key - KEYS);
        if (!outKeys.add(key) && !isForgiving) {
          fault.compareAndSet(null, "two of key " + key + " are out at " + number);
        }
        if (number <= settled || number > perhaps + KEYS) {
          fault.compareAndSet(null, number + " came after " + settled + " or " + perhaps);
        }
        isAcking = choice.nextInt(3) > 0;
      }
      Thread.ofVirtual().start(() -> settle(message, number, key, isAcking));
    }

    private void settle(QueuedMessage message, int number, int key, boolean isAcking) {
      Consumption open = consumption.get();
      while (open == null) {
        Thread.onSpinWait();
        open = consumption.get();
      }
      synchronized (lock) {
        outKeys.remove(key); // The next may come before the answer does.
        if (isAcking) {
          ackedOf.put(key, Math.max(number, ackedOf.getOrDefault(key, -1)));
        }
      }
      if (!isAcking) {
        var _ =
            choice.nextBoolean()
                ? open.nack(message)
                : open.nack(message, Duration.ofMillis(choice.nextInt(1, 5)));
        return;
      }
      var _ =
          open.ack(message)
              .whenComplete((_, cause) -> {
                if (cause == null) {
                  synchronized (lock) {
                    confirmedOf.put(key, Math.max(number, confirmedOf.getOrDefault(key, -1)));
                    acked++;
                  }
                }
              });
    }

    @Override
    public void ended(WeirException cause) {}
  }

  /// What it holds goes to the others.
  private void forget(Consumption member) {
    synchronized (lock) {
      isForgiving = true;
    }
    member.close();
  }

  private int ackedSoFar() {
    synchronized (lock) {
      return acked;
    }
  }

  private boolean isAllAcked() {
    synchronized (lock) {
      return Stream.iterate(0, k -> k < KEYS, k -> k + 1)
          .allMatch(key -> ackedOf.getOrDefault(key, -1) == MESSAGES - KEYS + key);
    }
  }

  @Test
  void holdsNoOtherKeyWhileOneWaits() {
    try (Core core = new Core(config, LocalBrokerConfig.defaults(), disk, Clock.SYSTEM)) {
      core.broker.queues().create(GROUP).toCompletableFuture().join();
      for (String body : List.of("a1", "b1", "a2", "b2")) {
        Message message = Message.of("shop/x", body).withKey(Bytes.utf8(body.substring(0, 1)));
        core.broker.publish(message).toCompletableFuture().join();
      }
      List<String> seen = new CopyOnWriteArrayList<>();
      AtomicReference<@Nullable Consumption> open = new AtomicReference<>();
      QueueConsumer consumer =
          new QueueConsumer() {
            @Override
            public void deliver(QueuedMessage message) {
              String body = message.message().body().utf8();
              seen.add(body);
              Consumption known = Objects.requireNonNull(open.get());
              var _ =
                  body.equals("a1") ? known.nack(message, Duration.ofDays(1)) : known.ack(message);
            }

            @Override
            public void ended(WeirException cause) {}
          };
      Consumption consumption = core.broker.queues().consume("billing", 0, consumer);
      open.set(consumption);
      consumption.prefetch(1);

      Eventually.eventually("the other key goes on", () -> seen.contains("b2"));
      assertThat(seen).containsExactly("a1", "b1", "b2");
    }
  }

  @RepeatedTest(10)
  void keepsTheOrderOfEachKeyWithAnyNumberOfConsumers() {
    try (Core core = new Core(config, LocalBrokerConfig.defaults(), disk, Clock.SYSTEM)) {
      for (int i = 0; i < MESSAGES; i++) {
        Message message = Message.of("shop/" + i % 2, "" + i).withKey(Bytes.utf8("k" + i % KEYS));
        core.broker.publish(message).toCompletableFuture().join();
      }
      core.broker.queues().create(GROUP, new Start.First()).toCompletableFuture().join();
    }
    for (int round = 0; !isAllAcked(); round++) {
      assertThat(round).isLessThan(200);
      synchronized (lock) {
        isForgiving = false;
        outKeys.clear(); // What was held when the power went is handed out again.
      }
      Core core = new Core(config, LocalBrokerConfig.defaults(), disk, Clock.SYSTEM);
      List<Consumption> members = new ArrayList<>();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        Member member = new Member(random.nextLong());
        Consumption open = core.broker.queues().consume("billing", random.nextInt(1, 4), member);
        member.consumption.set(open);
        members.add(open);
      }
      int before = ackedSoFar();
      int wanted = random.nextInt(1, 30);
      Eventually.eventually(
          "the group goes on", () -> ackedSoFar() >= before + wanted || isAllAcked());
      if (random.nextBoolean()) {
        forget(members.getFirst());
      }
      disk.crash();
      core.close();
      disk = disk.afterCrash(random);
      assertThat(fault.get()).as("round %d", round).isNull();
    }
  }
}
