package dev.weir.client;

import dev.weir.base.Bytes;
import dev.weir.message.Position;
import java.util.List;

/// Why a message was or was not delivered. States are words of small letters, such as
/// `waiting-for-credit`, that a later core may have more of.
///
/// @param position where it stands, or was looked for
/// @param fate `stored`, `not-yet`, `removed` or `damaged`; what follows is empty unless `stored`
/// @param bodyBytes length of its body
/// @param storedMicros when it was committed, microseconds since 1970
/// @param expiryMicros when its time to live ends or ended, microseconds since 1970; 0 for never
/// @param delayMillis how long queues hold it back
/// @param retained `kept`, `replaced` or `clearing`; empty for one that did not ask for it
/// @param subscriptions the open ones whose filters match
/// @param isComplete whether those are all of them
/// @param queues that have or had it, or will
public record MessageExplanation(
    Position position,
    String fate,
    String topic,
    Bytes key,
    Bytes id,
    long bodyBytes,
    long storedMicros,
    long expiryMicros,
    long delayMillis,
    String retained,
    List<SubscriptionExplanation> subscriptions,
    boolean isComplete,
    List<QueueExplanation> queues) {
  public MessageExplanation {
    subscriptions = List.copyOf(subscriptions);
    queues = List.copyOf(queues);
  }
}
