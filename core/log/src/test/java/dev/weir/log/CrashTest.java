package dev.weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Fault;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every disk call of the scripts as the last one before the power goes, and what the next start
/// makes of it. `-Dweir.crash.seeds=N` does N variants of the work instead of a few.
final class CrashTest {
  private static final int OUTCOMES = Integer.getInteger("weir.crash.seeds", 2);

  static List<Scripts.Named> scripts() {
    return Scripts.all();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void losesNothingAckedAndDoublesNothingWhereverThePowerGoes(Scripts.Named script)
      throws IOException {
    long seed = Seeds.seed();
    RandomGenerator random = Seeds.random("crash " + script, seed);
    for (int outcome = 0; outcome < OUTCOMES; outcome++) {
      long work = seed + outcome;
      long calls = mutationsOf(script, work);
      assertThat(calls).isGreaterThan(20);
      for (long call = 1; call <= calls; call++) {
        crashAt(script, work, call, random);
      }
    }
  }

  private static void crashAt(Scripts.Named script, long work, long call, RandomGenerator random) {
    Oracle oracle = new Oracle();
    ManualClock clock = new ManualClock();
    SimDisk disk = new SimDisk();
    disk.failMutation(call, Fault.CRASH);
    try {
      script.script().run(new SimulatedLog(disk, clock, oracle), new SplittableRandom(work));
      assertThat(disk.hasCrashed()).isTrue();
      survive(disk, clock, oracle, random);
    } catch (AssertionError | RuntimeException | IOException e) {
      throw new AssertionError(script + ", crash at call " + call + ", work " + work, e);
    }
  }

  private static long mutationsOf(Scripts.Named script, long seed) throws IOException {
    SimDisk disk = new SimDisk();
    SimulatedLog log = new SimulatedLog(disk, new ManualClock(), new Oracle());
    script.script().run(log, new SplittableRandom(seed));
    log.check();
    return disk.mutations();
  }

  /// Starts again, with a second crash on the way, and goes on.
  private static void survive(
      SimDisk crashed, ManualClock clock, Oracle oracle, RandomGenerator random)
      throws IOException {
    SimDisk disk = crashed.afterCrash(random);
    disk.failMutation(1 + random.nextInt(12), Fault.CRASH);
    goOn(disk, clock, oracle);
    disk.crash();
    goOn(disk.afterCrash(random), clock, oracle);
  }

  private static void goOn(SimDisk disk, ManualClock clock, Oracle oracle) throws IOException {
    for (int start = 0; start < 2 && !disk.hasCrashed(); start++) {
      SimulatedLog log = new SimulatedLog(disk, clock, oracle);
      log.open();
      log.check();
      log.append(2, 500);
      log.check();
      log.close();
    }
  }
}
