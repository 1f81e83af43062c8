package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void grantsTheBurstAtOnceAndThenSaysHowLongToWait() {
    TokenBucket bucket = new TokenBucket(100, 1, 0);
    for (int i = 0; i < 100; i++) {
      assertThat(bucket.waitNanos(0)).isZero();
      bucket.take(1, 0);
    }

    long wait = bucket.waitNanos(0);

    assertThat(wait).isPositive().isLessThan(SECOND / 100);
    assertThat(bucket.waitNanos(wait)).isZero();
  }

  @Test
  void letsOneLargeGrantPassAndHasItPaidForAfterwards() {
    TokenBucket bucket = new TokenBucket(10, 1, 0);

    bucket.take(100, 0);

    assertThat(bucket.waitNanos(0)).isBetween(9 * SECOND, 9 * SECOND + 10);
    assertThat(bucket.waitNanos(8 * SECOND)).isPositive();
    assertThat(bucket.waitNanos(9 * SECOND + 10)).isZero();
  }

  @Test
  void neverWaitsWithoutALimit() {
    TokenBucket bucket = new TokenBucket(Quota.NO_LIMIT, 1, 0);
    for (int i = 0; i < 1_000; i++) {
      bucket.take(1L << 60, i);
      assertThat(bucket.waitNanos(i)).isZero();
    }
  }

  @Test
  void takesNoHarmFromAClockThatStands() {
    TokenBucket bucket = new TokenBucket(10, 1, 5 * SECOND);
    bucket.take(20, 5 * SECOND);

    assertThat(bucket.waitNanos(0)).isPositive(); // Earlier than its last reading.
    assertThat(bucket.waitNanos(Long.MAX_VALUE)).isZero();
  }

  @Test
  void holdsItsRateOverAnyHistory() {
    RandomGenerator random = Seeds.random("holdsItsRateOverAnyHistory");
    for (int round = 0; round < 200; round++) {
      long rate = 1L + random.nextInt(10_000);
      TokenBucket bucket = new TokenBucket(rate, 1, 0);
      long now = 0;
      long granted = 0;
      long largest = 0;
      for (int step = 0; step < 300; step++) {
        long wait = bucket.waitNanos(now);
        now += wait > 0 ? wait : random.nextLong(SECOND / 10);
        assertThat(wait == 0 || bucket.waitNanos(now) == 0).isTrue();
        if (bucket.waitNanos(now) == 0) {
          long amount = 1L + random.nextInt(2_000);
          bucket.take(amount, now);
          granted += amount;
          largest = Math.max(largest, amount);
        }
        double most = rate * (now / (double) SECOND + 1) + largest + 1;
        assertThat((double) granted).isLessThanOrEqualTo(most);
      }
    }
  }
}
