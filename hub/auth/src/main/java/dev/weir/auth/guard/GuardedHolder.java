package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.auth.Standing;
import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.broker.Presence;
import dev.weir.broker.PresenceHolder;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/// A connection that enters members of its user. What it may not enter any more leaves at once;
/// when its session is over, all of it does. Any thread.
final class GuardedHolder implements PresenceHolder, Standing {
  private record Place(String topic, String member) {}

  private final Session session;
  private final PresenceHolder inner;
  private final Set<Place> held = ConcurrentHashMap.newKeySet();

  private GuardedHolder(Session session, PresenceHolder inner) {
    this.session = session;
    this.inner = inner;
  }

  static PresenceHolder open(Presence presence, Session session, String origin) {
    GuardedHolder guarded =
        new GuardedHolder(session, presence.hold(session.identity().user(), origin));
    session.watch(guarded);
    return guarded;
  }

  @Override
  public void recheck() {
    for (Place place : held) {
      if (!session.allows(Action.PRESENCE, place.topic())) {
        leaveNow(place);
      }
    }
  }

  /// The session is over: so is what it showed.
  @Override
  public void end(WeirException cause) {
    held.forEach(this::leaveNow);
    inner.close();
  }

  private void leaveNow(Place place) {
    held.remove(place);
    var _ = inner.leave(place.topic(), place.member());
  }

  @Override
  public CompletionStage<Long> enter(String topic, String member, Bytes data, Duration grace) {
    try {
      session.require(Action.PRESENCE, topic);
    } catch (WeirException e) {
      return CompletableFuture.failedStage(e);
    }
    held.add(new Place(topic, member));
    CompletionStage<Long> entered = inner.enter(topic, member, data, grace);
    if (!session.allows(Action.PRESENCE, topic)) {
      leaveNow(new Place(topic, member)); // Taken back while it was being entered.
    }
    return entered.whenComplete((_, fault) -> {
      if (fault != null) {
        held.remove(new Place(topic, member));
      }
    });
  }

  @Override
  public CompletionStage<Long> update(String topic, String member, Bytes data) {
    try {
      session.require(Action.PRESENCE, topic);
    } catch (WeirException e) {
      return CompletableFuture.failedStage(e);
    }
    return inner.update(topic, member, data);
  }

  @Override
  public CompletionStage<Long> leave(String topic, String member) {
    held.remove(new Place(topic, member));
    return inner.leave(topic, member);
  }

  /// The connection is gone: what it showed stays for its grace.
  @Override
  public void close() {
    held.clear();
    inner.close();
  }
}
