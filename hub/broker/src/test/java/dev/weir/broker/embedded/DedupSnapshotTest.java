package dev.weir.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.BatchSource;
import dev.weir.message.RefusedFrame;
import dev.weir.message.StoredLane;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DedupSnapshotTest {
  private static final long WINDOW_MICROS = 1_000_000;

  private final IdHash.Hasher hasher = new IdHash.Hasher();
  private final LaneTable lanes = new LaneTable(100, WINDOW_MICROS);
  private final IdWindow ids = new IdWindow(1_000, WINDOW_MICROS);

  private static BatchSource source(int number) {
    return new BatchSource("edge-ü-" + number, 1_000 + number);
  }

  private IdHash id(int number) {
    return hasher.hash(Bytes.utf8("id-" + number));
  }

  private void fill() {
    for (int i = 0; i < 10; i++) {
      LaneKey key = new LaneKey(source(i), i);
      lanes.replay(key, i % 2, 100 + i, 7_000 + i, 50 + i);
      if (i == 3) {
        lanes.replay(key, new RefusedFrame(101, ErrorCode.TOO_LARGE));
        lanes.replay(key, new RefusedFrame(102, ErrorCode.MALFORMED));
      }
    }
    for (int i = 0; i < 100; i++) {
      ids.add(id(i), i % 2, 1_000_000 - 3 * i, 70 + i);
    }
  }

  @Test
  void bringsBackThePartitionsOwnPart() {
    fill();

    Bytes snapshot = DedupSnapshot.encode(lanes, ids, 1, 1 << 20);
    LaneTable lanesAgain = new LaneTable(100, WINDOW_MICROS);
    IdWindow idsAgain = new IdWindow(1_000, WINDOW_MICROS);
    DedupSnapshot.decode(snapshot, 1, lanesAgain, idsAgain);

    assertThat(lanesAgain.size()).isEqualTo(5);
    assertThat(lanesAgain.resume(source(3), 3, 1))
        .isEqualTo(
            new StoredLane(
                103,
                7_003,
                List.of(
                    new RefusedFrame(101, ErrorCode.TOO_LARGE),
                    new RefusedFrame(102, ErrorCode.MALFORMED))));
    assertThat(lanesAgain.durable(source(2), 2)).isZero();
    assertThat(idsAgain.size()).isEqualTo(50);
    long position = idsAgain.find(id(99), 200);
    assertThat(idsAgain.offset(position)).isEqualTo(1_000_000 - 3 * 99);
    assertThat(idsAgain.timeMicros(position)).isEqualTo(169);
    assertThat(idsAgain.partition(position)).isEqualTo(1);
  }

  @Test
  void ofNothingIsSmall() {
    Bytes snapshot = DedupSnapshot.encode(lanes, ids, 0, 1 << 20);

    assertThat(snapshot.length()).isEqualTo(25);
    DedupSnapshot.decode(snapshot, 0, lanes, ids);
    assertThat(lanes.size()).isZero();
  }

  @Test
  void readsVersionOne() {
    byte[] agent = "edge".getBytes(StandardCharsets.UTF_8);
    ByteBuffer old = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    old.put((byte) 1).putInt(1);
    old.put((byte) agent.length).put(agent).putLong(9).putInt(2).putLong(55).putLong(60);
    old.putInt(0).putLong(0).putLong(0);

    DedupSnapshot.decode(Bytes.wrap(old.array(), 0, old.position()), 0, lanes, ids);

    assertThat(lanes.resume(new BatchSource("edge", 9), 2, 1))
        .isEqualTo(new StoredLane(55, 0, List.of()));
  }

  @Test
  void leavesOutTheOldestIdsWhenItWouldBeTooLarge() {
    fill();

    Bytes snapshot = DedupSnapshot.encode(lanes, ids, 0, 800);
    LaneTable lanesAgain = new LaneTable(100, WINDOW_MICROS);
    IdWindow idsAgain = new IdWindow(1_000, WINDOW_MICROS);
    DedupSnapshot.decode(snapshot, 0, lanesAgain, idsAgain);

    assertThat(snapshot.length()).isLessThanOrEqualTo(800);
    assertThat(lanesAgain.size()).isEqualTo(5);
    assertThat(idsAgain.size()).isBetween(5, 49);
    assertThat(idsAgain.find(id(98), 200)).isNotNegative();
    assertThat(idsAgain.find(id(0), 200)).isNegative();
  }

  @Test
  void leavesOutTheLongestUnusedLanesLast() {
    fill();

    Bytes snapshot = DedupSnapshot.encode(lanes, ids, 0, 120);
    LaneTable lanesAgain = new LaneTable(100, WINDOW_MICROS);
    DedupSnapshot.decode(snapshot, 0, lanesAgain, new IdWindow(1_000, WINDOW_MICROS));

    assertThat(lanesAgain.size()).isEqualTo(2);
    assertThat(lanesAgain.durable(source(8), 8)).isEqualTo(108);
  }

  @Test
  void refusesWhatIsCutShort() {
    fill();
    Bytes snapshot = DedupSnapshot.encode(lanes, ids, 0, 1 << 20);

    for (int length = 0; length < snapshot.length(); length++) {
      Bytes cut = snapshot.slice(0, length);
      assertThatThrownBy(() ->
              DedupSnapshot.decode(
                  cut, 0, new LaneTable(100, 1), new IdWindow(1_000, WINDOW_MICROS)))
          .as("cut at %d", length)
          .isInstanceOf(WeirException.class);
    }
  }
}
