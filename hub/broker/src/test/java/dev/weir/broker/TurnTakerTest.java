package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class TurnTakerTest {
  private static final int CAPACITY = 3;

  private final FairTurns turns = new FairTurns(CAPACITY);

  /// Somebody who has things to do, one a turn, and does some of them on its own thread.
  private final class Worker implements TurnTaker.Served {
    final TurnTaker taker = new TurnTaker(turns, "own");
    final AtomicLong added = new AtomicLong();
    final AtomicLong done = new AtomicLong();
    final AtomicBoolean isBusy = new AtomicBoolean();
    final AtomicInteger faults = new AtomicInteger();
    volatile boolean isClosed;
    final Thread thread = Thread.ofVirtual().unstarted(this::run);

    void run() {
      while (!isClosed) {
        taker.awaitServed(this);
        if (!isClosed && done.get() < added.get()) {
          doOne();
        }
      }
      taker.give();
    }

    private void doOne() {
      if (!isBusy.compareAndSet(false, true)) {
        faults.incrementAndGet();
      }
      done.incrementAndGet();
      taker.pass(0).end();
      isBusy.set(false);
    }

    void add() {
      added.incrementAndGet();
      taker.wake("crowd");
    }

    void close() {
      isClosed = true;
      taker.wake("crowd");
    }

    @Override
    public boolean hasNews() {
      return isClosed || done.get() < added.get();
    }

    @Override
    public boolean serve() {
      if (isClosed || done.get() % 5 == 4) {
        return false;
      }
      if (done.get() < added.get()) {
        doOne();
      }
      return done.get() % 7 != 6; // Sometimes its thread goes on without the turn.
    }
  }

  @Test
  void doesEverythingOnceHoweverItIsWoken() throws InterruptedException {
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      workers.add(new Worker());
    }
    workers.forEach(worker -> worker.thread.start());
    List<Thread> wakers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int step = 2 * i + 1;
      wakers.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int j = 0; j < 20_000; j++) {
                  workers.get(j * step % workers.size()).add();
                }
              }));
    }
    for (Thread waker : wakers) {
      waker.join();
    }

    Eventually.eventually(
        "everything is done",
        () -> workers.stream().allMatch(worker -> worker.done.get() == worker.added.get()));
    workers.forEach(Worker::close);
    for (Worker worker : workers) {
      worker.thread.join();
      assertThat(worker.faults).hasValue(0);
    }
    assertThat(free()).isEqualTo(CAPACITY);
  }

  /// How many turns may be taken now.
  private int free() {
    AtomicInteger granted = new AtomicInteger();
    for (int i = 0; i < 2 * CAPACITY; i++) {
      turns.ask("test", granted::incrementAndGet);
    }
    return granted.get();
  }

  @Test
  void goesOnWithoutATurnWhenItIsReleased() throws InterruptedException {
    assertThat(free()).isEqualTo(CAPACITY); // And now others hold them all.
    Worker worker = new Worker();
    worker.thread.start();
    worker.add();
    worker.close();

    worker.taker.release();
    worker.thread.join();

    for (int i = 0; i < 2 * CAPACITY; i++) {
      turns.give(1);
    }
    assertThat(free()).isEqualTo(CAPACITY);
  }
}
