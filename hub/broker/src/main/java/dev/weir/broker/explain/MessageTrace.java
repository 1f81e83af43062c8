package dev.weir.broker.explain;

import dev.weir.message.Message;
import dev.weir.message.Position;
import java.util.List;
import java.util.Optional;

/// What is known of a message.
///
/// @param position where it was looked for
/// @param fate what is there
/// @param message the message itself; none unless it is [Fate#STORED]
/// @param storedMicros when it was committed, microseconds since 1970; 0 when it is not there
/// @param expiryMicros when its time to live ends or ended, microseconds since 1970; 0 for never
/// @param retained whether it is its topic's retained message
/// @param subscriptions the open ones whose filters match, at most 1,000
/// @param isComplete whether those are all of them
/// @param queues that have or had it, or will
public record MessageTrace(
    Position position,
    Fate fate,
    Optional<Message> message,
    long storedMicros,
    long expiryMicros,
    Retained retained,
    List<SubscriptionTrace> subscriptions,
    boolean isComplete,
    List<QueueTrace> queues) {
  public MessageTrace {
    subscriptions = List.copyOf(subscriptions);
    queues = List.copyOf(queues);
  }

  /// What is at a position.
  public enum Fate {
    STORED,
    /// It lies behind the end: nothing was stored there yet.
    NOT_YET,
    /// Retention took it.
    REMOVED,
    /// It cannot be read any more.
    DAMAGED
  }

  /// Whether a message is kept as the last of its topic.
  public enum Retained {
    /// It did not ask to be.
    NOT_ASKED,
    /// It is.
    KEPT,
    /// A later one replaced or cleared it, or it expired.
    REPLACED,
    /// It cleared what was kept.
    CLEARING
  }
}
