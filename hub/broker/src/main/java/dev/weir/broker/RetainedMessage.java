package dev.weir.broker;

import dev.weir.message.Message;
import dev.weir.message.Position;

/// The last message of a topic that asked to be kept.
///
/// @param position where it stands in the stream, or stood until retention took it from there
/// @param storedMicros when it was committed, microseconds since 1970
public record RetainedMessage(Position position, long storedMicros, Message message) {
  /// Whether its time to live has ended.
  public boolean isExpired(long nowMicros) {
    long ttlMillis = message.ttl().toMillis();
    return ttlMillis > 0 && (nowMicros - storedMicros) / 1_000 >= ttlMillis;
  }

  /// Whether it clears what is kept instead.
  public boolean isClearing() {
    return message.body().isEmpty();
  }
}
