package dev.weir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.ManualClock;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Random work on a store and on a map, with starts, time and compaction between.
final class ModelTest {
  private static final int STEPS = 3_000;

  @Test
  void doesWhatAMapDoes() throws IOException {
    long seed = Seeds.seed();
    RandomGenerator random = Seeds.random("kv model", seed);
    SimDisk disk = new SimDisk();
    ManualClock clock = new ManualClock();
    Model model = new Model();
    SteppedStore kv = new SteppedStore(disk, clock);
    for (int step = 0; step < STEPS; step++) {
      String key = "k" + random.nextInt(30);
      switch (random.nextInt(20)) {
        case 0, 1, 2 -> model.deleted(key, kv.delete(key));
        case 3, 4 -> clock.advanceMillis(random.nextInt(2_000));
        case 5 -> {
          kv.close();
          kv = new SteppedStore(disk, clock);
        }
        case 6 -> {
          kv.store.compact();
          kv.settle();
        }
        case 7 -> model.putFor(kv, key, value(random), 1 + random.nextInt(5_000));
        case 8, 9, 10 -> model.putIf(kv, key, value(random), random.nextBoolean());
        default -> model.put(kv, key, value(random));
      }
      model.checkKey(kv, key);
      if (step % 100 == 0) {
        model.checkAll(kv);
      }
    }
    model.checkAll(kv);
    assertThat(kv.store.stats().log().firstOffset()).isPositive();
    clock.advance(Duration.ofDays(3));
    kv.close();
  }

  private static String value(RandomGenerator random) {
    return Long.toHexString(random.nextLong()).repeat(1 + random.nextInt(200));
  }
}
