package dev.weir.broker.queue;

import dev.weir.base.Checks;

/// What a queue needs to know of a message that stands in the log.
///
/// @param position where: any number of 0 or more that no other message of the queue has; lower is
///   older
/// @param keyHash of its key; 0 for none. Keys with one hash are kept in order together
/// @param priority 0 to 9
/// @param dueMicros not before, microseconds since 1970
/// @param expiresMicros not from then on; `Long.MAX_VALUE` for never
public record Arrival(
    long position, long keyHash, int priority, long dueMicros, long expiresMicros) {
  public Arrival {
    Checks.range("position", position, 0, PositionSet.MAX_POSITION);
    Checks.range("priority", priority, 0, QueueSettings.LEVELS - 1);
  }
}
