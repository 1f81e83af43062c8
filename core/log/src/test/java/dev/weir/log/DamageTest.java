package dev.weir.log;

import static dev.weir.log.Entries.bodies;
import static dev.weir.log.Entries.drain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.testkit.Fault;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// What the log makes of bytes that rotted: nothing acknowledged is cut, everything around the
/// damage is delivered, and the damage is told.
final class DamageTest {
  private SimDisk disk = new SimDisk();
  private final ManualClock clock = new ManualClock();

  private Log open() throws IOException {
    return Log.openStepped(SimulatedLog.config(), disk, clock, LogHooks.NONE);
  }

  /// Appends bodies, those of one list with one commit.
  private void write(List<List<String>> groups) throws IOException {
    Log log = open();
    for (List<String> group : groups) {
      for (String body : group) {
        assertThat(log.offer(Entries.of("t", body), new Recorder())).isTrue();
      }
      drain(log);
    }
  }

  /// Ends the process without closing the log; everything forced is on disk.
  private void kill() {
    disk.crash();
    disk = disk.afterCrash(new SplittableRandom(3));
  }

  private Path segment(int index) {
    return disk.files().stream()
        .filter(path -> path.toString().endsWith(".seg"))
        .toList()
        .get(index);
  }

  /// Flips a bit in the last place where the segment holds the text.
  private void damage(int segmentIndex, String text) throws IOException {
    Path path = segment(segmentIndex);
    ByteBuffer bytes = ByteBuffer.allocate(1 << 18);
    disk.openForRead(path).read(bytes, 0);
    String content = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    int at = content.lastIndexOf(text);
    assertThat(at).isPositive();
    disk.flipBit(path, at * 8L + 3);
  }

  @Test
  void cutsATornTailThatNobodyWasToldOf() throws IOException {
    write(List.of(List.of("one"), List.of("two"), List.of("three")));
    kill();
    damage(0, "three");

    try (Log log = open()) {
      assertThat(bodies(log.reader(0))).containsExactly("one", "two");
      assertThat(log.recovery().holes()).isEmpty();
      assertThat(log.recovery().cutBytes()).isPositive();
      assertThat(log.durableOffset()).isEqualTo(2);
    }
  }

  @Test
  void cutsTheRestOfTheLastGroupWhenItsStartIsTorn() throws IOException {
    write(List.of(List.of("one"), List.of("two", "three", "four")));
    kill();
    damage(0, "two");

    try (Log log = open()) {
      assertThat(bodies(log.reader(0))).containsExactly("one");
      assertThat(log.recovery().holes()).isEmpty();
    }
  }

  @Test
  void keepsWhatFollowsADamagedFrameOfAnEarlierGroup() throws IOException {
    write(List.of(List.of("one"), List.of("two", "three"), List.of("four"), List.of("five")));
    kill();
    damage(0, "two");

    try (Log log = open()) {
      assertThat(bodies(log.reader(0)))
          .containsExactly("one", "DAMAGE[1,2)", "three", "four", "five");
      assertThat(log.recovery().holes()).hasSize(1);
      assertThat(log.stats().holes()).isEqualTo(1);
      assertThat(disk.files()).anyMatch(path -> path.toString().contains("/damaged/"));
      assertThat(log.offer(Entries.of("t", "six"), new Recorder())).isTrue();
      drain(log);
    }
    try (Log log = open()) {
      assertThat(bodies(log.reader(0))).endsWith("five", "six");
      assertThat(holesRecordedIn(log)).extracting(Hole::fromOffset).containsExactly(1L);
    }
  }

  private static List<Hole> holesRecordedIn(Log log) throws IOException {
    List<Hole> holes = new ArrayList<>();
    try (LogReader reader = log.recoveryReader()) {
      for (LogEvent event = reader.next(); event != null; event = reader.next()) {
        if (event instanceof LogEvent.Frame frame && frame.type() == FrameType.HOLE) {
          holes.add(Hole.decode(frame.payload()));
        }
      }
    }
    return holes;
  }

  @Test
  void keepsSeveralHolesApart() throws IOException {
    write(List.of(List.of("one"), List.of("two"), List.of("three"), List.of("four"), List.of("5")));
    kill();
    damage(0, "one");
    damage(0, "three");

    try (Log log = open()) {
      assertThat(bodies(log.reader(0)))
          .containsExactly("DAMAGE[0,1)", "two", "DAMAGE[2,3)", "four", "5");
      assertThat(log.recovery().holes()).hasSize(2);
    }
  }

  @Test
  void aCheckpointMakesADamagedEndAHoleAndItsOffsetsAreNotUsedAgain() throws IOException {
    Log first = open();
    for (String body : List.of("one", "two", "three")) {
      assertThat(first.offer(Entries.of("t", body), new Recorder())).isTrue();
      drain(first);
    }
    clock.advance(Duration.ofSeconds(2));
    drain(first);
    kill();
    damage(0, "three");

    try (Log log = open()) {
      assertThat(log.durableOffset()).isEqualTo(3);
      assertThat(log.recovery().holes()).hasSize(1);
      assertThat(log.offer(Entries.of("t", "four"), new Recorder())).isTrue();
      drain(log);
      assertThat(bodies(log.reader(0))).containsExactly("one", "two", "DAMAGE[2,3)", "four");
    }
  }

  @Test
  void aDamagedSegmentHeaderLosesNothingElse() throws IOException {
    write(List.of(List.of("one"), List.of("two"), List.of("three")));
    kill();
    disk.flipBit(segment(0), 77);

    try (Log log = open()) {
      assertThat(bodies(log.reader(0))).containsExactly("one", "two", "three");
    }
  }

  @Test
  void damageInASealedSegmentIsToldToReadersAndRecordedOnce() throws IOException {
    write(List.of(List.of("one"), List.of("two", "three"), List.of("four")));
    kill();
    open().close();
    damage(0, "three");

    try (Log log = open()) {
      assertThat(log.recovery().wasClean()).isTrue();
      for (int i = 0; i < 3; i++) {
        assertThat(bodies(log.reader(0))).containsExactly("one", "two", "DAMAGE[2,3)", "four");
        drain(log);
      }
      assertThat(log.stats().holes()).isEqualTo(1);
      assertThat(holesRecordedIn(log)).hasSize(1);
    }
    try (Log log = open();
        LogReader everything = log.reader(0)) {
      assertThat(bodies(everything)).hasSize(4);
      drain(log);
      assertThat(holesRecordedIn(log)).hasSize(1);
      assertThat(log.stats().segments()).isEqualTo(2);
    }
  }

  @Test
  void startsOverAPlaceOfTheDiskThatTakesNoWrites() throws IOException {
    write(List.of(List.of("one"), List.of("two", "three"), List.of("four")));
    for (long call = 1; call <= 5; call++) {
      SimDisk broken = disk.afterCrash(new SplittableRandom(3));
      broken.failMutation(call, Fault.EIO);

      try (Log log = Log.openStepped(SimulatedLog.config(), broken, clock, LogHooks.NONE)) {
        assertThat(bodies(log.reader(0))).containsExactly("one", "two", "three", "four");
        assertThat(log.offer(Entries.of("t", "five"), new Recorder())).isTrue();
        drain(log);
        broken.crash();
      }
      SimDisk next = broken.afterCrash(new SplittableRandom(4));
      try (Log log = Log.openStepped(SimulatedLog.config(), next, clock, LogHooks.NONE)) {
        assertThat(bodies(log.reader(0))).containsExactly("one", "two", "three", "four", "five");
      }
    }
  }

  @Test
  void aMissingSegmentIsAGapAndNothingElse() throws IOException {
    write(
        List.of(
            List.of("a".repeat(40_000)),
            List.of("b".repeat(40_000)),
            List.of("c".repeat(40_000)),
            List.of("d".repeat(40_000))));
    kill();
    disk.delete(segment(1));

    try (Log log = open()) {
      assertThat(bodies(log.reader(0)))
          .extracting(body -> body.substring(0, 1))
          .containsExactly("a", "D", "c", "d");
      assertThat(log.durableOffset()).isEqualTo(4);
    }
  }

  @Test
  void anyFlippedBitCostsAtMostItsOwnFrameAndNeverStopsTheLog() throws IOException {
    long seed = Seeds.seed();
    RandomGenerator random = Seeds.random("flipped bit", seed);
    int rounds = Integer.getInteger("weir.crash.seeds", 1) * 150;
    for (int round = 0; round < rounds; round++) {
      disk = new SimDisk();
      SimulatedLog log = new SimulatedLog(disk, clock, new Oracle());
      log.open();
      for (int i = 0; i < 12; i++) {
        log.append(1 + random.nextInt(3), random.nextInt(12_000));
      }
      long messages = log.log().durableOffset();
      if (random.nextBoolean()) {
        log.close();
      }
      kill();
      Path path = disk.files().get(random.nextInt(disk.files().size()));
      long bit = random.nextLong(disk.openForRead(path).size() * 8 + 1);
      disk.flipBit(path, bit);
      try (Log damaged = open()) {
        List<String> found = bodies(damaged.reader(0));
        long whole = found.stream().filter(body -> !body.startsWith("DAMAGE")).count();
        // A bit in the frames of the last group may look like a torn tail; groups have up to 3.
        assertThat(whole)
            .as("round %d seed %d: bit %d of %s", round, seed, bit, path)
            .isGreaterThanOrEqualTo(messages - 3);
        assertThat(damaged.offer(LogEntry.data(1, Bytes.EMPTY, Bytes.utf8("on")), new Recorder()))
            .isTrue();
        drain(damaged);
        assertThat(bodies(damaged.reader(damaged.durableOffset() - 1))).containsExactly("on");
      }
    }
  }
}
