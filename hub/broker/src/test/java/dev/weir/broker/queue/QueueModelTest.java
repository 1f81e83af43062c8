package dev.weir.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.weir.testkit.Seeds;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Random lives of a queue against the model. `-Dweir.queue.histories=N` runs N of them.
final class QueueModelTest {
  private static final int HISTORIES = Integer.getInteger("weir.queue.histories", 2_000);

  @Test
  void doesWhatTheModelDoesInEveryHistory() {
    RandomGenerator seeds = Seeds.random("QueueModelTest");
    long steps = 0;
    for (int i = 0; i < HISTORIES; i++) {
      long seed = seeds.nextLong();
      QueueHistory history = new QueueHistory(new SplittableRandom(seed));
      try {
        steps += history.run(20 + i % 180);
      } catch (AssertionError | RuntimeException e) {
        fail("history " + i + " with seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(steps).isGreaterThan(20L * HISTORIES - 1);
  }
}
