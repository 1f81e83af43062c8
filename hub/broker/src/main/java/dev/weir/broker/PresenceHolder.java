package dev.weir.broker;

import dev.weir.base.Bytes;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// A connection that enters members. Any thread may call any method. What is done completes with
/// the topic's sequence once it is durable; it fails with a [dev.weir.base.WeirException]:
/// INVALID_TOPIC, MALFORMED, NOT_PERMITTED for a name that another user has, OVERLOADED.
public interface PresenceHolder extends AutoCloseable {
  /// Enters a member, or comes back to one: who was there within its grace never left. Several
  /// connections of one user may hold the same one.
  ///
  /// @param grace how long it stays once nobody holds it, up to 10 min
  CompletionStage<Long> enter(String topic, String member, Bytes data, Duration grace);

  /// Changes what a member that this connection entered says of itself.
  CompletionStage<Long> update(String topic, String member, Bytes data);

  /// Leaves; the member goes at once when no other connection holds it.
  CompletionStage<Long> leave(String topic, String member);

  /// The connection is gone: its members leave after their grace. Idempotent.
  @Override
  void close();
}
