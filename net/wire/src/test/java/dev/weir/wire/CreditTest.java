package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.Seeds;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CreditTest {
  private static final int WINDOW = 64 << 10;

  @Test
  void readsAShortLimitAsTheNearestAhead() {
    long known = 70L << 30;

    assertThat(CreditCode.limitOf(CreditCode.climit(known + (31 << 20)), known))
        .isEqualTo(known + (31 << 20));
    assertThat(CreditCode.limitOf(CreditCode.climit(known - (1 << 20)), known))
        .isEqualTo(known - (1 << 20));
    assertThat(CreditCode.streamLimitOf((int) ((known + (1L << 30)) >> 8), known))
        .isEqualTo(known + (1L << 30));
  }

  @Test
  void takesOnlyLimitsThatAreAhead() {
    SendCredit credit = new SendCredit(100);

    assertThat(credit.raise(50)).isFalse();
    assertThat(credit.raise(150)).isTrue();
    credit.onSent(150);

    assertThat(credit.room()).isZero();
    assertThatThrownBy(() -> credit.onSent(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void grantsOnceAQuarterOfTheWindowIsOwed() {
    ReceiveCredit credit = new ReceiveCredit(WINDOW, WINDOW);
    assertThat(credit.onReceived(WINDOW)).isTrue();

    credit.onConsumed(WINDOW / 4 - 1);
    assertThat(credit.isGrantDue()).isFalse();
    credit.onConsumed(1);

    assertThat(credit.isGrantDue()).isTrue();
    assertThat(credit.grant()).isEqualTo(WINDOW + WINDOW / 4);
    assertThat(credit.isGrantDue()).isFalse();
  }

  @Test
  void refusesWhatIsBeyondTheLimit() {
    ReceiveCredit credit = new ReceiveCredit(WINDOW, WINDOW);

    assertThat(credit.onReceived(WINDOW)).isTrue();
    assertThat(credit.onReceived(1)).isFalse();
  }

  @Test
  void grantsAnAnnouncedMessageAsAWholeAndNothingBeyond() {
    ReceiveCredit credit = new ReceiveCredit(WINDOW, WINDOW);

    credit.onPart(10 << 20, WINDOW);

    assertThat(credit.isGrantDue()).isTrue();
    assertThat(credit.grant()).isEqualTo((10 << 20) + 161 * (FrameHeader.BYTES + FrameCrc.BYTES));
    credit.onReceived(WINDOW + FrameHeader.BYTES + FrameCrc.BYTES);
    credit.onPart((10 << 20) - WINDOW, WINDOW);
    assertThat(credit.isGrantDue()).isFalse();
  }

  @Test
  void freezesAConnectionWithoutTakingAnythingBack() {
    ConnectionCredit credit = new ConnectionCredit(WINDOW);
    credit.freeze(true);
    credit.onReceived(WINDOW);

    assertThat(CreditCode.limitOf(credit.climit(), 0)).isEqualTo(WINDOW);
    assertThat(credit.isGrantDue()).isFalse();
    credit.freeze(false);

    assertThat(credit.isGrantDue()).isTrue();
    assertThat(CreditCode.limitOf(credit.climit(), WINDOW)).isEqualTo(2 * WINDOW);
  }

  /// Whatever is lost, late or doubled among the updates, neither end breaks its invariant, and the
  /// last update always gets things going again.
  @Test
  void holdsBothInvariantsUnderEveryOrderOfUpdates() {
    RandomGenerator random = Seeds.random("CreditTest");
    for (int run = 0; run < 200; run++) {
      SendCredit send = new SendCredit(WINDOW);
      ReceiveCredit receive = new ReceiveCredit(WINDOW, WINDOW);
      ArrayDeque<Integer> way = new ArrayDeque<>();
      ArrayDeque<Long> updates = new ArrayDeque<>();
      long held = 0;
      for (int step = 0; step < 1000; step++) {
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            int bytes = 16 + random.nextInt(4096);
            if (bytes <= send.room()) {
              send.onSent(bytes);
              way.add(bytes);
            }
          }
          case 2 -> {
            if (!way.isEmpty()) {
              int bytes = way.remove();
              held += bytes;
              assertThat(receive.onReceived(bytes)).isTrue();
            }
          }
          case 3 -> {
            long bytes = held == 0 ? 0 : random.nextLong(held + 1);
            held -= bytes;
            receive.onConsumed(bytes);
            if (receive.isGrantDue()) {
              updates.add(receive.grant());
            }
          }
          default -> {
            if (!updates.isEmpty()) {
              long limit = random.nextBoolean() ? updates.remove() : updates.peekLast();
              send.raise(limit);
            }
          }
        }
      }
      while (!way.isEmpty()) {
        assertThat(receive.onReceived(way.remove())).isTrue();
      }
      receive.onConsumed(Long.MAX_VALUE / 2);
      send.raise(receive.grant());
      assertThat(send.room()).isEqualTo(WINDOW);
    }
  }

  /// Frames with checksums cost more than their bodies and headers: the last part must not lack
  /// what the ones before took.
  @ParameterizedTest
  @ValueSource(ints = {70_000, 1_048_500, 1_048_600, 2_999_097, 3_000_000, 3_000_021})
  void announcesEnoughForPartsWithChecksums(int total) {
    int around = FrameHeader.BYTES + FrameCrc.BYTES;
    ReceiveCredit credit = new ReceiveCredit(64 << 10, 64 << 10);
    int remaining = total;
    while (remaining > 0) {
      long room = credit.limit() - credit.received() - around;
      int part = (int) Math.min(Math.min(room, (64 << 10) - FrameCrc.BYTES), remaining);
      assertThat(part == remaining || part >= 1 << 10).as("a part of %s", part).isTrue();
      remaining -= part;
      assertThat(credit.onReceived(around + part)).isTrue();
      credit.onPart(remaining, 64 << 10);
      if (credit.isGrantDue()) {
        credit.grant();
      }
    }
  }
}
