package dev.weir.broker;

import dev.weir.base.Bytes;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.util.Optional;

/// A message as a queue hands it out.
///
/// @param position where it stands in the stream
/// @param storedMicros when it was committed, microseconds since 1970
/// @param place names the message in its queue
/// @param lease names this delivery; 0 for a message that was only looked at
/// @param delivery which one it is, from 1; of a message that was only looked at, how many there
///   were
/// @param untilMicros when the lease ends, microseconds since 1970
/// @param dead how it came into a dead-letter queue
public record QueuedMessage(
    Message message,
    Position position,
    long storedMicros,
    long place,
    long lease,
    int delivery,
    long untilMicros,
    Optional<DeadLetter> dead) {
  private static final Message NOTHING = Message.of("nothing", Bytes.EMPTY);

  /// The same delivery without what was published: enough to settle it.
  public QueuedMessage withoutContent() {
    return new QueuedMessage(
        NOTHING, position, storedMicros, place, lease, delivery, untilMicros, Optional.empty());
  }
}
