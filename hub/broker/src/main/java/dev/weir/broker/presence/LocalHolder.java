package dev.weir.broker.presence;

import dev.weir.base.Bytes;
import dev.weir.broker.PresenceHolder;
import dev.weir.broker.PresenceMember;
import dev.weir.broker.explain.MembershipTrace;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/// A connection of this process. What it holds is owned by the thread of [LocalPresence].
final class LocalHolder implements PresenceHolder {
  /// A member at its topic.
  record Place(String topic, String name) {
    /// @param holders how many hold it
    MembershipTrace trace(PresenceMember member, int holders) {
      return new MembershipTrace(
          topic, name, member.user(), member.sinceMicros(), member.grace(), holders);
    }
  }

  private final LocalPresence presence;
  private final String user;
  private final String origin;
  private final Set<Place> held = new LinkedHashSet<>();
  private boolean isOver;

  /// @param origin where its client is, `HOST:PORT`; empty when that is not known
  LocalHolder(LocalPresence presence, String user, String origin) {
    this.presence = presence;
    this.user = user;
    this.origin = origin;
  }

  String origin() {
    return origin;
  }

  String user() {
    return user;
  }

  Set<Place> held() {
    return held;
  }

  boolean isOver() {
    return isOver;
  }

  void over() {
    isOver = true;
  }

  @Override
  public CompletionStage<Long> enter(String topic, String member, Bytes data, Duration grace) {
    return presence.enter(this, topic, member, data, grace);
  }

  @Override
  public CompletionStage<Long> update(String topic, String member, Bytes data) {
    return presence.update(this, topic, member, data);
  }

  @Override
  public CompletionStage<Long> leave(String topic, String member) {
    return presence.leave(this, topic, member);
  }

  @Override
  public void close() {
    presence.gone(this);
  }
}
