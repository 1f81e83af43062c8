package dev.weir.broker;

import java.util.concurrent.CompletionStage;

/// Who is there, by topic. Any thread may call any method; nothing blocks.
///
/// Everything that was told survives kill -9: members and the sequence are durable before anybody
/// hears of them. Connections do not survive: after a start the members are there, held by nobody,
/// and leave after their grace unless they are entered again.
public interface Presence {
  /// A connection that may enter members.
  ///
  /// @param user whose they are; empty for nobody's
  default PresenceHolder hold(String user) {
    return hold(user, "");
  }

  /// As above, of a client that is known.
  ///
  /// @param origin where it is, `HOST:PORT`, for who asks why; empty when that is not known
  PresenceHolder hold(String user, String origin);

  /// Who is there now.
  CompletionStage<PresenceView> members(String topic);

  /// Follows a topic: first a view, then each change, in order.
  ///
  /// @param since the sequence that the watcher has seen last; 0 for nothing
  /// @throws dev.weir.base.WeirException with OVERLOADED when there are as many as may be
  PresenceWatch watch(String topic, long since, PresenceWatcher watcher);
}
