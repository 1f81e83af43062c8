package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.Seeds;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BackfillTest {
  private static final long MIB = 1 << 20;

  @Test
  void thePresentGoesFirst() {
    assertThat(new BackfillShare(20).isBackfillTurn()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 50, 90})
  void thePastGetsItsShareOfTheBytesWhileBothWait(int percent) {
    RandomGenerator random = Seeds.random("thePastGetsItsShare", Seeds.seed());
    BackfillShare share = new BackfillShare(percent);
    long fresh = 0;
    long past = 0;
    long largest = 1 << 18;
    for (int i = 0; i < 10_000; i++) {
      long bytes = 1 + random.nextLong(largest);
      if (share.isBackfillTurn()) {
        share.onBackfillSent(bytes);
        past += bytes;
      } else {
        share.onFreshSent(bytes);
        fresh += bytes;
      }
    }
    assertThat((double) past)
        .isCloseTo((past + fresh) * percent / 100.0, Offset.offset((double) largest));
  }

  @Test
  void savesNothingUpWhileOnlyOneWaits() {
    BackfillShare share = new BackfillShare(50);
    share.onFreshSent(100 * MIB);
    share.onUncontended();
    assertThat(share.isBackfillTurn()).isFalse();

    share.onBackfillSent(100 * MIB);
    share.onUncontended();
    share.onFreshSent(1);
    assertThat(share.isBackfillTurn()).isTrue();
  }

  @Test
  void refusesAShareThatIsNone() {
    for (int percent : new int[] {-1, 0, 91, 100}) {
      assertThatThrownBy(() -> new BackfillShare(percent))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aSlowPathHasHalfASecondOfThePastInFlight() {
    BackfillLimit limit = new BackfillLimit(20);
    limit.onAck(20_000_000);

    assertThat(limit.bytes(8 * MIB, 5_000_000)).isEqualTo(2_500_000);
  }

  @Test
  void aPathWithLongDelayHasTwoAckTimesButNoMoreThanASecond() {
    BackfillLimit limit = new BackfillLimit(20);
    limit.onAck(400_000_000);
    limit.onAck(900_000_000);
    assertThat(limit.bytes(32 * MIB, 10_000_000)).isEqualTo(8_000_000);

    limit.onSession();
    limit.onAck(800_000_000);
    assertThat(limit.bytes(32 * MIB, 10_000_000)).isEqualTo(10_000_000);
  }

  @Test
  void aPathThatTakesLongerThanThatIsKeptBusyAllTheSame() {
    BackfillLimit limit = new BackfillLimit(20);
    limit.onAck(2_000_000_000L);

    assertThat(limit.bytes(64 * MIB, 10_000_000)).isEqualTo(25_000_000);
  }

  @Test
  void thePastAlwaysHasItsShareOfTheWindowAndNeverMoreThanTheWindow() {
    BackfillLimit limit = new BackfillLimit(20);
    assertThat(limit.bytes(100 * MIB, 0)).isEqualTo(20 * MIB);
    assertThat(limit.bytes(MIB, 1_000_000_000)).isEqualTo(MIB);
  }

  @Test
  void oneFrameIsAlwaysAllowed() {
    BackfillLimit limit = new BackfillLimit(20);
    assertThat(limit.admits(0, 16 * MIB, MIB, 0)).isTrue();
    assertThat(limit.admits(1, MIB, MIB, 0)).isFalse();
    assertThat(limit.admits(1, 100, MIB, 0)).isTrue();
  }

  /// The limit bounds the rate and the rate sets the limit: whatever the path, they end where the
  /// path is full and no more than a second is queued.
  @Test
  void fillsThePathWithoutQueueingForLong() {
    for (double delaySeconds : new double[] {0.005, 0.02, 0.1, 0.45}) {
      double capacity = 5e6;
      long window = 6 * MIB;
      BackfillLimit limit = new BackfillLimit(1);
      double rate = 50_000;
      double queueSeconds = 0;
      for (int second = 0; second < 30; second++) {
        limit.onAck((long) ((delaySeconds + queueSeconds) * 1e9));
        double inFlight = limit.bytes(window, (long) rate);
        rate = Math.min(capacity, inFlight / delaySeconds);
        queueSeconds = Math.max(0, inFlight / capacity - delaySeconds);
      }
      assertThat(rate).isEqualTo(capacity);
      assertThat(queueSeconds + delaySeconds).isLessThanOrEqualTo(1.0);
    }
  }
}
