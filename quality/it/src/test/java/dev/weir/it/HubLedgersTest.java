package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

/// The oracles of the hub's campaign find what they are there to find.
final class HubLedgersTest {
  private final KeyLedger keys = new KeyLedger();
  private final TaskLedger tasks = new TaskLedger();

  private static BitSet bits(int... numbers) {
    BitSet bits = new BitSet();
    for (int number : numbers) {
      bits.set(number);
    }
    return bits;
  }

  @Test
  void aKeysMessageMayComeAgainUntilItsAckIsConfirmed() {
    keys.issue("k");
    assertThat(keys.delivered("k", 1)).isEmpty();
    keys.acking("k", 1);
    assertThat(keys.delivered("k", 1)).isEmpty();

    keys.acked("k", 1);

    assertThat(keys.delivered("k", 1)).isPresent();
  }

  @Test
  void aKeysMessagesComeInOrderAndOnlyPublishedOnes() {
    keys.issue("k");
    keys.issue("k");
    assertThat(keys.delivered("k", 2)).isPresent();
    keys.acking("k", 1);
    assertThat(keys.delivered("k", 2)).isEmpty();
    keys.acking("k", 2);
    assertThat(keys.delivered("k", 3)).isPresent();

    assertThat(keys.left()).isZero();
    keys.issue("other");
    assertThat(keys.left()).isEqualTo(1);
    assertThat(keys.toString()).contains("other: 0 of 1");
  }

  @Test
  void aTaskIsLostWhenItWasPromisedAndNeverCame() {
    int first = tasks.issue();
    int second = tasks.issue();
    tasks.promised(first);
    assertThat(tasks.unpromised()).isEqualTo(1);
    tasks.promised(second);
    tasks.settling(first, true);

    assertThat(tasks.lost()).isEqualTo(bits(second));
  }

  @Test
  void aTaskComesNoMoreOnceItIsSettled() {
    int task = tasks.issue();
    tasks.settling(task, false);
    assertThat(tasks.delivered(task)).isEmpty();
    tasks.settled(task, false);

    assertThat(tasks.delivered(task))
        .hasValueSatisfying(text -> assertThat(text).contains("rejection"));
    assertThat(tasks.delivered(task + 1)).isPresent();
  }

  @Test
  void theDeadAreThoseThatWereRejected() {
    int rejected = tasks.issue();
    int acked = tasks.issue();
    int both = tasks.issue();
    tasks.settling(rejected, false);
    tasks.settled(rejected, false);
    tasks.settling(acked, true);
    tasks.settled(acked, true);
    tasks.settling(both, false);
    tasks.settling(both, true);
    tasks.settled(both, true);

    assertThat(tasks.dead(bits(rejected))).isEmpty();
    assertThat(tasks.dead(bits())).isPresent();
    assertThat(tasks.dead(bits(rejected, acked))).isPresent();
    assertThat(tasks.dead(bits(rejected, both))).isPresent();
  }
}
