package dev.weir.broker.explain;

import dev.weir.broker.DeadLetter;
import java.util.List;
import java.util.Optional;

/// What a queue made of a message.
///
/// @param queue its name
/// @param state how the message stands there
/// @param deliveries how often it was delivered there in vain
/// @param untilMicros the end of its lease or of its wait, microseconds since 1970; 0 without one
/// @param holder where its consumer is, `HOST:PORT`; empty when nobody holds it or it is not known
/// @param dead how it came into this queue, when it is a dead letter
/// @param events what happened to it, the oldest first: of all messages of all queues the newest
///   16,384 events since the core started are remembered
public record QueueTrace(
    String queue,
    State state,
    int deliveries,
    long untilMicros,
    String holder,
    Optional<DeadLetter> dead,
    List<QueueEvent> events) {
  public QueueTrace {
    events = List.copyOf(events);
  }

  /// How a message stands in a queue.
  public enum State {
    /// The queue has not come to it yet.
    NOT_SEEN,
    /// It waits for its turn, or for a consumer with room.
    WAITING,
    /// It waits for its time: its own delay, or a retry.
    DELAYED,
    /// It waits for the message in front of it of its key.
    BEHIND_ITS_KEY,
    /// A consumer has it.
    HELD,
    /// It has left the queue: its last event says how, where that is remembered. What was published
    /// before the queue began has never been in it.
    GONE
  }
}
