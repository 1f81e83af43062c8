package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.base.WeirException;
import dev.weir.broker.Presence;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceView;
import dev.weir.broker.PresenceWatch;
import dev.weir.broker.PresenceWatcher;

/// A watch that is cut once it is not allowed any more. Any thread.
final class GuardedPresenceWatch implements PresenceWatch, PresenceWatcher {
  private final OpenUse<PresenceWatch> use;
  private final PresenceWatcher watcher;

  private GuardedPresenceWatch(Session session, String topic, PresenceWatcher watcher) {
    this.watcher = watcher;
    this.use =
        new OpenUse<>(
            session,
            () -> session.require(Action.PRESENCE, topic),
            PresenceWatch::close,
            watcher::ended);
  }

  static PresenceWatch open(
      Presence presence, Session session, String topic, long since, PresenceWatcher watcher) {
    GuardedPresenceWatch guarded = new GuardedPresenceWatch(session, topic, watcher);
    guarded.use.open(() -> presence.watch(topic, since, guarded));
    session.auditAllowed(Action.PRESENCE, topic);
    return guarded;
  }

  @Override
  public String origin() {
    return watcher.origin();
  }

  @Override
  public void began(PresenceView view) {
    use.pass(() -> watcher.began(view));
  }

  @Override
  public void changed(PresenceChange change) {
    use.pass(() -> watcher.changed(change));
  }

  @Override
  public void ended(WeirException cause) {
    use.ended(() -> watcher.ended(cause));
  }

  /// The watcher is not told: it is who closes.
  @Override
  public void close() {
    use.close();
  }
}
