package dev.weir.client;

/// How a message came into a dead-letter queue.
///
/// @param queue that gave it up; empty when it was deleted since
/// @param reason why
/// @param deliveries how often it was delivered there
/// @param micros when, microseconds since 1970
public record DeadLetter(String queue, Reason reason, int deliveries, long micros) {
  /// Why a message is dead.
  public enum Reason {
    /// Its time to live ended.
    EXPIRED,
    /// The queue was at its maximum length.
    DROPPED,
    /// A consumer said that it can never be dealt with.
    REJECTED,
    /// It was delivered as often as the queue allows.
    EXHAUSTED,
    /// This version does not know it.
    OTHER
  }
}
