package dev.weir.broker.presence;

import dev.weir.base.Bytes;
import dev.weir.broker.PresenceHolder;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/// A connection of this process. What it holds is owned by the thread of [LocalPresence].
final class LocalHolder implements PresenceHolder {
  /// A member at its topic.
  record Place(String topic, String name) {}

  private final LocalPresence presence;
  private final String user;
  private final Set<Place> held = new LinkedHashSet<>();
  private boolean isOver;

  LocalHolder(LocalPresence presence, String user) {
    this.presence = presence;
    this.user = user;
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
