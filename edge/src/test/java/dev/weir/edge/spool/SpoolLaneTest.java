package dev.weir.edge.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.ErrorCode;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneMatch;
import dev.weir.link.LaneSettlement;
import dev.weir.message.Durability;
import dev.weir.testkit.Fault;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.SimDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a spool says to a core that holds frames of it, and to one that refuses some.
final class SpoolLaneTest {
  private final Path directory = Path.of("/edge");
  private SimDisk disk = new SimDisk();
  private SpoolRig rig = new SpoolRig(SpoolRig.config(directory), disk);

  @AfterEach
  void close() {
    rig.close();
  }

  private int crc(long sequence) {
    return crc(rig.spool.lanes().live(), sequence);
  }

  private static int crc(SpoolLane lane, long sequence) {
    LaneFrame frame = Objects.requireNonNull(lane.peek(sequence));
    return Objects.requireNonNull(frame.batch()).crc32c();
  }

  private LaneMatch match(long sequence, int crc32c) {
    return rig.spool.lanes().live().match(sequence, crc32c);
  }

  @Test
  void tellsItsOwnFramesFromThoseOfAnother() {
    for (int i = 0; i < 200; i++) {
      rig.offer("m" + i, "x".repeat(2_000));
    }
    int third = crc(3);
    int last = crc(200);
    rig.restart();

    assertThat(match(3, third)).isEqualTo(LaneMatch.OWN);
    assertThat(match(200, last)).isEqualTo(LaneMatch.OWN);
    assertThat(match(3, last)).isEqualTo(LaneMatch.FOREIGN);
    assertThat(match(200, third)).isEqualTo(LaneMatch.FOREIGN);
    rig.deliverAll();
    assertThat(rig.bodies()).as("comparing moves nothing").hasSize(400);
  }

  @Test
  void doesNotJudgeByAFrameThatItGaveUp() {
    rig.close();
    rig =
        new SpoolRig(
            SpoolRig.config(directory)
                .withMaxBytes(ByteSize.ofKibibytes(256))
                .withOverflow(OverflowPolicy.DROP_OLDEST),
            disk);
    rig.offer("first");
    int first = crc(1);
    for (int i = 0; rig.lost(LossReason.DROP_OLDEST).messages() == 0; i++) {
      rig.offer("m" + i + "-" + "x".repeat(3_000));
    }

    assertThat(match(1, first)).isEqualTo(LaneMatch.OWN);
    assertThat(match(1, first + 1)).isEqualTo(LaneMatch.OWN);
  }

  @Test
  void doesNotJudgeWhileTheDiskCannotBeRead() {
    for (int i = 0; i < 200; i++) {
      rig.offer("m" + i, "x".repeat(2_000));
    }
    int second = crc(2);
    rig.restart();
    for (long read = disk.reads() + 1; read < disk.reads() + 50; read++) {
      disk.failRead(read, Fault.EIO);
    }

    assertThat(match(2, second + 1)).isEqualTo(LaneMatch.UNREADABLE);
    disk.repair();
    assertThat(match(2, second + 1)).isEqualTo(LaneMatch.FOREIGN);
  }

  @Test
  void settlesARefusedFrameOnceWhatReplacesItIsDurable() {
    rig.offer("good", "bad");
    rig.offer("next");
    rig.spool.lanes().live().refused(1, ErrorCode.TOO_LARGE, "too large");

    rig.spool.lanes().live().settled(settlement(2));
    assertThat(rig.spool.lanes().live().firstUnacked()).isEqualTo(1);
    rig.spool.step();

    assertThat(rig.spool.lanes().live().firstUnacked()).isEqualTo(3);
    rig.deliverAll();
    assertThat(rig.bodies()).containsExactly("good", "bad");
  }

  private static LaneSettlement settlement(long sequence) {
    return new LaneSettlement(0, sequence, Durability.DURABLE, "", 0, new long[0], 0, 0);
  }

  @Test
  void neitherDoublesNorLosesWhatIsRefusedAgainAfterACrash() {
    RandomGenerator random = Seeds.random("SpoolLaneTest");
    int crashes = 0;
    for (int write = 1; write <= 12; write++) {
      disk = new SimDisk();
      rig = new SpoolRig(SpoolRig.config(directory), disk);
      rig.offer("a", "b", "c", "d");
      rig.offer("alone");
      disk.failMutation(disk.mutations() + write, Fault.CRASH);
      refuseBoth();
      crashes += disk.hasCrashed() ? 1 : 0;

      disk.crash();
      disk = disk.afterCrash(random);
      rig = new SpoolRig(SpoolRig.config(directory), disk);
      refuseBoth(); // Told again: nothing was settled.
      rig.settle(2);
      rig.deliverAll();

      List<String> tried = new ArrayList<>(rig.bodies());
      assertThat(tried).as("crash at write %d", write).containsExactly("a", "b", "c", "d");
      assertThat(rig.lost(LossReason.REFUSED).messages()).isEqualTo(1);
      rig.close();
    }
    assertThat(crashes).isPositive();
  }

  /// A spool whose lane 0 is closed with two frames on it, and whose live lane is 1.
  private void openWithALateLane(SimDisk newDisk) {
    openEager(newDisk);
    rig.offer("a", "b", "c", "d");
    rig.offer("alone");
    rig.clock.advanceMillis(10);
    assertThat(rig.spool.lanes().live().peek(1)).isNotNull();
    rig.spool.step();
    assertThat(rig.spool.stats().liveLane()).isEqualTo(1);
  }

  /// A spool that closes a lane as soon as one of its frames is late and another one follows.
  private void openEager(SimDisk newDisk) {
    rig.close();
    disk = newDisk;
    BackfillPolicy eager =
        new BackfillPolicy(
            BackfillPolicy.Order.NEWEST_FIRST, Duration.ofMillis(1), new ByteSize(1));
    rig = new SpoolRig(SpoolRig.config(directory).withBackfill(eager), disk);
  }

  @Test
  void closesALateLaneOnceThoughItIsReadMeanwhile() {
    openEager(new SimDisk());
    rig.offer("a");
    rig.offer("b");
    rig.offer("c");
    rig.clock.advanceMillis(10);
    SpoolLane late = rig.spool.lanes().live();
    assertThat(late.peek(1)).isNotNull();
    disk.during(disk.mutations() + 1, () -> assertThat(late.peek(2)).isNotNull());

    rig.spool.step();

    assertThat(rig.spool.stats().liveLane()).isEqualTo(1);
  }

  @Test
  void closesALateLaneOnceTheDiskTakesItsNumber() {
    SimDisk broken = new SimDisk();
    openEager(broken);
    rig.offer("a");
    rig.offer("b");
    rig.clock.advanceMillis(10);
    assertThat(rig.spool.lanes().live().peek(1)).isNotNull();
    broken.failMutation(broken.mutations() + 1, Fault.EIO);
    rig.spool.step();
    rig.clock.advanceMillis(10);

    rig.spool.step();

    assertThat(rig.spool.stats().liveLane()).isEqualTo(1);
  }

  private SpoolLane lane(int number) {
    return rig.spool.lanes().lanes().stream()
        .filter(lane -> lane.lane() == number)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void comparesEachLaneWithItsOwnFrames() {
    openWithALateLane(new SimDisk());
    rig.offer("fresh");
    int late = crc(lane(0), 1);
    int fresh = crc(lane(1), 1);
    rig.restart();

    assertThat(lane(0).match(1, late)).isEqualTo(LaneMatch.OWN);
    assertThat(lane(0).match(1, fresh)).isEqualTo(LaneMatch.FOREIGN);
    assertThat(lane(1).match(1, fresh)).isEqualTo(LaneMatch.OWN);
    assertThat(lane(1).match(1, late)).isEqualTo(LaneMatch.FOREIGN);
  }

  @Test
  void keepsALateLaneUntilWhatReplacesItsRefusedFramesIsDurable() {
    openWithALateLane(new SimDisk());
    rig.offer("fresh");
    SpoolLane late = lane(0);
    refuseBoth(late, false);
    late.settled(settlement(2));
    assertThat(rig.spool.stats().lanes()).isEqualTo(2);

    rig.spool.step();

    assertThat(rig.spool.stats().lanes()).isEqualTo(1);
    assertThat(rig.spool.positions()).as("its marks went along").isEmpty();
    assertThat(rig.lost(LossReason.REFUSED).messages()).isEqualTo(1);
    rig.deliverAll();
    assertThat(rig.coreOf(0)).isEmpty();
    assertThat(rig.bodies()).containsExactly("fresh", "a", "b", "c", "d");
  }

  /// The same sequences are refused on both lanes: neither may be taken for the other.
  @Test
  void neitherDoublesNorLosesWhatIsRefusedOnTwoLanesAroundACrash() {
    RandomGenerator random = Seeds.random("SpoolLaneTest.lanes");
    int crashes = 0;
    for (int write = 1; write <= 20; write++) {
      openWithALateLane(new SimDisk());
      rig.offer("e", "f");
      rig.offer("single");
      disk.failMutation(disk.mutations() + write, Fault.CRASH);
      refuseBoth(lane(0), true);
      refuseBoth(lane(1), true);
      crashes += disk.hasCrashed() ? 1 : 0;

      disk.crash();
      disk = disk.afterCrash(random);
      rig = new SpoolRig(rig.config.withBackfill(BackfillPolicy.IN_ORDER), disk);
      refuseBoth(lane(0), true); // Told again: nothing was settled.
      refuseBoth(lane(1), true);
      rig.settle(lane(0), 2);
      rig.settle(lane(1), 2);
      rig.secondPasses();
      rig.restart();
      rig.deliverAll();

      assertThat(rig.bodies())
          .as("crash at write %d", write)
          .containsExactlyInAnyOrder("a", "b", "c", "d", "e", "f");
      assertThat(rig.lost(LossReason.REFUSED).messages()).isEqualTo(2);
    }
    assertThat(crashes).isPositive();
  }

  private void refuseBoth(SpoolLane lane, boolean hasStep) {
    try {
      lane.refused(1, ErrorCode.TOO_LARGE, "too large");
      lane.refused(2, ErrorCode.MALFORMED, "malformed");
      if (hasStep) {
        rig.spool.step();
      }
    } catch (RuntimeException e) {
      if (!disk.hasCrashed()) {
        throw e;
      }
    }
  }

  private void refuseBoth() {
    refuseBoth(rig.spool.lanes().live(), true);
  }
}
