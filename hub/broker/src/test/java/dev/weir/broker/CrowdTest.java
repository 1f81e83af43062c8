package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.testkit.Eventually;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Many subscriptions of one topic, and one of another.
@Timeout(120)
final class CrowdTest {
  private static final int CROWD = 1_000;

  @TempDir Path directory;

  /// One of a crowd, whose turns a test ends.
  private static final class Member implements Subscriber {
    private final AtomicInteger delivered;
    private final ConcurrentLinkedQueue<Turn> turns;

    Member(AtomicInteger delivered, ConcurrentLinkedQueue<Turn> turns) {
      this.delivered = delivered;
      this.turns = turns;
    }

    @Override
    public boolean isReadyFor(int bytes) {
      return true;
    }

    @Override
    public void opened(Cursor cursor) {}

    @Override
    public void deliver(Delivery delivery) {
      throw new AssertionError("it takes turns");
    }

    @Override
    public void deliver(Delivery delivery, Turn turn) {
      delivered.incrementAndGet();
      turns.add(turn);
    }

    @Override
    public void gap(Position from, long toOffset, GapReason reason) {}

    @Override
    public void endReached(Cursor cursor) {}

    @Override
    public void failed(WeirException cause) {}
  }

  /// One that takes nothing until it is released.
  private static final class Blocking implements Subscriber {
    private final Recorder recorder = new Recorder();
    private final CountDownLatch release;

    Blocking(CountDownLatch release) {
      this.release = release;
    }

    @Override
    public void opened(Cursor cursor) {
      recorder.opened(cursor);
    }

    @Override
    public void deliver(Delivery delivery) throws InterruptedException {
      release.await();
      recorder.deliver(delivery);
    }

    @Override
    public void gap(Position from, long toOffset, GapReason reason) {
      recorder.gap(from, toOffset, reason);
    }

    @Override
    public void endReached(Cursor cursor) {
      recorder.endReached(cursor);
    }

    @Override
    public void failed(WeirException cause) {
      recorder.failed(cause);
    }
  }

  private static void subscribe(Core core, String filter, Subscriber subscriber) {
    core.broker
        .subscribe(SubscriptionRequest.of(filter, new Start.Live()), subscriber)
        .grant(Long.MAX_VALUE);
  }

  private static void awaitAsleep(Core core) {
    Eventually.eventually(
        "all sleep",
        () ->
            core.broker.stats().subscriptions().stream()
                .allMatch(stats -> stats.state() == SubscriptionStats.State.LIVE));
  }

  private static void publish(Core core, String topic) {
    core.broker.publish(Message.of(topic, "hello")).toCompletableFuture().join();
  }

  @Test
  void othersGetTheirTurnAfterOneOfTheCrowd() {
    try (Core core = Core.in(directory)) {
      AtomicInteger crowd = new AtomicInteger();
      AtomicInteger others = new AtomicInteger();
      ConcurrentLinkedQueue<Turn> turns = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < CROWD; i++) {
        subscribe(core, "wide", new Member(crowd, turns));
      }
      subscribe(core, "other", new Member(others, new ConcurrentLinkedQueue<>()));
      Recorder idle = core.subscribe("elsewhere", new Start.Live(), Long.MAX_VALUE);
      awaitAsleep(core);

      publish(core, "wide");
      Eventually.eventually("as many as may be", () -> turns.size() == FairTurns.CAPACITY);
      publish(core, "other");
      awaitAllTold(idle, 2);
      assertThat(crowd).hasValue(FairTurns.CAPACITY);
      assertThat(others).hasValue(0);

      end(turns);
      end(turns);
      Eventually.eventually("the other's turn", () -> others.get() == 1);
      assertThat(crowd).hasValueLessThanOrEqualTo(FairTurns.CAPACITY + 2);

      Eventually.eventually(
          "everybody's",
          () -> {
            while (!turns.isEmpty()) {
              end(turns);
            }
            return crowd.get() == CROWD;
          });
      turns.forEach(Turn::end);
    }
  }

  private static void end(ConcurrentLinkedQueue<Turn> turns) {
    @Nullable Turn turn = turns.poll();
    if (turn != null) {
      turn.end();
    }
  }

  /// Everybody was told of everything once the cursor of one who wants nothing has moved behind it.
  private static void awaitAllTold(Recorder idle, long end) {
    Eventually.eventually(
        "all are told", () -> idle.subscription().cursor().positions().getFirst().offset() == end);
  }

  @Test
  void whoBlocksHoldsNobodyUp() {
    CountDownLatch release = new CountDownLatch(1);
    try (Core core = Core.in(directory)) {
      List<Blocking> stuck = new ArrayList<>();
      for (int i = 0; i < 3 * FairTurns.CAPACITY; i++) {
        Blocking blocking = new Blocking(release);
        stuck.add(blocking);
        subscribe(core, "wide", blocking);
      }
      Recorder free = core.subscribe("wide", new Start.Live(), Long.MAX_VALUE);
      awaitAsleep(core);

      publish(core, "wide");
      publish(core, "wide");

      free.awaitMessages(2);
      release.countDown();
      stuck.forEach(each -> each.recorder.awaitMessages(2));
    }
  }

  /// Waits in its first delivery until a test goes on, and notes of which partitions all are.
  private static final class Slow implements Subscriber {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final List<Integer> partitions = new CopyOnWriteArrayList<>();

    @Override
    public boolean isReadyFor(int bytes) {
      return true;
    }

    @Override
    public void opened(Cursor cursor) {}

    @Override
    public void deliver(Delivery delivery) {
      throw new AssertionError("it takes turns");
    }

    @Override
    public void deliver(Delivery delivery, Turn turn) throws InterruptedException {
      entered.countDown();
      go.await();
      partitions.add(delivery.base().partition());
      turn.end();
    }

    @Override
    public void gap(Position from, long toOffset, GapReason reason) {}

    @Override
    public void endReached(Cursor cursor) {}

    @Override
    public void failed(WeirException cause) {}
  }

  @Test
  void aBusyPartitionDoesNotStarveTheOthers() throws InterruptedException {
    int count = 20;
    try (Core core = Core.in(EmbeddedEngineConfig.of(directory).withPartitions(2))) {
      int key = 0;
      while (partitionOf(core, key) == partitionOf(core, 0)) {
        key++;
      }
      int busy = partitionOf(core, 0) == 0 ? 0 : key;
      Slow slow = new Slow();
      subscribe(core, "wide", slow);
      awaitAsleep(core);

      publish(core, "wide", busy);
      slow.entered.await();
      for (int i = 0; i < count; i++) {
        publish(core, "wide", busy);
      }
      publish(core, "wide", busy == 0 ? key : 0);
      slow.go.countDown();

      Eventually.eventually("all", () -> slow.partitions.size() == count + 2);
      assertThat(slow.partitions.indexOf(1)).isLessThan(count);
    }
  }

  private static int partitionOf(Core core, int key) {
    return publish(core, "elsewhere", key);
  }

  /// @return the partition
  private static int publish(Core core, String topic, int key) {
    Message message = Message.of(topic, "hello").withKey(Bytes.utf8("key-" + key));
    return core.broker.publish(message).toCompletableFuture().join().position().partition();
  }

  @Test
  void everybodyGetsEverything() {
    try (Core core = Core.in(directory)) {
      List<Recorder> all = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        all.add(core.subscribe(i % 3 == 0 ? "+" : "wide", new Start.Live(), Long.MAX_VALUE));
      }
      int wide = 0;
      for (int i = 0; i < 60; i++) {
        boolean isWide = i % 4 != 0;
        wide += isWide ? 1 : 0;
        core.broker.publish(Message.of(isWide ? "wide" : "other", "" + i));
      }
      for (int i = 0; i < CROWD; i++) {
        Recorder each = all.get(i);
        each.awaitMessages(i % 3 == 0 ? 60 : wide);
        assertThat(each.offsets()).isSorted().doesNotHaveDuplicates();
      }
    }
  }
}
