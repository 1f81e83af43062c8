package dev.weir.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.Fault;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class CursorFileTest {
  private static final Path DIRECTORY = Path.of("/spool");
  private final SimDisk disk = new SimDisk();

  private static CursorFile open(SimDisk disk) throws IOException {
    return CursorFile.open(disk, DIRECTORY, "acked.cursor");
  }

  private static long loaded(SimDisk disk) throws IOException {
    try (CursorFile cursor = open(disk)) {
      return cursor.load().map(values -> values[0]).orElse(0L);
    }
  }

  @Test
  void holdsNothingAtFirstAndThenTheNewestValues() throws IOException {
    try (CursorFile cursor = open(disk)) {
      assertThat(cursor.load()).isEmpty();
      for (long i = 1; i < 10; i++) {
        cursor.store(i, -i, Long.MAX_VALUE);
        assertThat(cursor.load().orElseThrow()).containsExactly(i, -i, Long.MAX_VALUE);
      }
    }
    try (CursorFile cursor = open(disk)) {
      assertThat(cursor.load().orElseThrow()).containsExactly(9, -9, Long.MAX_VALUE);
    }
  }

  @Test
  void takesAsManyValuesAsFitASectorAndNoMore() throws IOException {
    try (CursorFile cursor = open(disk)) {
      cursor.store(new long[CursorFile.MAX_VALUES]);
      assertThat(cursor.load().orElseThrow()).hasSize(61);
      assertThatThrownBy(() -> cursor.store(new long[62]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void keepsTheStoredOrTheStoreBeforeWhereverThePowerGoes() throws IOException {
    RandomGenerator random = Seeds.random("cursor file");
    for (long call = 1; call < 25; call++) {
      for (int outcome = 0; outcome < 30; outcome++) {
        SimDisk crashing = new SimDisk();
        crashing.failMutation(call, Fault.CRASH);
        long stored = storeUntilItFails(crashing);

        assertThat(loaded(crashing.afterCrash(random))).isBetween(stored, stored + 1);
      }
    }
  }

  private static long storeUntilItFails(SimDisk crashing) throws IOException {
    CursorFile cursor = open(crashing);
    for (long i = 1; i <= 10; i++) {
      try {
        cursor.store(i);
      } catch (IOException _) {
        return i - 1;
      }
    }
    return 10;
  }

  @Test
  void startsAFreshFileAfterAFailedForce() throws IOException {
    RandomGenerator random = Seeds.random("cursor file after EIO");
    for (long call = 1; call < 25; call++) {
      for (Fault fault : new Fault[] {Fault.EIO, Fault.ENOSPC, Fault.SHORT_WRITE}) {
        SimDisk failing = new SimDisk();
        failing.failMutation(call, fault);
        CursorFile cursor = open(failing);
        for (long i = 1; i <= 30; i++) {
          try {
            cursor.store(i);
          } catch (IOException _) {
            assertThat(loaded(failing.afterCrash(random))).isBetween(i - 1, i);
          }
        }
        assertThat(loaded(failing.afterCrash(random))).isEqualTo(30);
      }
    }
  }

  @Test
  void usesTheOtherSlotWhenOneIsDamaged() throws IOException {
    try (CursorFile cursor = open(disk)) {
      cursor.store(1);
      cursor.store(2);
    }
    for (int slot = 0; slot < 2; slot++) {
      disk.flipBit(DIRECTORY.resolve("acked.cursor"), slot * 4096L + 130);
      Optional<long[]> left = readOnly();
      disk.flipBit(DIRECTORY.resolve("acked.cursor"), slot * 4096L + 130);
      assertThat(left.orElseThrow()[0]).isIn(1L, 2L);
    }
  }

  private Optional<long[]> readOnly() throws IOException {
    try (CursorFile cursor = CursorFile.openForRead(disk, DIRECTORY, "acked.cursor")) {
      return cursor.load();
    }
  }
}
