package dev.weir.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a queue behaves. The server judges the ranges and answers with MALFORMED.
///
/// @param name 1 to 63 of a-z 0-9 . _ -
/// @param filters topics of which the queue takes what is published, beside what is published to it
/// @param deadLetter the queue that takes what is dead; none: it is gone
/// @param order in which it hands out
/// @param isSingleActive whether only the consumer that came first gets messages, until it leaves
/// @param lease how long a consumer may hold a message, 1 ms to 7 days
/// @param maxDeliveries after so many a message is dead; 0 for no limit
/// @param retryBase the longest first wait after a nack; it doubles each time
/// @param retryCap the longest wait
/// @param ttl what outlives it is dead; zero for as long as the message itself says
/// @param maxLength messages that it may hold; 0 for no limit
/// @param overflow what happens beyond that
public record QueueConfig(
    String name,
    List<String> filters,
    Optional<String> deadLetter,
    Order order,
    boolean isSingleActive,
    Duration lease,
    int maxDeliveries,
    Duration retryBase,
    Duration retryCap,
    Duration ttl,
    long maxLength,
    Overflow overflow) {
  /// In which order a queue hands out.
  public enum Order {
    /// Highest priority first, within it the oldest.
    PRIORITY,
    /// The oldest first, and of each key one at a time.
    KEY
  }

  /// What a full queue does with one message more.
  public enum Overflow {
    /// The publish to it is refused.
    REJECT,
    /// The oldest message that nobody holds is dead.
    DROP_OLDEST
  }

  public QueueConfig {
    filters = List.copyOf(filters);
  }

  /// A queue with the defaults: by priority, a lease of 30 s, ten deliveries, retries after 1 s to
  /// 1 min, no limit of length.
  public static QueueConfig of(String name) {
    return new QueueConfig(
        name,
        List.of(),
        Optional.empty(),
        Order.PRIORITY,
        false,
        Duration.ofSeconds(30),
        10,
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        Duration.ZERO,
        0,
        Overflow.REJECT);
  }

  /// A consumer group: what is published to the filters, of each key one message at a time and in
  /// order, shared by any number of consumers. Created by the first of them.
  public static QueueConfig group(String name, List<String> filters) {
    return of(name).withFilters(filters).withOrder(Order.KEY, false);
  }

  public QueueConfig withFilters(List<String> value) {
    return new QueueConfig(
        name,
        value,
        deadLetter,
        order,
        isSingleActive,
        lease,
        maxDeliveries,
        retryBase,
        retryCap,
        ttl,
        maxLength,
        overflow);
  }

  public QueueConfig withDeadLetter(String queue) {
    return new QueueConfig(
        name,
        filters,
        Optional.of(queue),
        order,
        isSingleActive,
        lease,
        maxDeliveries,
        retryBase,
        retryCap,
        ttl,
        maxLength,
        overflow);
  }

  /// @param singleActive see `isSingleActive`
  public QueueConfig withOrder(Order value, boolean singleActive) {
    return new QueueConfig(
        name,
        filters,
        deadLetter,
        value,
        singleActive,
        lease,
        maxDeliveries,
        retryBase,
        retryCap,
        ttl,
        maxLength,
        overflow);
  }

  /// @param newLease see `lease`
  /// @param deliveries see `maxDeliveries`
  /// @param base see `retryBase`
  /// @param cap see `retryCap`
  public QueueConfig withRetry(Duration newLease, int deliveries, Duration base, Duration cap) {
    return new QueueConfig(
        name,
        filters,
        deadLetter,
        order,
        isSingleActive,
        newLease,
        deliveries,
        base,
        cap,
        ttl,
        maxLength,
        overflow);
  }

  /// @param newTtl see `ttl`
  /// @param length see `maxLength`
  public QueueConfig withLimits(Duration newTtl, long length, Overflow beyond) {
    return new QueueConfig(
        name,
        filters,
        deadLetter,
        order,
        isSingleActive,
        lease,
        maxDeliveries,
        retryBase,
        retryCap,
        newTtl,
        length,
        beyond);
  }
}
