package dev.weir.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the histories do not reach: the bounds of memory, and waits.
final class QueueMachineTest {
  private static final QueueSettings KEYED =
      QueueSettings.defaults()
          .withOrdering(Ordering.KEY)
          .withRetry(0, Duration.ofMillis(100), Duration.ofMillis(800));

  private final List<Long> dues = new ArrayList<>();
  private long now = 1_000_000;

  private QueueMachine machine(QueueSettings settings, int window, int maxLoaded) {
    QueueListener listener =
        new QueueListener() {
          @Override
          public void removed(long position, int level, RemovalReason reason, int deliveries) {}

          @Override
          public void returned(long position, int deliveries, long dueMicros) {
            dues.add(dueMicros);
          }
        };
    return new QueueMachine(
        settings,
        new QueueLimits(window, maxLoaded),
        new QueueState(),
        listener,
        new SplittableRandom(7),
        0,
        now);
  }

  private static Arrival arrival(long position, long key) {
    return new Arrival(position, key, 4, 0, Long.MAX_VALUE);
  }

  /// The last digit is the key.
  private @Nullable Handout next(QueueMachine machine) {
    for (long[] wanted = machine.wanted(64); wanted.length > 0; wanted = machine.wanted(64)) {
      for (long position : wanted) {
        machine.load(arrival(position, 1 + position % 10), now);
      }
    }
    return machine.next(now);
  }

  private Handout given(QueueMachine machine) {
    return Objects.requireNonNull(next(machine), "nothing is handed out");
  }

  private void enqueue(QueueMachine machine, long... positions) {
    for (long position : positions) {
      machine.enqueue(arrival(position, 1 + position % 10), now);
    }
  }

  @Test
  void aBacklogIsNotLoaded() {
    QueueMachine machine = machine(QueueSettings.defaults(), 16, 1_000);
    machine.attach(1, 8);

    for (long position = 0; position < 100_000; position++) {
      enqueue(machine, position);
    }
    for (int i = 0; i < 8; i++) {
      assertThat(given(machine).position()).isEqualTo(i);
    }

    assertThat(next(machine)).isNull();
    assertThat(machine.view().figures().loaded()).isLessThanOrEqualTo(24);
    assertThat(machine.view().figures().held()).isEqualTo(8);
    assertThat(machine.length()).isEqualTo(100_000);
  }

  @Test
  void aNackHoldsOnlyItsKey() {
    QueueMachine machine = machine(KEYED, 16, 1_000);
    machine.attach(1, 8);
    enqueue(machine, 10, 20, 11, 21);
    Handout first = given(machine);
    assertThat(first.position()).isEqualTo(10);

    assertThat(machine.nack(10, first.lease(), 5_000, now)).isTrue();

    Handout other = given(machine);
    assertThat(other.position()).isEqualTo(11);
    assertThat(machine.ack(11, other.lease(), now)).isTrue();
    assertThat(given(machine).position()).isEqualTo(21);
    assertThat(next(machine)).isNull();
    assertThat(machine.nextTickMicros()).isEqualTo(now + 5_000);
    now += 5_000;
    assertThat(given(machine).position()).isEqualTo(10);
    assertThat(next(machine)).isNull();
  }

  @Test
  void goesOnAfterHeldKeysHadTakenAllTheRoom() {
    QueueMachine machine = machine(KEYED, 4, 4);
    machine.attach(1, 8);
    enqueue(machine, 10, 20, 30, 40, 50, 51);
    Handout first = given(machine);

    assertThat(next(machine)).isNull();
    assertThat(machine.view().figures().loaded()).isEqualTo(4);
    assertThat(machine.ack(10, first.lease(), now)).isTrue();
    Handout second = given(machine);
    assertThat(second.position()).isEqualTo(20);
    assertThat(machine.ack(20, second.lease(), now)).isTrue();

    assertThat(given(machine).position()).isEqualTo(30);
    assertThat(given(machine).position()).isEqualTo(51);
    assertThat(next(machine)).isNull();
  }

  @Test
  void handsOutNothingWhileTooManyWaitForARetry() {
    QueueMachine machine = machine(QueueSettings.defaults(), 4, 2);
    machine.attach(1, 8);
    enqueue(machine, 1, 2, 3);
    for (int i = 0; i < 2; i++) {
      Handout handout = given(machine);
      assertThat(machine.nack(handout.position(), handout.lease(), 1_000, now)).isTrue();
    }

    assertThat(next(machine)).isNull();

    now += 1_000;
    assertThat(given(machine).position()).isEqualTo(1);
  }

  @Test
  void waitsTwiceAsLongEachTimeUpToTheCap() {
    QueueMachine machine = machine(KEYED, 4, 4);
    machine.attach(1, 1);
    enqueue(machine, 1);
    long ceiling = 100_000;

    for (int i = 0; i < 6; i++) {
      Handout handout = given(machine);
      assertThat(handout.delivery()).isEqualTo(i + 1);
      assertThat(machine.nack(1, handout.lease(), now)).isTrue();
      assertThat(dues.getLast()).isBetween(now + ceiling / 2, now + ceiling);
      now = dues.getLast();
      ceiling = Math.min(2 * ceiling, 800_000);
    }
  }

  @Test
  void anExtendedLeaseHoldsLongerAndAnEndedOneCannotBeExtended() {
    QueueMachine machine = machine(QueueSettings.defaults(), 4, 4);
    machine.attach(1, 1);
    enqueue(machine, 1);
    Handout handout = given(machine);

    assertThat(machine.extend(1, handout.lease(), handout.untilMicros() + 10, now)).isTrue();
    now = handout.untilMicros();
    assertThat(machine.extend(1, handout.lease(), now + 20, now)).isTrue();
    now += 20;

    assertThat(machine.extend(1, handout.lease(), now + 20, now)).isFalse();
    assertThat(machine.ack(1, handout.lease(), now)).isFalse();
    assertThat(machine.view().figures().held()).isZero();
  }

  @Test
  void onlyTheFirstConsumerIsServedUntilItLeaves() {
    QueueMachine machine = machine(QueueSettings.defaults().withSingleActive(true), 4, 4);
    machine.attach(1, 1);
    machine.attach(2, 5);
    enqueue(machine, 1, 2);

    assertThat(given(machine).consumer()).isEqualTo(1);
    assertThat(next(machine)).isNull();
    machine.detach(1, now);

    Handout again = given(machine);
    assertThat(again.consumer()).isEqualTo(2);
    assertThat(again.position()).isEqualTo(1);
    assertThat(again.delivery()).isEqualTo(2);
  }
}
