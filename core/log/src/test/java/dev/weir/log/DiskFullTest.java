package dev.weir.log;

import static dev.weir.log.Entries.bodies;
import static dev.weir.log.Entries.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class DiskFullTest {
  private final SimDisk disk = new SimDisk();
  private final ManualClock clock = new ManualClock();
  private final Recorder recorder = new Recorder();
  private final List<String> told = new ArrayList<>();
  private final LogHooks hooks =
      new LogHooks() {
        @Override
        public Bytes snapshot() {
          return Bytes.EMPTY;
        }

        @Override
        public void full(WeirException cause) {
          told.add("full " + cause.code());
        }

        @Override
        public void poisoned(WeirException cause) {
          told.add("poisoned " + cause.code());
        }

        @Override
        public void recovered() {
          told.add("recovered");
        }

        @Override
        public void room() {
          told.add("room");
        }
      };

  private Log open(LogConfig config) throws IOException {
    return Log.openStepped(config, disk, clock, hooks);
  }

  private static String body(int i) {
    return i + "#".repeat(5_000);
  }

  /// Appends until the disk is full; the last append waits.
  private int fill(Log log) {
    int count = 0;
    while (log.condition() == LogCondition.OPEN) {
      assertThat(log.offer(Entries.of("t", body(count++)), recorder)).isTrue();
      drain(log);
    }
    return count;
  }

  @Test
  void waitsAndGoesOnByItselfWhenSpaceReturns() throws IOException {
    disk.capacity(300_000);
    try (Log log = open(SimulatedLog.config())) {
      int offered = fill(log);

      assertThat(recorder.offsets).hasSize(offered - 1);
      assertThat(recorder.failures).isEmpty();
      assertThat(log.condition()).isEqualTo(LogCondition.DISK_FULL);
      assertThat(told).containsExactly("full DISK_FULL");
      assertThat(log.offer(Entries.of("t", "refused"), recorder)).isFalse();
      assertThatThrownBy(() -> log.append(Entries.of("t", "refused"), recorder))
          .isInstanceOfSatisfying(
              WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
      assertThat(bodies(log.reader(0))).hasSize(offered - 1);

      disk.capacity(10_000_000);
      clock.advance(Duration.ofSeconds(1));
      drain(log);

      assertThat(told).containsExactly("full DISK_FULL", "recovered", "room");
      assertThat(recorder.offsets).hasSize(offered);
      assertThat(log.condition()).isEqualTo(LogCondition.OPEN);
      assertThat(bodies(log.reader(0))).hasSize(offered).endsWith(body(offered - 1));
    }
  }

  @Test
  void retentionMakesTheRoomThatIsMissing() throws IOException {
    disk.capacity(300_000);
    try (Log log = open(SimulatedLog.config())) {
      int offered = fill(log);

      log.dropBefore(30);
      clock.advance(Duration.ofSeconds(1));
      drain(log);
      clock.advance(Duration.ofSeconds(1));
      drain(log);

      assertThat(log.condition()).isEqualTo(LogCondition.OPEN);
      assertThat(recorder.offsets).hasSize(offered);
      assertThat(log.firstOffset()).isBetween(10L, 30L);
    }
  }

  @Test
  void aFullDiskDoesNotStopTheNextStart() throws IOException {
    disk.capacity(300_000);
    Log first = open(SimulatedLog.config());
    int offered = fill(first);
    SimDisk next = disk.afterCrash(new SplittableRandom(1));

    try (Log log = Log.openStepped(SimulatedLog.config(), next, clock, hooks)) {
      assertThat(bodies(log.reader(0))).hasSizeGreaterThanOrEqualTo(offered - 1);
      assertThat(log.offer(Entries.of("t", body(0)), recorder)).isTrue();
      drain(log);
      next.capacity(10_000_000);
      clock.advance(Duration.ofSeconds(1));
      drain(log);
      assertThat(log.condition()).isEqualTo(LogCondition.OPEN);
    }
  }

  @Test
  void whatStillWaitsAtCloseIsFailed() throws IOException {
    disk.capacity(300_000);
    Log log = open(SimulatedLog.config());
    int offered = fill(log);

    log.close();

    assertThat(recorder.failures).hasSize(1);
    assertThat(recorder.offsets).hasSize(offered - 1);
  }

  @Test
  void theFreeDiskFloorIsKeptByRemovingTheOldest() throws IOException {
    disk.capacity(600_000);
    Retention retention =
        new Retention(
            Retention.FOREVER.bytes(), Retention.FOREVER.age(), ByteSize.ofKibibytes(200), false);
    try (Log log = open(SimulatedLog.config().withRetention(retention))) {
      for (int i = 0; i < 200; i++) {
        assertThat(log.offer(Entries.of("t", body(i)), recorder)).isTrue();
        drain(log);
        clock.advance(Duration.ofSeconds(1));
      }
      assertThat(recorder.offsets).hasSize(200);
      assertThat(log.firstOffset()).isGreaterThan(100);
      assertThat(told).isEmpty();
    }
  }
}
