package dev.weir.client;

import dev.weir.message.Message;
import dev.weir.message.Position;
import java.util.Optional;

/// A message of a queue.
///
/// @param position where it stands in the stream
/// @param storedMicros when the core committed it, microseconds since 1970
/// @param deliveries how often it was delivered, this time included where it was
/// @param dead how it came into a dead-letter queue
public record QueuedMessage(
    Message message,
    Position position,
    long storedMicros,
    int deliveries,
    Optional<DeadLetter> dead) {
  /// The body as text.
  public String text() {
    return message.body().utf8();
  }
}
