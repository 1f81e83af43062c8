package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.base.WeirException;
import dev.weir.broker.Presence;
import dev.weir.broker.PresenceHolder;
import dev.weir.broker.PresenceView;
import dev.weir.broker.PresenceWatch;
import dev.weir.broker.PresenceWatcher;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Presence as one session may use it: `presence` on the topic, both to see and to be seen. Members
/// are the user's own, so that nobody takes another's name. Any thread.
final class AuthorizedPresence implements Presence {
  private final Presence presence;
  private final Session session;

  AuthorizedPresence(Presence presence, Session session) {
    this.presence = presence;
    this.session = session;
  }

  /// @param user is not asked: it is the session's
  @Override
  public PresenceHolder hold(String user, String origin) {
    return GuardedHolder.open(presence, session, origin);
  }

  @Override
  public CompletionStage<PresenceView> members(String topic) {
    try {
      session.require(Action.PRESENCE, topic);
    } catch (WeirException e) {
      return CompletableFuture.failedStage(e);
    }
    return presence.members(topic);
  }

  /// @throws WeirException with NOT_PERMITTED or QUOTA_EXCEEDED as well
  @Override
  public PresenceWatch watch(String topic, long since, PresenceWatcher watcher) {
    return GuardedPresenceWatch.open(presence, session, topic, since, watcher);
  }
}
