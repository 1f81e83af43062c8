package dev.weir.broker.queue;

import dev.weir.base.Checks;
import dev.weir.flow.Backoff;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// How a queue behaves.
///
/// @param ordering in which order it hands out
/// @param isSingleActive whether only the consumer that came first gets messages, until it leaves
/// @param lease how long a consumer may hold a message without extending, 1 ms to 7 days
/// @param maxDeliveries after so many a message is dead, 1 to 65,535; 0 for no limit
/// @param retryBase the longest first wait after a delivery that failed; it doubles each time, and
///   a message waits for a random part of at least half of it. Zero to hand out again at once
/// @param retryCap the longest wait, at least `retryBase`, at most 100 years
/// @param ttl what outlives it is dead; zero for as long as the message itself says
/// @param maxLength messages that it may hold, 1 or more; 0 for no limit
/// @param overflow what happens beyond that
public record QueueSettings(
    Ordering ordering,
    boolean isSingleActive,
    Duration lease,
    int maxDeliveries,
    Duration retryBase,
    Duration retryCap,
    Duration ttl,
    long maxLength,
    Overflow overflow) {
  /// Priorities 0 to 9.
  public static final int LEVELS = 10;

  /// What most consumers take for a message, with much to spare; AMQP brokers and cloud queues use
  /// 30 s to 30 min.
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);

  private static final Duration MAX_LEASE = Duration.ofDays(7);
  private static final Duration MAX_TIME = Duration.ofDays(36_525);

  public QueueSettings {
    between("lease", lease, Duration.ofMillis(1), MAX_LEASE);
    Checks.range("maxDeliveries", maxDeliveries, 0, 65_535);
    between("retryBase", retryBase, Duration.ZERO, MAX_TIME);
    between("retryCap", retryCap, retryBase, MAX_TIME);
    between("ttl", ttl, Duration.ZERO, MAX_TIME);
    Checks.range("maxLength", maxLength, 0, Long.MAX_VALUE);
  }

  private static void between(String name, Duration value, Duration min, Duration max) {
    Checks.argument(
        value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
        name + " is " + value + ", expected " + min + " to " + max);
  }

  /// Ten deliveries, the first retry within 1 s, the last within a minute, no limit of length.
  public static QueueSettings defaults() {
    return new QueueSettings(
        Ordering.PRIORITY,
        false,
        DEFAULT_LEASE,
        10,
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        Duration.ZERO,
        0,
        Overflow.REJECT);
  }

  /// How long a message waits after a delivery that failed, in microseconds: half of a ceiling that
  /// doubles each time, and a random part of the other half ("equal jitter"), so that a retry
  /// spreads and is never at once.
  ///
  /// @param deliveries that failed before this one
  long retryMicros(int deliveries, RandomGenerator random) {
    if (retryBase.isZero()) {
      return 0;
    }
    long baseMicros = TimeUnit.MILLISECONDS.toMicros(Math.max(1, retryBase.toMillis()));
    long capMicros = TimeUnit.MILLISECONDS.toMicros(Math.max(1, retryCap.toMillis()));
    long ceiling = new Backoff(baseMicros, capMicros).ceilingNanos(deliveries);
    return ceiling / 2 + random.nextLong(ceiling - ceiling / 2 + 1);
  }

  public QueueSettings withOrdering(Ordering value) {
    return new QueueSettings(
        value, isSingleActive, lease, maxDeliveries, retryBase, retryCap, ttl, maxLength, overflow);
  }

  public QueueSettings withSingleActive(boolean value) {
    return new QueueSettings(
        ordering, value, lease, maxDeliveries, retryBase, retryCap, ttl, maxLength, overflow);
  }

  public QueueSettings withLease(Duration value) {
    return new QueueSettings(
        ordering,
        isSingleActive,
        value,
        maxDeliveries,
        retryBase,
        retryCap,
        ttl,
        maxLength,
        overflow);
  }

  /// @param newMaxDeliveries see above
  /// @param newBase see `retryBase`
  /// @param newCap see `retryCap`
  public QueueSettings withRetry(int newMaxDeliveries, Duration newBase, Duration newCap) {
    return new QueueSettings(
        ordering,
        isSingleActive,
        lease,
        newMaxDeliveries,
        newBase,
        newCap,
        ttl,
        maxLength,
        overflow);
  }

  public QueueSettings withTtl(Duration value) {
    return new QueueSettings(
        ordering,
        isSingleActive,
        lease,
        maxDeliveries,
        retryBase,
        retryCap,
        value,
        maxLength,
        overflow);
  }

  /// @param newMaxLength see above
  /// @param newOverflow see above
  public QueueSettings withMaxLength(long newMaxLength, Overflow newOverflow) {
    return new QueueSettings(
        ordering,
        isSingleActive,
        lease,
        maxDeliveries,
        retryBase,
        retryCap,
        ttl,
        newMaxLength,
        newOverflow);
  }
}
