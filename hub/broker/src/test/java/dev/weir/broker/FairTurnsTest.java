package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class FairTurnsTest {
  private static final int CAPACITY = 8;

  private final FairTurns turns = new FairTurns(CAPACITY);
  private final List<String> granted = new ArrayList<>();

  private void ask(String group, int count) {
    for (int i = 0; i < count; i++) {
      String name = group + i;
      turns.ask(group, () -> granted.add(name));
    }
  }

  @Test
  void grantsAsManyAsMayBeUnderWay() {
    ask("crowd", 10_000);

    assertThat(granted).hasSize(CAPACITY);
    turns.give(1);
    assertThat(granted).hasSize(CAPACITY + 1);
  }

  @Test
  void letsOthersInAfterOneTurnOfTheCrowd() {
    ask("crowd", 10_000);
    ask("other", 1);

    turns.give(1);
    turns.give(1);

    assertThat(granted).hasSize(CAPACITY + 2).contains("other0");
  }

  @Test
  void countsLargeDeliveriesAsSeveral() {
    ask("crowd", 100);
    int units = turns.charge(200 << 10);
    assertThat(units).isEqualTo(7);

    for (int i = 0; i < units - 1; i++) {
      turns.give(1); // Those of others, which make up for it.
    }

    assertThat(granted).hasSize(CAPACITY);
    turns.give(units);
    assertThat(granted).hasSize(CAPACITY + units);
  }

  @Test
  void endsATurnOnce() {
    ask("crowd", 100);
    Turn turn = new Turn(turns, 1);

    turn.end();
    turn.end();

    assertThat(granted).hasSize(CAPACITY + 1);
  }

  /// Wishes and ends from several threads at once: each wish is granted once, and no more than may
  /// be are under way.
  @Test
  void losesNoWishBetweenThreads() throws InterruptedException {
    int each = 20_000;
    CountDownLatch all = new CountDownLatch(3 * each);
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> askers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String group = "g" + i;
      askers.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int j = 0; j < each; j++) {
                  turns.ask(
                      group,
                      () -> {
                        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                        Thread.startVirtualThread(() -> {
                          underWay.decrementAndGet();
                          turns.give(1);
                          all.countDown();
                        });
                      });
                }
              }));
    }
    for (Thread asker : askers) {
      asker.join();
    }
    all.await();

    assertThat(most).hasValueLessThanOrEqualTo(CAPACITY);
  }
}
