package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.Liveness.Verdict;
import org.junit.jupiter.api.Test;

final class LivenessTest {
  private static final long BEAT = Liveness.HEARTBEAT_NANOS;

  private final FlowCounters counters = new FlowCounters();
  private final Liveness liveness = new Liveness(BEAT, 0, counters.liveness(), counters.progress());

  @Test
  void hasTheCellsOfTheSpecification() {
    ExpectedTable.parse(
            """
            RECEIVED
              HEARD, DEAD: IGNORE
              SILENT, MISSED_ONE, MISSED_TWO: NOTE_LIFE > HEARD
            BEAT
              HEARD: SEND_HEARTBEAT > SILENT
              SILENT: SEND_HEARTBEAT > MISSED_ONE
              MISSED_ONE: SEND_HEARTBEAT > MISSED_TWO
              MISSED_TWO: DECLARE_DEAD > DEAD
              DEAD: IGNORE
            """)
        .assertSame(LivenessMachine.TABLE);
    ExpectedTable.parse(
            """
            MOVED
              MOVING, STALLED: IGNORE
              SUSPECT: CLEAR > MOVING
            NOTHING_DUE
              MOVING, STALLED: IGNORE
              SUSPECT: CLEAR > MOVING
            STUCK
              MOVING: SUSPECT > SUSPECT
              SUSPECT: DECLARE_STALLED > STALLED
              STALLED: IGNORE
            """)
        .assertSame(ProgressMachine.TABLE);
  }

  @Test
  void findsThePeerDeadAfterThreeSilentIntervals() {
    assertThat(liveness.onBeat()).isFalse();
    assertThat(liveness.onBeat()).isFalse();
    assertThat(liveness.onBeat()).isFalse();
    assertThat(liveness.isDead()).isFalse();
    assertThat(liveness.onBeat()).isTrue();
    assertThat(liveness.isDead()).isTrue();
    assertThat(liveness.onBeat()).isFalse();
  }

  @Test
  void takesAnyByteForLife() {
    for (int beat = 0; beat < 100; beat++) {
      assertThat(liveness.onBeat()).isFalse();
      if (beat % 3 == 2) {
        liveness.onReceived();
      }
    }
    assertThat(liveness.isDead()).isFalse();
  }

  @Test
  void findsAStallOnTheSecondHeartbeatWithoutProgress() {
    assertThat(liveness.onPeerHeartbeat(BEAT, 100, 50)).isEqualTo(Verdict.MOVING);
    assertThat(liveness.onPeerHeartbeat(2 * BEAT, 200, 50)).isEqualTo(Verdict.SUSPECT);
    assertThat(liveness.onPeerHeartbeat(3 * BEAT, 300, 50)).isEqualTo(Verdict.STALLED);
    assertThat(liveness.isDead()).isFalse();
  }

  @Test
  void suspectsNobodyWhileNothingIsUnderWay() {
    for (int beat = 1; beat < 10; beat++) {
      assertThat(liveness.onPeerHeartbeat(beat * BEAT, 500, 500)).isEqualTo(Verdict.MOVING);
    }
  }

  @Test
  void clearsASuspicionWhenSomethingArrived() {
    liveness.onPeerHeartbeat(BEAT, 100, 0);

    assertThat(liveness.onPeerHeartbeat(2 * BEAT, 200, 1)).isEqualTo(Verdict.MOVING);
    assertThat(liveness.onPeerHeartbeat(3 * BEAT, 200, 1)).isEqualTo(Verdict.SUSPECT);
    assertThat(liveness.onPeerHeartbeat(4 * BEAT, 200, 200)).isEqualTo(Verdict.MOVING);
  }

  @Test
  void countsHeartbeatsThatArriveTogetherOnce() {
    for (int beat = 0; beat < 5; beat++) {
      assertThat(liveness.onPeerHeartbeat(BEAT + beat, 100, 0)).isEqualTo(Verdict.SUSPECT);
    }
    assertThat(liveness.onPeerHeartbeat(2 * BEAT, 100, 0)).isEqualTo(Verdict.STALLED);
  }

  @Test
  void refusesACountThatFellOrIsBeyondWhatWasSent() {
    liveness.onPeerHeartbeat(BEAT, 100, 50);

    assertThat(liveness.onPeerHeartbeat(2 * BEAT, 100, 49)).isEqualTo(Verdict.IMPOSSIBLE);
    assertThat(liveness.onPeerHeartbeat(2 * BEAT, 100, 101)).isEqualTo(Verdict.IMPOSSIBLE);
    assertThat(liveness.onPeerHeartbeat(2 * BEAT, 100, -1)).isEqualTo(Verdict.IMPOSSIBLE);
  }
}
