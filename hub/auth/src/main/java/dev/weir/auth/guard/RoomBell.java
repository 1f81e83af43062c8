package dev.weir.auth.guard;

import dev.weir.broker.Broker;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Tells sessions that a broker has room again. A broker never forgets whom it tells; sessions come
/// and go, so it is told of one bell, and they of that. Any thread.
public final class RoomBell {
  private final Set<Runnable> callbacks = ConcurrentHashMap.newKeySet();

  public RoomBell(Broker broker) {
    broker.onRoom(() -> callbacks.forEach(Runnable::run));
  }

  void add(Runnable callback) {
    callbacks.add(callback);
  }

  void remove(Runnable callback) {
    callbacks.remove(callback);
  }

  int size() {
    return callbacks.size();
  }
}
