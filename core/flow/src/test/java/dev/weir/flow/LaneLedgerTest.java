package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weir.flow.LaneLedger.Answer;
import dev.weir.flow.LaneLedger.Resumption;
import dev.weir.testkit.Seeds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class LaneLedgerTest {
  private final LaneLedger ledger = new LaneLedger(7, 1);

  @Test
  void numbersFramesWithoutGaps() {
    assertThat(ledger.lane()).isEqualTo(7);
    assertThat(ledger.nextSequence()).isEqualTo(1);
    assertThat(ledger.onSent(10, 100)).isEqualTo(1);
    assertThat(ledger.onSent(20, 200)).isEqualTo(2);
    assertThat(ledger.inFlightCount()).isEqualTo(2);
    assertThat(ledger.inFlightBytes()).isEqualTo(30);
    assertThat(ledger.oldestSentNanos()).isEqualTo(100);
  }

  @Test
  void settlesEverythingUpToAnAck() {
    sendThree();

    assertThat(ledger.onAck(2)).isEqualTo(Answer.PROGRESS);

    assertThat(ledger.settledBytes()).isEqualTo(30);
    assertThat(ledger.settledSentNanos()).isEqualTo(200);
    assertThat(ledger.firstUnacked()).isEqualTo(3);
    assertThat(ledger.oldestSentNanos()).isEqualTo(300);
  }

  @Test
  void ignoresAStaleAck() {
    sendThree();
    ledger.onAck(2);

    assertThat(ledger.onAck(2)).isEqualTo(Answer.STALE);
    assertThat(ledger.onAck(0)).isEqualTo(Answer.STALE);
    assertThat(ledger.acked()).isEqualTo(2);
  }

  @Test
  void refusesAnAckOfWhatWasNeverSent() {
    sendThree();

    assertThat(ledger.onAck(4)).isEqualTo(Answer.IMPOSSIBLE);
    assertThat(ledger.onAck(Long.MAX_VALUE)).isEqualTo(Answer.IMPOSSIBLE);
    assertThat(ledger.onAck(-1)).isEqualTo(Answer.IMPOSSIBLE);
    assertThat(ledger.acked()).isZero();
    assertThat(ledger.inFlightBytes()).isEqualTo(60);
  }

  @Test
  void takesBackEverythingFromANackOn() {
    sendThree();
    ledger.onAck(1);

    assertThat(ledger.onNack(2)).isEqualTo(Answer.PROGRESS);

    assertThat(ledger.takenBackBytes()).isEqualTo(50);
    assertThat(ledger.nextSequence()).isEqualTo(2);
    assertThat(ledger.inFlightCount()).isZero();
    assertThat(ledger.onNack(2)).isEqualTo(Answer.STALE);
    assertThat(ledger.onNack(3)).isEqualTo(Answer.STALE);
    assertThat(ledger.onAck(2)).isEqualTo(Answer.IMPOSSIBLE);
  }

  @Test
  void refusesANackOfWhatIsAckedOrWasNeverSent() {
    sendThree();
    ledger.onAck(1);

    assertThat(ledger.onNack(1)).isEqualTo(Answer.IMPOSSIBLE);
    assertThat(ledger.onNack(4)).isEqualTo(Answer.IMPOSSIBLE);
    assertThat(ledger.onNack(0)).isEqualTo(Answer.IMPOSSIBLE);
    assertThat(ledger.inFlightCount()).isEqualTo(2);
  }

  @Test
  void trimsToWhatTheServerHolds() {
    sendThree();
    ledger.onAck(1);

    assertThat(ledger.resume(2, 4)).isEqualTo(Resumption.RESUMED);

    assertThat(ledger.acked()).isEqualTo(2);
    assertThat(ledger.nextSequence()).isEqualTo(3);
    assertThat(ledger.inFlightBytes()).isZero();
  }

  @Test
  void tellsThatTheServerLostWhatItAcked() {
    sendThree();
    ledger.onAck(3);

    assertThat(ledger.resume(1, 4)).isEqualTo(Resumption.REGRESSED);
    assertThat(ledger.nextSequence()).isEqualTo(2);
  }

  @Test
  void doesNotResumeWhenTheServerIsAheadOfTheSpool() {
    sendThree();

    assertThat(ledger.resume(4, 4)).isEqualTo(Resumption.AHEAD);
    assertThat(ledger.resume(-1, 4)).isEqualTo(Resumption.AHEAD);
    assertThat(ledger.inFlightCount()).isEqualTo(3);
  }

  @Test
  void treatsWhatIsInFlightAsUnsentAfterALoss() {
    sendThree();
    ledger.onAck(1);

    ledger.forgetInFlight();

    assertThat(ledger.nextSequence()).isEqualTo(2);
    assertThat(ledger.inFlightBytes()).isZero();
  }

  @Test
  void boundsTheFramesInFlight() {
    for (int frame = 0; frame < LaneLedger.MAX_FRAMES; frame++) {
      assertThat(ledger.hasRoom()).isTrue();
      ledger.onSent(1, frame);
    }

    assertThat(ledger.hasRoom()).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> ledger.onSent(1, 0));
    assertThat(ledger.oldestSentNanos()).isZero();
    ledger.onAck(LaneLedger.MAX_FRAMES);
    assertThat(ledger.settledBytes()).isEqualTo(LaneLedger.MAX_FRAMES);
  }

  @Test
  void hasNoOldestFrameWhenNothingIsInFlight() {
    assertThatIllegalStateException().isThrownBy(ledger::oldestSentNanos);
  }

  /// Every answer of the ledger against a plain list of what is in flight.
  @Test
  void agreesWithAPlainListOnRandomWalks() {
    RandomGenerator random = Seeds.random("LaneLedgerTest");
    Deque<long[]> inFlight = new ArrayDeque<>();
    long acked = 0;
    long next = 1;
    for (int step = 0; step < 100_000; step++) {
      switch (random.nextInt(8)) {
        case 0 -> {
          long upTo = acked + random.nextLong(inFlight.size() + 1L);
          long bytes = 0;
          while (acked < upTo) {
            bytes += inFlight.removeFirst()[1];
            acked++;
          }
          Answer answer = ledger.onAck(upTo);
          assertThat(answer).isEqualTo(bytes == 0 ? Answer.STALE : Answer.PROGRESS);
          assertThat(bytes == 0 ? 0 : ledger.settledBytes()).isEqualTo(bytes);
        }
        case 1 -> {
          if (random.nextInt(4) == 0 && !inFlight.isEmpty()) {
            next = acked + 1 + random.nextInt(inFlight.size());
            assertThat(ledger.onNack(next)).isEqualTo(Answer.PROGRESS);
            assertThat(ledger.takenBackBytes()).isEqualTo(takeBack(inFlight, next));
          }
        }
        case 2 -> assertThat(ledger.onAck(next + random.nextInt(9))).isEqualTo(Answer.IMPOSSIBLE);
        default -> {
          long bytes = 1L + random.nextInt(100);
          inFlight.addLast(new long[] {next, bytes});
          assertThat(ledger.onSent(bytes, step)).isEqualTo(next);
          next++;
        }
      }
      assertThat(ledger.acked()).isEqualTo(acked).isLessThan(ledger.nextSequence());
      assertThat(ledger.nextSequence()).isEqualTo(next);
      assertThat(ledger.inFlightCount()).isEqualTo(inFlight.size());
    }
    assertThat(ledger.inFlightBytes()).isEqualTo(takeBack(inFlight, 0));
  }

  private static long takeBack(Deque<long[]> inFlight, long from) {
    List<long[]> taken = new ArrayList<>(inFlight);
    taken.removeIf(frame -> frame[0] < from);
    inFlight.removeIf(frame -> frame[0] >= from);
    return taken.stream().mapToLong(frame -> frame[1]).sum();
  }

  private void sendThree() {
    ledger.onSent(10, 100);
    ledger.onSent(20, 200);
    ledger.onSent(30, 300);
  }

  @Test
  void judgesARefusalWithoutTakingAnythingBack() {
    LaneLedger ledger = new LaneLedger(0, 5);
    ledger.onSent(10, 0);
    ledger.onSent(10, 0);
    ledger.onSent(10, 0);
    ledger.onAck(5);
    ledger.onNack(7);

    assertThat(ledger.onRefused(5)).isEqualTo(LaneLedger.Answer.IMPOSSIBLE);
    assertThat(ledger.onRefused(6)).isEqualTo(LaneLedger.Answer.PROGRESS);
    assertThat(ledger.onRefused(7)).isEqualTo(LaneLedger.Answer.STALE);
    assertThat(ledger.onRefused(8)).isEqualTo(LaneLedger.Answer.IMPOSSIBLE);
    assertThat(ledger.inFlightCount()).isEqualTo(1);
  }
}
