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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every disk call of the scripts failing, some of the next ones too, in every way, with the work
/// going on; then a power cut, so that what was told durable must really be.
final class FaultTest {
  private static final int OUTCOMES = Integer.getInteger("weir.crash.seeds", 1);

  static List<Scripts.Named> scripts() {
    return Scripts.all();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void goesOnAfterAnyFailedCallAndTellsNothingFalse(Scripts.Named script) throws IOException {
    long seed = Seeds.seed();
    RandomGenerator random = Seeds.random("fault " + script, seed);
    SimDisk whole = new SimDisk();
    script
        .script()
        .run(new SimulatedLog(whole, new ManualClock(), new Oracle()), new SplittableRandom(seed));
    for (int outcome = 0; outcome < OUTCOMES; outcome++) {
      for (Fault fault : List.of(Fault.EIO, Fault.ENOSPC, Fault.SHORT_WRITE)) {
        for (long call = 1; call <= whole.mutations(); call++) {
          SimDisk disk = new SimDisk();
          long last = call + random.nextInt(4);
          for (long failing = call; failing <= last; failing++) {
            disk.failMutation(failing, fault);
          }
          run(script, disk, seed, random, fault + " at changing calls " + call + " to " + last);
        }
      }
      for (long call = 1; call <= whole.reads(); call++) {
        SimDisk disk = new SimDisk();
        disk.failRead(call, Fault.EIO);
        runReadFault(script, disk, seed, random, "EIO at reading call " + call);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void doesNotTrustWhatAFailedDiskLeftInMemory(Scripts.Named script) throws IOException {
    doesNotTrustMemory(script, Seeds.seed());
  }

  /// A low-water mark whose force had failed was read again from memory, and segments went by it.
  @Test
  void removesNothingByAMarkThatIsNotOnTheDisk() throws IOException {
    Scripts.Named retention =
        scripts().stream().filter(s -> s.name().equals("retention")).findFirst().orElseThrow();
    doesNotTrustMemory(retention, -2900925798776928410L);
  }

  private static void doesNotTrustMemory(Scripts.Named script, long seed) throws IOException {
    RandomGenerator random = Seeds.random("dead disk " + script, seed);
    SimDisk whole = new SimDisk();
    script
        .script()
        .run(new SimulatedLog(whole, new ManualClock(), new Oracle()), new SplittableRandom(seed));
    for (long call = 1; call <= whole.mutations(); call++) {
      Oracle oracle = new Oracle();
      ManualClock clock = new ManualClock();
      SimDisk disk = new SimDisk();
      for (long failing = call; failing < call + 2_000; failing++) {
        disk.failMutation(failing, Fault.EIO);
      }
      try {
        runUntilPoisoned(script, new SimulatedLog(disk, clock, oracle), seed);
        disk.processEnded();
        disk.repair();
        SimulatedLog restarted = new SimulatedLog(disk, clock, oracle);
        restarted.open();
        restarted.check();
        goOn(new SimulatedLog(disk.afterCrash(random), clock, oracle));
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError(script + ", dead from call " + call + ", seed " + seed, e);
      }
    }
  }

  private static void runUntilPoisoned(Scripts.Named script, SimulatedLog log, long seed)
      throws IOException {
    log.endsWhenPoisoned();
    try {
      script.script().run(log, new SplittableRandom(seed));
    } catch (IOException e) {
      if (!log.isDown()) {
        throw e;
      }
    }
  }

  private static void run(
      Scripts.Named script, SimDisk disk, long seed, RandomGenerator random, String what) {
    Oracle oracle = new Oracle();
    ManualClock clock = new ManualClock();
    try {
      script.script().run(new SimulatedLog(disk, clock, oracle), new SplittableRandom(seed));
      goOn(new SimulatedLog(disk.afterCrash(random), clock, oracle));
    } catch (AssertionError | RuntimeException | IOException e) {
      throw new AssertionError(script + ", " + what + ", seed " + seed, e);
    }
  }

  private static void goOn(SimulatedLog log) throws IOException {
    log.open();
    assertThat(log.log().condition()).isEqualTo(LogCondition.OPEN);
    log.check();
    log.append(2, 300);
    log.check();
    log.close();
  }

  /// A read that fails may hide frames from the one who reads, as a gap; it must not change what
  /// the next start finds, and must not stop anything.
  private static void runReadFault(
      Scripts.Named script, SimDisk disk, long seed, RandomGenerator random, String what) {
    Oracle oracle = new Oracle();
    oracle.toleratesGaps();
    ManualClock clock = new ManualClock();
    try {
      script.script().run(new SimulatedLog(disk, clock, oracle), new SplittableRandom(seed));
      SimulatedLog log = new SimulatedLog(disk.afterCrash(random), clock, oracle);
      goOn(log);
    } catch (AssertionError | RuntimeException | IOException e) {
      throw new AssertionError(script + ", " + what + ", seed " + seed, e);
    }
  }
}
