package dev.weir.edge.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.base.disk.DiskFile;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SpoolTest {
  private final Path directory = Path.of("/edge");
  private SimDisk disk = new SimDisk();
  private SpoolRig rig = new SpoolRig(SpoolRig.config(directory), disk);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void givesDurableFramesInOrderAndLetsAckedOnesGo() {
    assertThat(rig.offer("one", "two")).isTrue();
    assertThat(rig.offer("three")).isTrue();

    assertThat(rig.durable).hasSize(2);
    assertThat(rig.spool.stats().unackedMessages()).isEqualTo(3);
    rig.deliverAll();

    assertThat(rig.bodies()).containsExactly("one", "two", "three");
    assertThat(rig.core.keySet()).containsExactly(1L, 2L);
    assertThat(rig.spool.stats().unackedMessages()).isZero();
    assertThat(rig.spool.stats().unackedBytes()).isZero();
  }

  @Test
  void showsTheLinkNothingThatIsNotDurable() {
    assertThat(rig.offer(false, Map.of(), "one")).isTrue();

    assertThat(rig.spool.lanes().live().peek(1)).isNull();
    assertThat(rig.spool.isIdle()).isFalse();
    rig.spool.step();

    assertThat(rig.spool.lanes().live().peek(1)).isNotNull();
    assertThat(rig.spool.isIdle()).isTrue();
  }

  @Test
  void readsUnackedFramesAgainAsOftenAsAsked() {
    for (int i = 0; i < 20; i++) {
      rig.offer("m" + i);
    }
    rig.deliver(20);
    rig.settle(5);
    rig.core.clear();

    rig.deliver(20);
    rig.deliver(12);

    assertThat(rig.core.firstKey()).isEqualTo(6);
    assertThat(rig.bodies()).hasSize(15).startsWith("m5").endsWith("m19");
  }

  @Test
  void sendsOnlyUnackedFramesAfterARestart() {
    rig.offer("one");
    rig.offer("two");
    rig.deliver(2);
    rig.settle(1);
    rig.secondPasses();

    rig.restart();

    assertThat(rig.spool.lanes().live().firstUnacked()).isEqualTo(2);
    rig.core.clear();
    rig.deliverAll();
    assertThat(rig.bodies()).containsExactly("two");
    assertThat(rig.offer("three")).isTrue();
    rig.deliverAll();
    assertThat(rig.core.keySet()).containsExactly(2L, 3L);
  }

  @Test
  void takesTheCoresWordAtAResumeForFramesItNeverRead() {
    for (int i = 0; i < 10; i++) {
      rig.offer("m" + i);
    }
    rig.settle(7);
    assertThat(rig.spool.lanes().live().firstUnacked()).isEqualTo(8);

    rig.deliverAll();

    assertThat(rig.core.firstKey()).isEqualTo(8);
    assertThat(rig.spool.stats().unackedBytes()).isZero();
  }

  @Test
  void keepsItsIdentityAndRefusesAnotherAgent() {
    var source = rig.spool.source();
    rig.restart();
    assertThat(rig.spool.source()).isEqualTo(source);
    rig.spool.close();

    assertThatThrownBy(
            () -> Spool.openStepped(rig.config, "other", disk, rig.clock, new SplittableRandom(1)))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContaining("site-7");
  }

  @Test
  void findsItsIdentityInTheLogWhenTheFileIsLost() throws IOException {
    rig.offer("one");
    var source = rig.spool.source();
    rig.spool.close();
    overwrite("identity", "weir-spool 1 torn");

    rig.reopen();

    assertThat(rig.spool.source()).isEqualTo(source);
  }

  @Test
  void sendsEverythingAgainWhenTheCursorIsLost() throws IOException {
    rig.offer("one");
    rig.offer("two");
    rig.deliverAll();
    rig.spool.close();
    overwrite("acked.cursor", "garbage");

    rig.reopen();
    rig.core.clear();
    rig.deliverAll();

    assertThat(rig.bodies()).containsExactly("one", "two");
  }

  @Test
  void restoresPositionsFromFramesAndFromSnapshotsWhenAllFramesAreGone() {
    rig.offer(false, Map.of("file/a", Bytes.utf8("17"), "file/b", Bytes.utf8("1")), "x");
    rig.spool.step();
    rig.offerPositions(Map.of("file/b", Bytes.EMPTY, "file/c", Bytes.utf8("5")));
    rig.restart();
    assertThat(rig.spool.positions())
        .containsOnly(Map.entry("file/a", Bytes.utf8("17")), Map.entry("file/c", Bytes.utf8("5")));

    String big = "y".repeat(10_000);
    for (int i = 0; i < 40; i++) {
      rig.offer(big);
      rig.deliverAll();
      rig.secondPasses();
    }
    assertThat(rig.spool.stats().log().firstOffset()).isGreaterThan(1);
    rig.restart();

    assertThat(rig.spool.positions())
        .containsOnly(Map.entry("file/a", Bytes.utf8("17")), Map.entry("file/c", Bytes.utf8("5")));
  }

  @Test
  void blocksWhenFullAndRefusesWhoeverWaits() {
    reconfigure(rig.config.withMaxBytes(ByteSize.ofKibibytes(64)));
    int taken = fill();

    assertThat(rig.offer(true, Map.of(), "waiting")).isTrue();
    assertThat(rig.failures).hasSize(1);
    assertThat(rig.failures.getFirst().code()).isEqualTo(ErrorCode.SPOOL_FULL);
    assertThat(rig.spool.refusal()).isPresent();

    rig.deliverAll();
    assertThat(rig.offer("again")).isTrue();
    rig.deliverAll();
    assertThat(rig.bodies()).hasSize(taken + 1);
    assertThat(rig.toldLost()).isZero();
  }

  @Test
  void dropsTheOldestAndTellsExactlyWhat() {
    reconfigure(
        rig.config
            .withMaxBytes(ByteSize.ofKibibytes(256))
            .withOverflow(OverflowPolicy.DROP_OLDEST));
    int written = 300;
    for (int i = 0; i < written; i++) {
      offerUntilTaken("m" + i + "-" + "x".repeat(3000), "second of " + i);
    }
    LossTotal lost = rig.lost(LossReason.DROP_OLDEST);
    assertThat(lost.messages()).isPositive();
    assertThat(rig.spool.stats().unackedMessages()).isEqualTo(2L * written - lost.messages());
    assertThat(rig.spool.stats().log().bytes()).isLessThan(600 << 10);

    rig.restart();
    rig.deliverAll();

    assertThat(rig.lost(LossReason.DROP_OLDEST)).isEqualTo(lost);
    assertThat(rig.bodies()).hasSize((int) (2L * written - lost.messages()));
    assertThat(rig.toldLost()).isEqualTo(lost.messages());
    assertThat(rig.core.keySet()).hasSize(written);
    assertThat(rig.core.lastKey()).isEqualTo(written);
  }

  @Test
  void countsAFrameThatArrivedBeforeItWasDroppedAsArrived() {
    reconfigure(
        rig.config
            .withMaxBytes(ByteSize.ofKibibytes(256))
            .withOverflow(OverflowPolicy.DROP_OLDEST));
    for (int i = 0; i < 20; i++) {
      offerUntilTaken("m" + i + "-" + "x".repeat(3000));
    }
    rig.deliver(7);
    for (int i = 20; i < 300; i++) {
      offerUntilTaken("m" + i + "-" + "x".repeat(3000));
    }
    rig.deliverAll();

    assertThat(rig.lost(LossReason.DROP_OLDEST).messages()).isEqualTo(rig.toldLost() + 7);
    assertThat(rig.bodies().size() + rig.toldLost()).isEqualTo(300);
    assertThat(rig.core.keySet()).hasSize(300);
  }

  @Test
  void dropsTheNewestAndTellsExactlyWhat() {
    reconfigure(
        rig.config.withMaxBytes(ByteSize.ofKibibytes(64)).withOverflow(OverflowPolicy.DROP_NEWEST));
    int written = 0;
    for (; written < 60; written++) {
      Map<String, Bytes> positions = Map.of("file/a", Bytes.utf8("" + written));
      assertThat(rig.offer(false, positions, "m" + written + "x".repeat(3000))).isTrue();
      rig.spool.step();
    }
    long lost = rig.lost(LossReason.DROP_NEWEST).messages();
    assertThat(lost).isPositive();
    assertThat(rig.durable).hasSize((int) (60 - lost));

    rig.deliverAll();
    assertThat(rig.offer("after")).isTrue();
    rig.deliverAll();

    assertThat(rig.toldLost()).isEqualTo(lost);
    assertThat(rig.bodies()).hasSize((int) (60 - lost) + 1).endsWith("after");
    assertThat(rig.spool.positions()).containsEntry("file/a", Bytes.utf8("59"));
    rig.restart();
    assertThat(rig.lost(LossReason.DROP_NEWEST).messages()).isEqualTo(lost);
    assertThat(rig.spool.positions()).containsEntry("file/a", Bytes.utf8("59"));
  }

  @Test
  void tellsOfTheNewestInTimeWhileItStaysFull() {
    reconfigure(
        rig.config.withMaxBytes(ByteSize.ofKibibytes(64)).withOverflow(OverflowPolicy.DROP_NEWEST));
    for (int i = 0; i < 40; i++) {
      rig.offer("x".repeat(3000));
    }
    long frames = rig.spool.stats().nextSequence();

    rig.clock.advance(Duration.ofSeconds(10));
    rig.spool.step();

    assertThat(rig.spool.stats().nextSequence()).isEqualTo(frames + 1);
    long lost = rig.lost(LossReason.DROP_NEWEST).messages();
    rig.restart();
    assertThat(rig.lost(LossReason.DROP_NEWEST).messages()).isEqualTo(lost);
  }

  @Test
  void keepsLossReportsWhenItDropsTheOldest() {
    reconfigure(
        rig.config.withMaxBytes(ByteSize.ofKibibytes(64)).withOverflow(OverflowPolicy.DROP_NEWEST));
    for (int i = 0; i < 40; i++) {
      rig.offer("x".repeat(3000));
    }
    long newest = rig.lost(LossReason.DROP_NEWEST).messages();
    reconfigure(rig.config.withOverflow(OverflowPolicy.DROP_OLDEST));
    for (int i = 0; i < 200; i++) {
      offerUntilTaken("y".repeat(3000));
    }
    rig.deliverAll();

    long oldest = rig.lost(LossReason.DROP_OLDEST).messages();
    assertThat(rig.toldLost()).isEqualTo(newest + oldest);
    assertThat(rig.bodies().size() + rig.toldLost()).isEqualTo(240);
  }

  @Test
  void dropsWhatIsTooOld() {
    reconfigure(rig.config.withMaxAge(Duration.ofHours(1)));
    rig.offer("old one");
    rig.offer("old two");
    rig.clock.advance(Duration.ofMinutes(50));
    rig.offer("young");
    rig.clock.advance(Duration.ofMinutes(20));
    rig.spool.step();

    assertThat(rig.lost(LossReason.TOO_OLD).messages()).isEqualTo(2);
    rig.deliverAll();
    assertThat(rig.bodies()).containsExactly("young");
    assertThat(rig.toldLost()).isEqualTo(2);
  }

  @Test
  void triesTheMessagesOfARefusedFrameOneByOne() {
    rig.offer("good", "bad");
    rig.spool.lanes().live().refused(1, ErrorCode.TOO_LARGE, "too large");
    rig.spool.lanes().live().refused(1, ErrorCode.TOO_LARGE, "told again");
    rig.spool.step();
    rig.settle(1);
    rig.deliver(2);
    rig.spool.lanes().live().refused(3, ErrorCode.TOO_LARGE, "too large");
    rig.spool.step();

    assertThat(rig.bodies()).containsExactly("good");
    assertThat(rig.lost(LossReason.REFUSED).messages()).isEqualTo(1);
    assertThat(disk.files()).anyMatch(file -> file.toString().contains("refused/"));
    rig.restart();
    assertThat(rig.lost(LossReason.REFUSED).messages()).isEqualTo(1);
  }

  @Test
  void handsOutNoMoreThanItsLimitWithoutAnAck() {
    reconfigure(rig.config.withMaxUnsettled(3));
    for (int i = 0; i < 5; i++) {
      rig.offer("m" + i);
    }

    rig.deliver(5);
    assertThat(rig.core.keySet()).containsExactly(1L, 2L, 3L);
    rig.settle(2);
    rig.deliver(5);
    assertThat(rig.core.keySet()).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void countsAsFullBelowTheFreeDiskFloor() {
    reconfigure(rig.config.withFreeDiskFloor(new ByteSize(Long.MAX_VALUE)));
    rig.secondPasses();

    assertThat(rig.offer("x")).isFalse();
    assertThat(rig.spool.refusal().orElseThrow().code()).isEqualTo(ErrorCode.DISK_FULL);
  }

  @Test
  void opensAfterACloseThatNeverCame() {
    rig.offer("one");
    rig.deliverAll();
    rig.offer("two");

    disk.crash();
    disk = disk.afterCrash(new SplittableRandom(1));
    SpoolRig after = new SpoolRig(SpoolRig.config(directory), disk);
    after.deliverAll();

    assertThat(after.bodies()).contains("two");
    assertThat(after.core.lastKey()).isEqualTo(2);
    rig = after;
  }

  @Test
  void readsPositionsBackAsTheyWere() {
    Map<String, Bytes> positions =
        Map.of("file/ä", Bytes.wrap(new byte[] {0, 1, 2}), "gone", Bytes.EMPTY);

    assertThat(Positions.decode(Positions.encode(positions))).isEqualTo(positions);
    assertThatThrownBy(() -> Positions.decode(Bytes.wrap(new byte[] {9, 0, 1})))
        .isInstanceOf(WeirException.class);
  }

  @Test
  void readsItsStateBackAsItWas() {
    SpoolState state = new SpoolState(99);
    state.data(0, 1, 100, 5, Map.of("k", Bytes.utf8("v")));
    LossRange range = new LossRange(1, 4, 9, 900, 17, 1000, 5, LossReason.DROP_OLDEST);
    state.lost(0, range);
    state.lost(0, range);
    state.roll(3, 17);
    state.data(3, 1, 200, 20, Map.of());
    state.data(0, 2, 200, 30, Map.of());

    SpoolState read = SpoolState.decode(state.encode());

    assertThat(read.encode()).isEqualTo(state.encode());
    assertThat(read.loss(LossReason.DROP_OLDEST)).isEqualTo(new LossTotal(9, 900));
    assertThat(read.lanes()).extracting(LaneState::number).containsExactly(0, 3);
    LaneState old = read.lanes().getFirst();
    assertThat(old.rangeAt(4)).contains(range);
    assertThat(old.rangeAt(5)).isEmpty();
    assertThat(old.end()).isEqualTo(new LogPlace(17, 100));
    assertThat(read.live().start()).isEqualTo(old.end());
    assertThat(read.live().end()).isEqualTo(new LogPlace(20, 300));
    assertThat(read.live().nextSequence()).isEqualTo(2);
    for (int length : List.of(0, 3, 15, 50, 90)) {
      assertThatThrownBy(() -> SpoolState.decode(state.encode().slice(0, length)))
          .isInstanceOf(WeirException.class);
    }
  }

  private void reconfigure(SpoolConfig config) {
    rig.config = config;
    rig.restart();
  }

  private int fill() {
    int taken = 0;
    while (rig.offer("m" + taken + "x".repeat(3000))) {
      taken++;
    }
    return taken;
  }

  private void offerUntilTaken(String... bodies) {
    for (int tries = 0; !rig.offer(bodies); tries++) {
      assertThat(tries).isLessThan(3);
    }
  }

  private void overwrite(String name, String text) throws IOException {
    Path file = rig.config.directory().resolve(name);
    disk.delete(file);
    try (DiskFile raw = disk.create(file)) {
      raw.write(new ByteBuffer[] {Bytes.utf8(text).buffer()}, 0);
    }
  }
}
