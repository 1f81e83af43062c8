package dev.weir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.testkit.Fault;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every disk call of some work as the last one before the power goes, or as one that fails, and
/// what the next start makes of it.
final class KvCrashTest {
  private static final String LARGE = "x".repeat(6000);
  private static final int KEYS = 8;

  /// What may be there after a crash: the last acknowledged value, or one that was asked for since.
  private static final class Oracle {
    private static final class Asked {
      final String value;

      Asked(String value) {
        this.value = value;
      }
    }

    private final Map<String, List<Asked>> allowed = new TreeMap<>();

    void asked(String key, String value, CompletableFuture<WriteResult> result) {
      List<Asked> all = allowed.computeIfAbsent(key, _ -> new ArrayList<>(List.of(new Asked("-"))));
      Asked one = new Asked(value);
      all.add(one);
      var _ =
          result.thenAccept(r -> {
            if (r instanceof WriteResult.Stored) {
              while (all.getFirst() != one) {
                all.removeFirst();
              }
            }
          });
    }

    void check(SteppedStore kv) {
      allowed.forEach((key, values) ->
          assertThat(values).as(key).extracting(asked -> asked.value).contains(kv.get(key)));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CRASH", "EIO"})
  void losesNoAcknowledgedWriteWhereverTheDiskFails(Fault fault) throws IOException {
    long seed = Seeds.seed();
    RandomGenerator random = Seeds.random("kv " + fault, seed);
    SimDisk whole = new SimDisk();
    work(whole, new ManualClock(), new Oracle(), new SplittableRandom(seed));
    assertThat(whole.mutations()).isGreaterThan(100);
    for (long call = 1; call <= whole.mutations(); call++) {
      failAt(call, fault, seed, random);
    }
  }

  private static void failAt(long call, Fault fault, long seed, RandomGenerator random) {
    Oracle oracle = new Oracle();
    ManualClock clock = new ManualClock();
    SimDisk disk = new SimDisk();
    disk.failMutation(call, fault);
    try {
      try {
        work(disk, clock, oracle, new SplittableRandom(seed));
      } catch (IOException _) {
        // the store could not be opened, which is no fault of its own
      }
      disk.crash();
      SimDisk left = disk.afterCrash(random);
      left.failMutation(1 + random.nextInt(12), Fault.CRASH);
      goOn(left, clock, oracle, random);
      left.crash();
      goOn(left.afterCrash(random), clock, oracle, random);
    } catch (AssertionError | RuntimeException | IOException e) {
      throw new AssertionError("call " + call + ", seed " + seed, e);
    }
  }

  private static void work(SimDisk disk, ManualClock clock, Oracle oracle, RandomGenerator random)
      throws IOException {
    SteppedStore kv = new SteppedStore(disk, clock);
    var _ = kv.store.configure("b", new BucketConfig(2, Duration.ZERO));
    for (int i = 0; i < 45 && !disk.hasCrashed(); i++) {
      String key = "k" + random.nextInt(KEYS);
      if (random.nextInt(6) == 0) {
        oracle.asked(key, "-", kv.store.delete("b", Bytes.utf8(key), KvStore.ANY));
      } else {
        String value = i + LARGE;
        oracle.asked(key, value, kv.store.put("b", Bytes.utf8(key), Bytes.utf8(value)));
      }
      if (random.nextInt(3) == 0) {
        settle(kv, clock);
      }
      if (i % 15 == 14) {
        clock.advance(Duration.ofDays(2));
        kv.store.compact();
        settle(kv, clock);
      }
    }
    settle(kv, clock);
    kv.close();
  }

  /// A log that met an error is tried again after a second.
  private static void settle(SteppedStore kv, ManualClock clock) {
    for (int i = 0; i < 3; i++) {
      for (int turn = 0; turn < 200 && kv.store.step(); turn++) {}
      clock.advance(Duration.ofSeconds(1));
    }
  }

  /// A disk without power cannot be asked.
  private static void check(SimDisk disk, Oracle oracle, SteppedStore kv) {
    if (!disk.hasCrashed()) {
      oracle.check(kv);
    }
  }

  private static void goOn(SimDisk disk, ManualClock clock, Oracle oracle, RandomGenerator random)
      throws IOException {
    try {
      SteppedStore kv = new SteppedStore(disk, clock);
      check(disk, oracle, kv);
      String value = "after" + random.nextInt(1000);
      oracle.asked("k0", value, kv.store.put("b", Bytes.utf8("k0"), Bytes.utf8(value)));
      kv.store.compact();
      settle(kv, clock);
      check(disk, oracle, kv);
      kv.close();
    } catch (IOException | RuntimeException e) {
      if (!disk.hasCrashed()) {
        throw e;
      }
    }
  }
}
