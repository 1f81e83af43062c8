package dev.weir.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which lane sends next.
final class SenderLanesTest {
  private static final long MAX_FRAME = 1 << 20;
  private static final long WIDE = 1 << 30;

  private LaneSources.Lanes current = new LaneSources.Lanes(List.of(), List.of());

  private SenderLanes lanes(int percent, List<LaneSource> fresh, List<LaneSource> backfill) {
    current = new LaneSources.Lanes(fresh, backfill);
    return new SenderLanes(() -> current, percent);
  }

  private static MemoryLane lane(int number, int frames) {
    MemoryLane lane = new MemoryLane(number);
    for (int i = 0; i < frames; i++) {
      lane.add("t", "x".repeat(900));
    }
    return lane;
  }

  /// Sends one frame.
  ///
  /// @return the lane that sent it, -1 for none
  private static int send(SenderLanes lanes, long window) {
    @Nullable SenderLane lane = lanes.next(MAX_FRAME, window, 0);
    if (lane == null) {
      return -1;
    }
    LaneFrame frame = lane.next();
    int weight = frame == null ? 0 : SenderLane.weight(frame, MAX_FRAME);
    lane.onSent(weight, 0);
    lanes.onSent(lane, weight);
    return lane.source().lane();
  }

  private static List<Integer> send(SenderLanes lanes, int count) {
    List<Integer> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sent.add(send(lanes, WIDE));
    }
    return sent;
  }

  @Test
  void takesFreshLanesInTurn() {
    SenderLanes lanes = lanes(20, List.of(lane(0, 3), lane(1, 1), lane(2, 3)), List.of());

    assertThat(send(lanes, 8)).containsExactly(0, 1, 2, 0, 2, 0, 2, -1);
  }

  @Test
  void givesThePastItsShareWhileThePresentFillsThePath() {
    SenderLanes lanes = lanes(20, List.of(lane(9, 100)), List.of(lane(3, 100), lane(4, 100)));

    List<Integer> sent = send(lanes, 50);

    assertThat(sent.getFirst()).isEqualTo(9);
    assertThat(sent).doesNotContain(4);
    assertThat(sent.stream().filter(lane -> lane == 3).count()).isEqualTo(10);
  }

  @Test
  void givesThePastWhateverThePresentLeavesAndInOrder() {
    MemoryLane fresh = lane(9, 0);
    SenderLanes lanes = lanes(20, List.of(fresh), List.of(lane(3, 4), lane(4, 2)));

    assertThat(send(lanes, 3)).containsExactly(3, 3, 3);
    fresh.add("t", "now");
    assertThat(send(lanes, 5)).containsExactly(9, 3, 4, 4, -1);
  }

  @Test
  void keepsRoomForThePresentWhenThePastMustWait() {
    MemoryLane fresh = lane(9, 0);
    SenderLanes lanes = lanes(20, List.of(fresh), List.of(lane(3, 100)));
    long window = 20_000;
    int sent = 0;
    while (send(lanes, window) == 3) {
      sent++;
    }
    assertThat(sent).isEqualTo(4);
    assertThat(lanes.isHeld()).isTrue();

    fresh.add("t", "now");
    assertThat(send(lanes, window)).isEqualTo(9);
  }

  @Test
  void knowsALaneThatWentUntilTheNextHello() {
    MemoryLane old = lane(0, 1);
    MemoryLane young = lane(1, 1);
    SenderLanes lanes = lanes(20, List.of(old), List.of());
    send(lanes, 1);
    current = new LaneSources.Lanes(List.of(young), List.of());
    lanes.sync();

    assertThat(send(lanes, 2)).containsExactly(1, -1);
    assertThat(lanes.get(0)).isNotNull();
    assertThat(lanes.begin()).hasSize(1);
    assertThat(lanes.get(0)).isNull();
  }

  @Test
  void refusesTwoSourcesOfOneLane() {
    assertThatThrownBy(() -> lanes(20, List.of(lane(1, 0)), List.of(lane(1, 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lane 1 has two sources");
  }
}
