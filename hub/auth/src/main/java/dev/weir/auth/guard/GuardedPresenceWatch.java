package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.auth.Standing;
import dev.weir.base.WeirException;
import dev.weir.broker.Presence;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceView;
import dev.weir.broker.PresenceWatch;
import dev.weir.broker.PresenceWatcher;
import org.jspecify.annotations.Nullable;

/// A watch that is cut once it is not allowed any more. Any thread.
final class GuardedPresenceWatch implements PresenceWatch, PresenceWatcher, Standing {
  private final Session session;
  private final String topic;
  private final PresenceWatcher watcher;
  private final CallGate gate = new CallGate();
  private volatile @Nullable PresenceWatch inner;

  private GuardedPresenceWatch(Session session, String topic, PresenceWatcher watcher) {
    this.session = session;
    this.topic = topic;
    this.watcher = watcher;
  }

  static PresenceWatch open(
      Presence presence, Session session, String topic, long since, PresenceWatcher watcher) {
    session.require(Action.PRESENCE, topic);
    GuardedPresenceWatch guarded = new GuardedPresenceWatch(session, topic, watcher);
    session.open(guarded);
    boolean isOpen = false;
    try {
      PresenceWatch inner = presence.watch(topic, since, guarded);
      guarded.inner = inner;
      isOpen = true;
      if (guarded.gate.isShut()) {
        inner.close(); // Cut while it was being opened.
      }
    } finally {
      if (!isOpen) {
        session.closed(guarded);
      }
    }
    session.auditAllowed(Action.PRESENCE, topic);
    return guarded;
  }

  @Override
  public void recheck() {
    try {
      session.require(Action.PRESENCE, topic);
    } catch (WeirException e) {
      end(e);
    }
  }

  @Override
  public void end(WeirException cause) {
    if (gate.shut(() -> watcher.ended(cause))) {
      over();
    }
  }

  private void over() {
    session.closed(this);
    PresenceWatch open = inner;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void began(PresenceView view) {
    if (gate.enter()) {
      try {
        watcher.began(view);
      } finally {
        gate.leave();
      }
    }
  }

  @Override
  public void changed(PresenceChange change) {
    if (gate.enter()) {
      try {
        watcher.changed(change);
      } finally {
        gate.leave();
      }
    }
  }

  @Override
  public void ended(WeirException cause) {
    if (gate.shut(() -> watcher.ended(cause))) {
      session.closed(this);
    }
  }

  /// The watcher is not told: it is who closes.
  @Override
  public void close() {
    if (gate.shut(() -> {})) {
      over();
    }
  }
}
